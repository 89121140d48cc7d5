"""Reads what yt-dlp wrote about a video: its `.info.json` and the name of its file."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tubeseek.core.errors import SourceError
from tubeseek.core.types import Video
from tubeseek.sources.local.files import is_youtube_id
from tubeseek.sources.youtube.records import full_video

MAX_INFO_BYTES = 64 << 20  # with --write-comments some have tens of megabytes
_LISTS = ("playlist", "multi_video")
_ID_IN_NAME = re.compile(r"\s*\[(?P<id>[A-Za-z0-9_-]{11})\](?P<part>\.f[0-9]+)?$")


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
        raise SourceError(f"{path} is damaged ({error}); get it again with yt-dlp") from error
    if not isinstance(info, dict) or not isinstance(info.get("id"), str):
        raise SourceError(f"{path} was not written by yt-dlp: it has no id; rename or remove it")
    if info.get("_type") in _LISTS:
        return None
    try:
        return full_video(_with_site(info))
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise SourceError(
            f"{path} has a field of an unexpected type ({error}); get it again with yt-dlp"
        ) from error


def _with_site(info: Mapping[str, Any]) -> Mapping[str, Any]:
    """Add the name of the site if an old or edited file lacks it, judging by the id."""
    if info.get("extractor_key"):
        return info
    return {**info, "extractor_key": "Youtube" if is_youtube_id(info["id"]) else "file"}


def id_in_name(stem: str) -> str | None:
    """Return the YouTube id at the end of a file name, where yt-dlp's default puts it, or None.

    >>> id_in_name("A cat plays [dQw4w9WgXcQ]"), id_in_name("Live at home [acoustic]")
    ('dQw4w9WgXcQ', None)
    """
    match = _ID_IN_NAME.search(stem)
    return match["id"] if match and is_youtube_id(match["id"]) else None


def title_of(stem: str) -> str:
    """Turn a file name into a title: drop the id; if it has no spaces, underscores become spaces.

    >>> title_of("My_first_flight"), title_of("A cat plays [dQw4w9WgXcQ]")
    ('My first flight', 'A cat plays')
    """
    title = _ID_IN_NAME.sub("", stem) if id_in_name(stem) else stem
    if " " not in title:
        title = title.replace("_", " ")
    return " ".join(title.split()) or stem
