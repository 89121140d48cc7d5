"""What yt-dlp says of a video in its `.info.json` and in the name of the file."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tubeseek.core.errors import SourceError
from tubeseek.core.types import Video
from tubeseek.sources.local.files import is_youtube_id
from tubeseek.sources.youtube.records import full_video

MAX_INFO_BYTES = 64 << 20  # with --write-comments they have been seen at tens of megabytes
_LISTS = ("playlist", "multi_video")
_ID_IN_NAME = re.compile(r"\s*\[(?P<id>[A-Za-z0-9_-]{11})\](?P<part>\.f[0-9]+)?$")


def read_info(path: Path) -> Video | None:
    """The video of an `.info.json` file; None if the file describes a playlist or a channel.

    Raises:
        SourceError: It cannot be read or understood.
    """
    try:
        if path.stat().st_size > MAX_INFO_BYTES:
            raise SourceError(
                f"{path} has over {MAX_INFO_BYTES >> 20} MiB; write it without comments"
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
        raise SourceError(f"{path} has a field of another kind than yt-dlp's ({error})") from error


def _with_site(info: Mapping[str, Any]) -> Mapping[str, Any]:
    """Names the site where an old or edited file does not, as far as its id tells."""
    if info.get("extractor_key"):
        return info
    return {**info, "extractor_key": "Youtube" if is_youtube_id(info["id"]) else "file"}


def id_in_name(stem: str) -> str | None:
    """The YouTube id at the end of a file name, where yt-dlp's default template puts it.

    >>> id_in_name("A cat plays [dQw4w9WgXcQ]"), id_in_name("Live at home [acoustic]")
    ('dQw4w9WgXcQ', None)
    """
    found = _ID_IN_NAME.search(stem)
    return found["id"] if found and is_youtube_id(found["id"]) else None


def title_of(stem: str) -> str:
    """A file name as a title: without the id, with spaces where there are none but underscores.

    >>> title_of("My_first_flight"), title_of("A cat plays [dQw4w9WgXcQ]")
    ('My first flight', 'A cat plays')
    """
    title = _ID_IN_NAME.sub("", stem) if id_in_name(stem) else stem
    if " " not in title:
        title = title.replace("_", " ")
    return " ".join(title.split()) or stem
