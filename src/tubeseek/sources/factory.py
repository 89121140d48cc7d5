"""Chooses the source for a locator, and opens the sources.

Imports are inside the functions that need them, so that this module loads neither numpy nor yt-dlp.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tubeseek.core.diagnosis import Diagnosis
from tubeseek.core.errors import InputError
from tubeseek.core.notices import Notices
from tubeseek.core.settings import Settings

if TYPE_CHECKING:
    from tubeseek.core.protocols import (
        CaptionSource,
        FactsSource,
        TableSource,
        VideoFileSource,
        VideoSource,
    )

# The kinds of sources, as the catalogue holds them.
YOUTUBE, FOLDER, DATASET, LIST = "youtube", "folder", "dataset", "list"


@dataclass(frozen=True, slots=True)
class Sources:
    """All sources by kind, and those that can do more than list and fetch."""

    by_kind: Mapping[str, "VideoSource"]
    video_files: Mapping[str, "VideoFileSource"]
    captions: Mapping[str, "CaptionSource"]
    tables: Mapping[str, "TableSource"]
    facts: Mapping[str, "FactsSource"]
    notices: Notices  # for the user, once each


def places(
    locator: str, columns: Mapping[str, str]
) -> tuple[list[tuple[str, str]], list[Exception]]:
    """Return the sources that a locator names: one, or more if it is a list of channels.

    Args:
        locator: As for `source_kind`.
        columns: The fields of columns that the user has named, if the locator is a table.

    Returns:
        Their locators in normal form with their kinds, and what of a list cannot be read.

    Raises:
        InputError: No source can read the locator.
        SourceError: A list cannot be read, or names nothing.
    """
    normal, kind = source_kind(locator, columns)
    if kind != LIST:
        return [(normal, kind)], []
    from tubeseek.sources.lists.source import read_places

    contents = read_places(Path(normal))
    own = [(normal, LIST)] if contents.has_videos else []
    errors = [] if own else list(contents.errors)  # else its listing reports them
    return [*own, *((place, YOUTUBE) for place in contents.places)], errors


def source_kind(locator: str, columns: Mapping[str, str] | None = None) -> tuple[str, str]:
    """Return a locator in its normal form and the kind of source that reads it.

    A path that exists on this machine is a path, whatever else it looks like.

    Args:
        locator: A path, a `file:` URL, or what names something on YouTube.
        columns: The fields of columns that the user has named, if the locator is a table.

    Raises:
        InputError: No source can read the locator.
    """
    # os.path.exists takes anything, pathlib stumbles over a query of more than 255 characters
    if locator.startswith("file:") or os.path.exists(os.path.expanduser(locator)):  # noqa: PTH110, PTH111
        from tubeseek.sources.lists.source import is_list
        from tubeseek.sources.local.dataset import table_of
        from tubeseek.sources.local.files import local_path

        path = Path(os.path.normpath(local_path(locator)))
        if table_of(path, columns or {}):
            return str(path), DATASET
        return str(path), LIST if is_list(path) else FOLDER
    from tubeseek.sources.youtube.locators import normalise

    url = normalise(locator)
    if url is None:
        raise InputError(
            f"{locator!r} is neither a file or folder here nor anything on YouTube; give a channel "
            "URL, @handle, playlist, video id, 'ytsearch20:words' or an existing folder"
        )
    return url, YOUTUBE


def agreeing_listings(locator: str, kind: str) -> int:
    """Return how many complete listings of a place must lack a video before it is gone.

    What lies on this machine is there or not. A site may leave videos out, so two listings have to
    agree, and a search or a feed shows a selection that proves nothing.
    """
    if kind != YOUTUBE:
        return 1
    from tubeseek.sources.youtube.locators import is_selection

    return 0 if is_selection(locator) else 2


def open_sources(
    settings: Settings, *, download: bool | None = None, keep: bool | None = None
) -> Sources:
    """Open the sources for one run.

    Args:
        settings: The folder of the library, the pauses between requests, and the cookies.
        download: Whether videos are downloaded; None: as the settings say.
        keep: Whether downloaded videos are kept; None: as the settings say.

    Raises:
        InputError: Downloaded videos are to be kept, but nothing is downloaded.
        ConfigError: The cookies cannot be read.
    """
    downloads = settings.download if download is None else download
    if keep and not downloads:
        raise InputError("--keep keeps what --download fetches: give both")
    from tubeseek.sources.lists.source import ListSource
    from tubeseek.sources.local.dataset import DatasetSource
    from tubeseek.sources.local.folder import FolderSource
    from tubeseek.sources.youtube.rate_limit import Politeness
    from tubeseek.sources.youtube.source import YouTubeSource
    from tubeseek.sources.youtube.video_file_cache import VideoFileCache

    notices = Notices()
    politeness = Politeness(
        request_seconds=settings.sleep_requests,
        captions_seconds=settings.sleep_captions,
        video_min_seconds=settings.sleep_videos,
        video_max_seconds=2 * settings.sleep_videos,
        backoff_total_seconds=settings.backoff,
    )
    video_files = VideoFileCache(
        settings.library / "downloads",
        downloads=downloads,
        keeps=settings.keep if keep is None else keep,
    )
    youtube = YouTubeSource(
        cookies=settings.cookies,
        cookies_from_browser=settings.cookies_from_browser,
        extractor_args=settings.extractor_args,
        politeness=politeness,
        video_files=video_files,
        notices=notices,
    )
    folders, lists, datasets = FolderSource(youtube), ListSource(youtube), DatasetSource()
    return Sources(
        by_kind={YOUTUBE: youtube, FOLDER: folders, DATASET: datasets, LIST: lists},
        video_files={YOUTUBE: youtube, FOLDER: folders, LIST: lists},
        captions={YOUTUBE: youtube, FOLDER: folders, LIST: lists},
        tables={DATASET: datasets},
        facts={YOUTUBE: youtube, LIST: youtube},
        notices=notices,
    )


def diagnose() -> list[Diagnosis]:
    """Check what sources need on this machine."""
    from tubeseek.sources.youtube.session import javascript_runtime

    text, good = javascript_runtime()
    return [Diagnosis("javascript", text, good=good)]
