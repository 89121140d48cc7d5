"""Reads captions in XML: YouTube's srv1, srv2 and srv3 (.ytt), and TTML."""

import re
from collections.abc import Iterator
from html import unescape
from math import isfinite
from xml.etree import ElementTree as ET

from tubeseek.core.errors import MediaError
from tubeseek.media.rolling_captions import TimedText

MAX_SECONDS = 1_000_000.0  # eleven days; a later time is damage
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")  # its encoding was that of the bytes
# TTML 2 (W3C), section 12.3.1: h:mm:ss, with a fraction or a number of frames.
_CLOCK = re.compile(r"(\d+):([0-5]?\d):([0-5]?\d)(?:([.,]\d+)|:(\d+))?")
_OFFSET = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|f|t)")
_UNIT_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def parse_xml(text: str, name: str) -> tuple[list[TimedText], bool]:
    """Return the cues of a file, and whether its lines roll. A damaged cue is left out.

    Args:
        text: The content of the file, which begins with "<".
        name: The name of the file in an error.

    Raises:
        MediaError: The file is broken, declares entities, or is not captions.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:  # they can grow without bounds
        raise MediaError(f"{name}: XML with a document type is not read; remove the file")
    try:
        root = ET.fromstring(_DECLARATION.sub("", text, count=1).lstrip())  # noqa: S314  see above
    except ET.ParseError as error:
        raise MediaError(f"{name}: broken XML ({error}); fetch it again or remove it") from error
    tag = _local(root.tag)
    elements = list(root.iter())
    if tag == "transcript":
        cues = _timed(elements, "text", "start", "dur", 1.0)
    elif tag == "timedtext" and any(each.tag == "p" for each in elements):
        rolls = any(each.tag == "p" and "a" in each.attrib for each in elements)
        return list(_timed(elements, "p", "t", "d", 0.001)), rolls
    elif tag == "timedtext":
        cues = _timed(elements, "text", "t", "d", 0.001)
    elif tag == "tt":
        cues = _ttml(root, elements)
    else:
        raise MediaError(
            f"{name}: XML, but neither YouTube's srv1, srv2 or srv3 nor TTML; convert it "
            "(yt-dlp --convert-subs srt, or ffmpeg) or remove it"
        )
    return list(cues), False


def _timed(
    elements: list[ET.Element], tag: str, start: str, length: str, unit_seconds: float
) -> Iterator[TimedText]:
    """Yield the cues of YouTube's formats; the words of srv3 have times of their own."""
    for element in elements:
        begin = _number(element.get(start, ""))
        if element.tag != tag or begin is None:
            continue
        seconds = begin * unit_seconds
        end = seconds + (_number(element.get(length, "")) or 0.0) * unit_seconds
        pieces = [(seconds, unescape(element.text or ""))]
        for word in element:
            offset = _number(word.get("t", "")) or 0.0
            text = "\n" if word.tag == "br" else "".join(word.itertext())
            pieces.append((seconds + offset * unit_seconds, unescape(text + (word.tail or ""))))
        if end <= MAX_SECONDS:
            yield TimedText(seconds, end, pieces)


def _ttml(root: ET.Element, elements: list[ET.Element]) -> Iterator[TimedText]:
    settings = {_local(key): value for key, value in root.attrib.items()}
    frames = _number(settings.get("frameRate", "")) or 30.0
    ticks = _number(settings.get("tickRate", "")) or frames
    for element in elements:
        if _local(element.tag) != "p":
            continue
        begin = _clock(element.get("begin", ""), frames, ticks)
        length = _clock(element.get("dur", ""), frames, ticks)
        end = _clock(element.get("end", ""), frames, ticks)
        if begin is None:
            continue
        if end is None:
            end = begin + (length or 0.0)
        if end <= MAX_SECONDS:
            yield TimedText(begin, max(begin, end), [(begin, _lines(element))])


def _lines(element: ET.Element) -> str:
    """Return the text of a paragraph, whose line breaks are elements."""
    parts = [element.text or ""]
    for child in element:
        parts += ["\n" if _local(child.tag) == "br" else _lines(child), child.tail or ""]
    return "".join(parts)


def _clock(text: str, frames: float, ticks: float) -> float | None:
    """Return a time of TTML in seconds, or None.

    >>> _clock("00:01:02.500", 30, 30), _clock("00:00:01:15", 30, 30), _clock("90s", 30, 30)
    (62.5, 1.5, 90.0)
    """
    if match := _CLOCK.fullmatch(text.strip()):
        hours, minutes, seconds = (int(part) for part in match.groups()[:3])
        fraction = float((match[4] or ".0").replace(",", ".")) + int(match[5] or 0) / frames
        return hours * 3600 + minutes * 60 + seconds + fraction
    if match := _OFFSET.fullmatch(text.strip()):
        units = _UNIT_SECONDS | {"f": 1 / frames, "t": 1 / ticks}
        return float(match[1]) * units[match[2]]
    return None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and value >= 0 else None


def _local(tag: str) -> str:
    """Return a name without its namespace."""
    return tag.rpartition("}")[2]
