"""Writes captions as WebVTT, the format that browsers read. Pure."""

from collections.abc import Iterable
from html import escape

from tubeseek.core.passages import Cue, plain

MEDIA_TYPE = "text/vtt"


def webvtt(cues: Iterable[Cue]) -> str:
    """Return a WebVTT file (W3C, section 4) that shows exactly the words of the cues.

    A cue without words is left out; one without a length lasts a millisecond, as the format
    wants an end after the start.

    >>> print(webvtt([Cue(3723.5, 3725, "<b>stir</b> -->\\n\\nslowly")]))
    WEBVTT
    <BLANKLINE>
    01:02:03.500 --> 01:02:05.000
    &lt;b&gt;stir&lt;/b&gt; --&gt; slowly
    <BLANKLINE>
    """
    parts = ["WEBVTT\n"]
    for cue in cues:
        if text := plain(cue.text):
            start = round(cue.start * 1000)
            end = max(round(cue.end * 1000), start + 1)
            parts.append(f"{_clock(start)} --> {_clock(end)}\n{escape(text, quote=False)}\n")
    return "\n".join(parts)


def _clock(milliseconds: int) -> str:
    seconds, milliseconds = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}"
