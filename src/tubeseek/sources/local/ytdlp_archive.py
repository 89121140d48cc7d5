"""Reads what yt-dlp, youtube-dl and TubeArchivist wrote about a video: info.json and file names."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tubeseek.core.errors import SourceError
from tubeseek.core.text_files import storable
from tubeseek.core.types import Video
from tubeseek.sources.local.amounts import parse_count, parse_date, parse_duration
from tubeseek.sources.local.files import is_youtube_id
from tubeseek.sources.youtube.records import full_video

MAX_INFO_BYTES = 64 << 20  # with --write-comments some have tens of megabytes
_LISTS = ("playlist", "multi_video", "compat_list")
_LIST_SITES = ("youtube:tab", "youtube:playlist", "youtube:channel", "youtube:user")
_ID = "[A-Za-z0-9_-]{11}"
_BRACKETS = re.compile(rf"\s*\[(?P<id>{_ID})\](?:\.f[0-9]+)?$")  # of yt-dlp
_HYPHEN = re.compile(rf"[-_ ]*-(?P<id>{_ID})$")  # of youtube-dl
_DATED = re.compile(rf"(?P<day>[0-9]{{8}})_(?P<id>{_ID})_(?P<title>.+)")  # of TubeArchivist


@dataclass(frozen=True, slots=True)
class NameFacts:
    """What the name of a file says about its video."""

    title: str  # empty if the name is nothing but the id
    youtube_id: str = ""
    published: date | None = None


def facts_in_name(stem: str) -> NameFacts:
    """Read the name of a file without its suffix.

    In a title without spaces, underscores become spaces.

    >>> facts_in_name("A cat plays [dQw4w9WgXcQ]")
    NameFacts(title='A cat plays', youtube_id='dQw4w9WgXcQ', published=None)
    >>> facts_in_name("A cat plays-dQw4w9WgXcQ").youtube_id, facts_in_name("dQw4w9WgXcQ").title
    ('dQw4w9WgXcQ', '')
    >>> facts_in_name("20091025_dQw4w9WgXcQ_A cat").published
    datetime.date(2009, 10, 25)
    >>> facts_in_name("My_trip-photographs")
    NameFacts(title='My trip-photographs', youtube_id='', published=None)
    """
    if (match := _BRACKETS.search(stem)) and is_youtube_id(match["id"]):
        return NameFacts(_title(stem[: match.start()]), match["id"])
    if (match := _DATED.fullmatch(stem)) and is_youtube_id(match["id"]):
        return NameFacts(_title(match["title"]), match["id"], parse_date(match["day"]))
    if _looks_random(stem):
        return NameFacts("", stem)
    if (match := _HYPHEN.search(stem)) and _looks_random(match["id"]):
        return NameFacts(_title(stem[: match.start()]), match["id"])
    return NameFacts(_title(stem))


def id_in_name(stem: str) -> str | None:
    """Return the YouTube id in the name of a file, or None.

    >>> id_in_name("A cat plays [dQw4w9WgXcQ]"), id_in_name("Live at home [acoustic]")
    ('dQw4w9WgXcQ', None)
    """
    return facts_in_name(stem).youtube_id or None


def read_info(path: Path) -> Video | None:
    """Return the video of an `.info.json` file; None if it describes a playlist or a channel.

    Raises:
        SourceError: The file cannot be read or understood.
    """
    try:
        if path.stat().st_size > MAX_INFO_BYTES:
            raise SourceError(
                f"{path} is larger than {MAX_INFO_BYTES >> 20} MiB; write it without comments"
            )
        info = json.loads(path.read_bytes())
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read ({error.strerror}); check its permissions"
        ) from error
    except (ValueError, RecursionError) as error:  # no JSON, no UTF-8, nested without end
        raise SourceError(f"{path} is damaged ({error!s:.80}); get it again with yt-dlp") from error
    return video_of_info(info, str(path))


def video_of_info(info: object, name: str) -> Video | None:
    """Return the video of an info dictionary; None if it describes a playlist or a channel.

    Args:
        info: Of any version of youtube-dl or yt-dlp, with the entries of a list as they are.
        name: Where it is from, for messages.

    Raises:
        SourceError: It is none, or a field is of an unexpected type.
    """
    if isinstance(info, dict) and isinstance(info.get("id"), int):
        info = {**info, "id": str(info["id"])}
    if not isinstance(info, dict) or not isinstance(info.get("id"), str) or not info["id"]:
        raise SourceError(f"{name} was not written by yt-dlp: it has no id; rename or remove it")
    if info.get("_type") in _LISTS or info.get("extractor") in _LIST_SITES:
        return None
    try:
        return full_video(_in_todays_form(info))
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise SourceError(
            f"{name} has a field of an unexpected type ({error}); get it again with yt-dlp"
        ) from error


def _in_todays_form(info: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an info dictionary as yt-dlp writes it today.

    Old ones lack the name of the site, or hold numbers as text and `is_live` in place of
    `live_status`. Edited ones hold text that no database stores.
    """
    today = {name: _storable(value) for name, value in info.items() if name != "comments"}
    if not today.get("extractor_key") and not today.get("ie_key"):
        site = str(today.get("extractor") or "").partition(":")[0]
        is_youtube = site == "youtube" or (not site and is_youtube_id(today["id"]))
        today["extractor_key"] = "Youtube" if is_youtube else site.capitalize() or "file"
    for name, parse in (("duration", parse_duration), ("view_count", parse_count)):
        if isinstance(value := today.get(name), str):
            today[name] = parse(value)
    if today.get("is_live") is True:
        today.setdefault("live_status", "is_live")
    return today


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {storable(name): _storable(item) for name, item in value.items()}
    return value


def _looks_random(text: str) -> bool:
    """Return whether a text is a YouTube id rather than words or a date of eleven characters.

    It has letters of both cases, and a part between capitals and digits has no vowel.

    >>> _looks_random("dQw4w9WgXcQ"), _looks_random("photographs"), _looks_random("20230402_10")
    (True, False, False)
    >>> _looks_random("aircAruvnKk"), _looks_random("Season1Ep04"), _looks_random("VanGoghShow")
    (True, False, False)
    """
    if not re.fullmatch(_ID, text) or not is_youtube_id(text):
        return False
    has_both_cases = any(map(str.islower, text)) and any(map(str.isupper, text))
    parts = re.findall("[A-Z]?[a-z]+|[A-Z]", text)
    return has_both_cases and any(not re.search("[aeiouy]", part.lower()) for part in parts)


def _title(text: str) -> str:
    title = text if " " in text else text.replace("_", " ")
    return " ".join(title.split()) or text
