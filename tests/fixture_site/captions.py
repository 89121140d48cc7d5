"""Captions as YouTube has them: what somebody made, what was heard, and translations of that."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Line: TypeAlias = tuple[float, float, str]  # start and end in seconds, words

_FORMATS = ("json3", "srv1", "ttml", "srt", "vtt")  # all but json3 and vtt are only announced
_TRANSLATED_TO = ("en", "de", "ja", "ko", "ar")


@dataclass
class Captions:
    """Captions of one video, by language code."""

    made: dict[str, Sequence[Line]] = field(default_factory=dict)
    heard: dict[str, Sequence[Line]] = field(default_factory=dict)  # one language at most
    refused: bool = False  # with 429
    raw: bytes | None = None  # what is served in place of the true file


def tracks(base: str, video_id: str, captions: Captions | None) -> dict[str, Any]:
    """`subtitles` and `automatic_captions` as yt-dlp makes them of a player response."""
    if captions is None:
        return {}
    address = f"{base}/api/timedtext?v={video_id}"
    automatic = {}
    for language in captions.heard:
        own = f"{address}&lang={language}&kind=asr"
        automatic = {
            code: list(_forms(own if code == language else f"{own}&tlang={code}"))
            for code in _TRANSLATED_TO
        }
        automatic |= {language: list(_forms(own)), f"{language}-orig": list(_forms(own))}
    return {
        "subtitles": {
            "live_chat": [{"url": f"{base}/live_chat", "ext": "json"}],
            **{code: list(_forms(f"{address}&lang={code}")) for code in captions.made},
        },
        "automatic_captions": automatic,
    }


def answer(captions: Captions | None, query: dict[str, str]) -> tuple[int, bytes]:
    """HTTP status and body of a request for captions; translations are refused, as by YouTube."""
    if captions is None:
        return 404, b"Not Found"
    if captions.refused or "tlang" in query:
        return 429, b"Too Many Requests"
    if captions.raw is not None:
        return 200, captions.raw
    is_heard = query.get("kind") == "asr"
    lines = (captions.heard if is_heard else captions.made)[query["lang"]]
    if query["fmt"] == "json3":
        return 200, json.dumps(json3(lines, rolls=is_heard)).encode()
    return 200, webvtt(lines).encode()


def json3(lines: Sequence[Line], *, rolls: bool) -> dict[str, Any]:
    """YouTube's own format; of what was heard, each word with its time, and line breaks apart."""
    events: list[dict[str, Any]] = [{"tStartMs": 0, "dDurationMs": 10**6, "id": 1, "wpWinPosId": 1}]
    for start, end, text in lines:
        at, lasts = round(start * 1000), round((end - start) * 1000)
        if not rolls:
            events.append({"tStartMs": at, "dDurationMs": lasts, "segs": [{"utf8": text}]})
            continue
        words = text.split(" ")
        segments = [
            {"utf8": f"{' ' if i else ''}{word}", "tOffsetMs": lasts * i // len(words)}
            for i, word in enumerate(words)
        ]
        # A line stays in view while the next is spoken.
        events.append({"tStartMs": at, "dDurationMs": 2 * lasts, "wWinId": 1, "segs": segments})
        events.append(
            {"tStartMs": at + lasts, "dDurationMs": lasts, "wWinId": 1, "aAppend": 1}
            | {"segs": [{"utf8": "\n"}]}
        )
    return {"wireMagic": "pb3", "pens": [{}], "events": events}


def webvtt(lines: Sequence[Line]) -> str:
    """WebVTT with a cue for each line."""
    cues = (f"{_clock(start)} --> {_clock(end)}\n{text}\n" for start, end, text in lines)
    return "\n".join(["WEBVTT\nKind: captions\nLanguage: en\n", *cues])


def _forms(address: str) -> Iterable[dict[str, str]]:
    for name in _FORMATS:
        yield {"ext": name, "url": f"{address}&fmt={name}"}


def _clock(seconds: float) -> str:
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{milliseconds / 1000:06.3f}"
