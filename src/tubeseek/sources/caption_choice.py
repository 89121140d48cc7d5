"""Chooses the captions of a video: those in the language that is spoken in it. Pure."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tubeseek.core.types import Video
from tubeseek.sources.youtube.records import Info

# Those with the time of each word first; json3 has no repeats either.
FORMATS = ("json3", "srv3", "ytt", "vtt", "srt", "ttml", "srv2", "srv1")
ORIGINAL = "-orig"  # how yt-dlp marks YouTube's speech recognition among the translations of it
SUBTITLES = "subtitles"  # the local sources' key in `Video.extra`, alone or as "subtitles.ko"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-.*)?")  # "live_chat", "danmaku", "rechat" are none
_TRANSLATED = re.compile(r"[?&]tlang=")
# The language that a script is the sign of, kana before the Han that Japanese has as well.
_SCRIPTS = (
    (re.compile("[\uac00-\ud7a3\u3131-\u318e]"), "ko"),
    (re.compile("[\u3041-\u30ff]"), "ja"),
    (re.compile("[\u4e00-\u9fff]"), "zh"),
    (re.compile("[\u0400-\u04ff]"), "ru"),
    (re.compile("[\u0600-\u06ff]"), "ar"),
    (re.compile("[\u0e00-\u0e7f]"), "th"),
    (re.compile("[\u0900-\u097f]"), "hi"),
    (re.compile("[\u0590-\u05ff]"), "he"),
    (re.compile("[\u0370-\u03ff]"), "el"),
)


def online_track(info: Info, language: str) -> Mapping[str, Any] | None:
    """Return yt-dlp's description of the captions to fetch, or None.

    They are those written by people in the language of the video, else its automatic ones. They are
    never translations, neither by machines (YouTube answers those with 429) nor, if the language is
    known, by people.

    Args:
        info: The info dictionary of the video.
        language: The language that is spoken, or "" to infer it: from the captions if they are
            unambiguous, else from the script of the title.
    """
    written, automatic = _tracks(info, "subtitles"), _tracks(info, "automatic_captions")
    original = [code for code in automatic if code.endswith(ORIGINAL)]
    if not language and original:
        language = original[0].removesuffix(ORIGINAL)
    if not language and len(written) == 1:
        written_codes = list(written)
    else:
        language = language or _language_of_script(str(info.get("title") or ""))
        written_codes = _of_language(written, language)
    automatic_codes = original or _of_language(automatic, language)
    tracks = [written[code] for code in written_codes]
    tracks += [automatic[code] for code in automatic_codes]
    return next((best for formats in tracks if (best := _best_format(formats))), None)


def local_files(video: Video) -> list[Path]:
    """Return the caption files beside a video, the best first.

    The video's own language comes before others, and captions written by people come before
    automatic ones. A file without a language in its name counts as the video's own language.
    """
    named = [key.partition(".") for key in video.extra]
    codes = [code for name, _, code in named if name == SUBTITLES]
    recognised = (code.removesuffix(ORIGINAL) for code in codes if code.endswith(ORIGINAL))
    spoken = video.language or next(recognised, "")

    def rank(code: str) -> tuple[bool, bool, bool]:
        language = code.removesuffix(ORIGINAL)
        is_foreign = bool(code) and not same_language(language, spoken)
        return is_foreign, code.endswith(ORIGINAL), language != spoken

    keys = (f"{SUBTITLES}.{code}".rstrip(".") for code in sorted(codes, key=rank))
    return [Path(video.extra[key]) for key in keys]


def same_language(code: str, other: str) -> bool:
    """Return whether two codes name the same language, whatever the country or script.

    >>> same_language("en-GB", "en"), same_language("ko", "en")
    (True, False)
    """
    return bool(code) and _base(code) == _base(other)


def _language_of_script(title: str) -> str:
    """Return the language that the script of a title speaks for; English if it is Latin.

    >>> _language_of_script("김치찌개 | Kimchi stew"), _language_of_script("犬のさんぽ")
    ('ko', 'ja')
    """
    return next((code for script, code in _SCRIPTS if script.search(title)), "en")


def _base(code: str) -> str:
    return code.replace("_", "-").partition("-")[0].lower()


def _tracks(info: Info, name: str) -> dict[str, Sequence[Mapping[str, Any]]]:
    listed = info.get(name) or {}
    return {code: formats or () for code, formats in listed.items() if _LANGUAGE.fullmatch(code)}


def _of_language(tracks: Mapping[str, object], language: str) -> list[str]:
    """Return the codes of a language, an exact match before those of other countries."""
    codes = [code for code in tracks if same_language(code, language)]
    return sorted(codes, key=lambda code: code != language)


def _best_format(formats: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the best format of a track that one request can read, or None."""
    usable = {
        form.get("ext"): form
        for form in formats
        if form.get("data") or (form.get("url") and _is_one_file(form))
    }
    return next((usable[name] for name in FORMATS if name in usable), None)


def _is_one_file(form: Mapping[str, Any]) -> bool:
    pieces = str(form.get("protocol") or "").startswith("m3u8")
    return not pieces and not _TRANSLATED.search(str(form["url"]))
