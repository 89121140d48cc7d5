"""Reads caption files from any origin, often broken: WebVTT, SRT, YouTube's formats and TTML."""

import codecs
import json
import re
from collections.abc import Iterator, Sequence
from html import unescape
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import Any

from tubeseek.core.errors import MediaError
from tubeseek.core.passages import Cue
from tubeseek.media.rolling_captions import TimedText, merge
from tubeseek.media.xml_captions import MAX_SECONDS, parse_xml

MAX_CAPTION_BYTES = 20_000_000  # ten times those of a day-long stream
_FETCH_AGAIN = "fetch it again or remove it"

_TIME = r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]?\d)(?:[.,](\d{1,3}))?"
_CLOCK = re.compile(_TIME)
# WebVTT (W3C), section 4.1: the end may be followed by settings. SRT: a comma, not a full stop.
_TIMING = re.compile(rf"\s*({_TIME})\s*-->\s*({_TIME})(?:\s.*)?")
_TAG = re.compile(
    r"<((?=[A-Za-z/\d])[^<>\n]{1,200})>|\{\\[^{}\n]{0,200}\}"
)  # <c.red>, <v Ann>, <00:01.5>, {\an8}
_UTF16_BY_NUL = {(False, True): "utf-16-le", (True, False): "utf-16-be"}  # of an ASCII character


def read_captions(path: Path) -> list[Cue]:
    """Return the cues of a caption file, as `parse_captions` does.

    Raises:
        MediaError: The file is missing, empty, too large, broken, or not a caption file.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_CAPTION_BYTES + 1)
    except OSError as error:
        raise MediaError(
            f"{path}: cannot be read ({error.strerror or error}); check its path and permissions"
        ) from error
    return parse_captions(data, str(path))


def parse_captions(data: bytes, name: str) -> list[Cue]:
    """Return the cues in `data`, in order of time; the format is recognised by its content.

    Markup is left out, and so are sounds such as [Music] and the dashes of speakers. Each word of
    rolling captions appears once, with its own time. A damaged cue is left out.

    Args:
        data: A file of WebVTT, SRT, json3, srv1 to srv3 or TTML.
        name: The name of the file in an error.

    Raises:
        MediaError: The file is empty, too large, broken, or not a caption file.
    """
    if len(data) > MAX_CAPTION_BYTES:
        raise MediaError(
            f"{name}: captions are limited to {MAX_CAPTION_BYTES / 1e6:.0f} MB; remove the file"
        )
    text = _decode(data, name)
    if not text.strip():
        raise MediaError(f"{name}: the file is empty; {_FETCH_AGAIN}")
    if text.lstrip().startswith("{"):
        return merge(_json3(text, name))
    if text.lstrip().startswith("<"):
        timed, rolls = parse_xml(text, name)
        return merge(_rolled(timed) if rolls else timed)
    is_webvtt = text.startswith("WEBVTT")
    if not is_webvtt and "-->" not in text:
        raise MediaError(
            f"{name}: neither WebVTT, SRT, json3, srv3 nor TTML; convert it "
            "(yt-dlp --convert-subs srt, or ffmpeg) or remove it"
        )
    timed = list(_timed_blocks(text, ends_at_blank=is_webvtt))
    if not timed and "-->" in text:
        raise MediaError(f"{name}: none of its times can be read; {_FETCH_AGAIN}")
    return merge(timed)


def _decode(data: bytes, name: str) -> str:
    """Decode a file and normalise its newlines.

    Korean archives have captions in CP949 (a superset of EUC-KR) and in UTF-16.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif len(data) > 1 and (guess := _UTF16_BY_NUL.get((data[0] == 0, data[1] == 0))):
        encodings = [guess]
    elif data.startswith((b"{", codecs.BOM_UTF8)):
        encodings = ["utf-8-sig"]
    else:
        encodings = ["utf-8", "cp949"]
    failure: UnicodeDecodeError | None = None
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            failure = failure or error
        else:
            return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    raise MediaError(
        f"{name}: not text in {' or '.join(encodings)}; save it as UTF-8 or remove it"
    ) from failure


def _timed_blocks(text: str, *, ends_at_blank: bool) -> Iterator[TimedText]:
    """Yield the cues of a WebVTT or SRT file.

    Args:
        text: The content of the file.
        ends_at_blank: Whether an empty line ends a cue, as in WebVTT. SRT files have them inside
            cues, and the number of the next cue, if any, is on the line above its times.
    """
    times: tuple[float, float] | None = None
    lines: list[str] = []
    for line in text.split("\n"):
        if "-->" not in line:
            if ends_at_blank and not line:
                yield from _timed(times, lines)
                times, lines = None, []
            elif times is not None:
                lines.append(line)
            continue
        if not ends_at_blank and lines and lines[-1].strip().isdecimal():
            lines.pop()
        yield from _timed(times, lines)
        times, lines = _times(line), []
    yield from _timed(times, lines)


def _times(line: str) -> tuple[float, float] | None:
    match = _TIMING.fullmatch(line)
    if not match:
        return None
    start, end = _seconds(match[1]), _seconds(match[6])
    return (start, max(start, end)) if start <= MAX_SECONDS and end <= MAX_SECONDS else None


def _seconds(clock: str) -> float:
    """Convert a time that `_CLOCK` matches to seconds.

    >>> _seconds("01:02.5"), _seconds("1:00:00,025")
    (62.5, 3600.025)
    """
    match = _CLOCK.fullmatch(clock)
    if not match:
        raise ValueError(f"not a time: {clock!r}")
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[:3])
    milliseconds = int((match[4] or "0").ljust(3, "0"))
    return ((hours * 60 + minutes) * 60_000 + seconds * 1000 + milliseconds) / 1000


def _timed(times: tuple[float, float] | None, lines: Sequence[str]) -> Iterator[TimedText]:
    """Yield a cue, split where a tag gives the time of the next word; nothing without times."""
    if times is None:
        return
    start, end = times
    text = "\n".join(lines)
    pieces: list[tuple[float, str]] = []
    now, done = start, 0
    for tag in _TAG.finditer(text):
        pieces.append((now, unescape(text[done : tag.start()])))
        done = tag.end()
        if tag[1] and _CLOCK.fullmatch(tag[1]):
            now = min(max(_seconds(tag[1]), now), max(end, now))
    pieces.append((now, unescape(text[done:])))
    yield TimedText(start, end, pieces)


def _json3(text: str, name: str) -> list[TimedText]:
    """Parse YouTube's json3, whose times are milliseconds; those of words are offsets."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MediaError(f"{name}: broken JSON ({error}); {_FETCH_AGAIN}") from error
    events = content.get("events", [] if "wireMagic" in content else None)
    if not isinstance(events, list):
        raise MediaError(f"{name}: JSON, but not YouTube's caption format json3; remove it")
    timed = [cue for event in events if (cue := _event(event)) is not None]
    if not timed and any(isinstance(event, dict) and "segs" in event for event in events):
        raise MediaError(f"{name}: none of its events can be read; {_FETCH_AGAIN}")
    rolls = any(isinstance(event, dict) and "aAppend" in event for event in events)
    return _rolled(timed) if rolls else timed


def _rolled(timed: Sequence[TimedText]) -> list[TimedText]:
    """End each line of rolling captions where the next begins, during which it stays in view."""
    spoken = [line for line in timed if any(text.strip() for _, text in line.pieces)]
    for i, (line, following) in enumerate(pairwise(spoken)):
        end = max(line.start, min(line.end, following.start))
        spoken[i] = TimedText(line.start, end, line.pieces)
    return spoken


def _event(event: Any) -> TimedText | None:
    """Parse an event; return None if it is damaged or has no words, such as a window's position."""
    if not isinstance(event, dict) or not isinstance(event.get("segs"), list):
        return None
    start = _number(event.get("tStartMs"))
    if start is None:
        return None
    end = start + (_number(event.get("dDurationMs")) or 0.0)
    pieces = []
    for piece in event["segs"]:
        if isinstance(piece, dict) and isinstance(piece.get("utf8"), str):
            offset = _number(piece.get("tOffsetMs")) or 0.0
            pieces.append(((start + offset) / 1000, piece["utf8"]))
    return TimedText(start / 1000, end / 1000, pieces)


def _number(milliseconds: object) -> float | None:
    """Return a valid time as a float, or None."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, (int, float)):
        return None
    if not (0 <= milliseconds <= MAX_SECONDS * 1000 and isfinite(milliseconds)):
        return None
    return float(milliseconds)
