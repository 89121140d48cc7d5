"""Which captions of a video to read: what was said, in the language it was said in. Pure."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tubeseek.core.types import Video
from tubeseek.sources.youtube.records import Info

FORMATS = ("json3", "vtt", "srt")  # json3 first: it has the time of each word and no repeats
ORIGINAL = "-orig"  # how yt-dlp marks what YouTube heard, among its translations of that
_SUBTITLES = "subtitles"  # the local sources' key in `Video.extra`, alone or as "subtitles.ko"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-.*)?")  # "live_chat", "danmaku", "rechat" are none
_TRANSLATED = re.compile(r"[?&]tlang=")


def online_track(info: Info, language: str) -> Mapping[str, Any] | None:
    """The captions to fetch, as yt-dlp describes them, or None.

    Made ones in the language of the video, else automatic ones of it; never translations, neither
    by machines (YouTube answers those with 429) nor, where the language is known, by people.

    Args:
        info: What yt-dlp knows of the video.
        language: What is spoken in it, or "": then captions count that leave no doubt about it.
    """
    made, heard = _tracks(info, "subtitles"), _tracks(info, "automatic_captions")
    original = [code for code in heard if code.endswith(ORIGINAL)]
    if not language and original:
        language = original[0].removesuffix(ORIGINAL)
    mine = _of_language(made, language) if language else list(made) if len(made) == 1 else []
    automatic = original or (_of_language(heard, language) if language else [])
    ways = [made[code] for code in mine] + [heard[code] for code in automatic]
    return next((best for formats in ways if (best := _best_format(formats))), None)


def local_files(video: Video) -> list[Path]:
    """The caption files beside a video, the best first.

    The video's own language comes before others, captions that somebody made before those that
    YouTube heard; a file that names no language is taken to be in the video's own.
    """
    named = [key.partition(".") for key in video.extra]
    codes = [code for name, _, code in named if name == _SUBTITLES]
    heard = (code.removesuffix(ORIGINAL) for code in codes if code.endswith(ORIGINAL))
    spoken = video.language or next(heard, "")

    def rank(code: str) -> tuple[bool, bool, bool]:
        language = code.removesuffix(ORIGINAL)
        is_foreign = bool(code) and not same_language(language, spoken)
        return is_foreign, code.endswith(ORIGINAL), language != spoken

    keys = (f"{_SUBTITLES}.{code}".rstrip(".") for code in sorted(codes, key=rank))
    return [Path(video.extra[key]) for key in keys]


def same_language(one: str, other: str) -> bool:
    """Whether two codes name one language, whatever the country or script.

    >>> same_language("en-GB", "en"), same_language("ko", "en")
    (True, False)
    """
    return bool(one) and _base(one) == _base(other)


def _base(code: str) -> str:
    return code.replace("_", "-").partition("-")[0].lower()


def _tracks(info: Info, name: str) -> dict[str, Sequence[Mapping[str, Any]]]:
    listed = info.get(name) or {}
    return {code: formats or () for code, formats in listed.items() if _LANGUAGE.fullmatch(code)}


def _of_language(tracks: Mapping[str, object], language: str) -> list[str]:
    """The codes of a language, the very one before those of other countries."""
    mine = [code for code in tracks if same_language(code, language)]
    return sorted(mine, key=lambda code: code != language)


def _best_format(formats: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The form of a track that can be read with one request, best first; None without any."""
    usable = {
        one.get("ext"): one
        for one in formats
        if one.get("data") or (one.get("url") and _is_one_file(one))
    }
    return next((usable[name] for name in FORMATS if name in usable), None)


def _is_one_file(form: Mapping[str, Any]) -> bool:
    pieces = str(form.get("protocol") or "").startswith("m3u8")
    return not pieces and not _TRANSLATED.search(str(form["url"]))
