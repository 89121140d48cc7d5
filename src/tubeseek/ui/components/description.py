"""Finds the links and the times in the description of a video."""

import re
from urllib.parse import urlsplit

from tubeseek.core.passages import plain
from tubeseek.ui.components.quotes import Part, marked_parts
from tubeseek.ui.formats import seconds_of

_LINK_OR_TIME = re.compile(
    r"(?P<link>\bhttps?://[^\s<>\"'`]+)"
    r"|(?<![\w:.])(?P<time>(?:\d{1,3}:[0-5]?\d|\d{1,3}):[0-5]\d)(?![\w:])",
    re.IGNORECASE | re.ASCII,
)
_TRAILING = ".,;:!?"  # ends the sentence around a link, not the link


def description_parts(text: str, query: str, length_seconds: float | None) -> list[Part]:
    """Return a description in parts: text, words of the query, links, and times to play from.

    Only http and https addresses are links, and only times within the video lead there.

    Args:
        text: As the uploader wrote it.
        query: Its words are marked; they may be none.
        length_seconds: How long the video is, None where that is not known.

    >>> description_parts("Intro 0:30, 99:00\\nsee (http://a.example/b).", "intro", 60)
    ... # doctest: +NORMALIZE_WHITESPACE
    [{'text': 'Intro', 'isMarked': True}, {'text': ' '}, {'text': '0:30', 'seek': 30},
     {'text': ', 99:00\\nsee ('}, {'text': 'http://a.example/b', 'href': 'http://a.example/b'},
     {'text': ').'}]
    >>> description_parts("javascript:alert(1) <b>http://</b>", "", None)
    [{'text': 'javascript:alert(1) <b>http://</b>'}]
    """
    lines = "\n".join(plain(line) for line in text.strip().splitlines())
    parts: list[Part] = []
    at = 0
    for match in _LINK_OR_TIME.finditer(lines):
        if match["link"]:
            shown = _address(match["link"])
            part: Part = {"text": shown, "href": shown}
            if not shown:
                continue
        else:
            shown = match["time"]
            part = {"text": shown, "seek": seconds_of(shown)}
            if length_seconds is not None and part["seek"] >= length_seconds:
                continue
        parts += marked_parts(lines[at : match.start()], query)
        parts.append(part)
        at = match.start() + len(shown)
    return parts + marked_parts(lines[at:], query)


def _address(text: str) -> str:
    """Return the address at the beginning of `text`; "" if there is none."""
    shown = text.rstrip(_TRAILING)
    while shown.endswith(")") and shown.count(")") > shown.count("("):
        shown = shown[:-1].rstrip(_TRAILING)
    try:
        return shown if urlsplit(shown).hostname else ""
    except ValueError:  # a broken IPv6 address
        return ""
