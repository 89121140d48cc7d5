"""Stills from inside a video without the video: its storyboard sheets, fetched and cut."""

import logging
from pathlib import Path

from tubeseek.core.errors import MediaError
from tubeseek.core.files import write_atomically
from tubeseek.core.segment_plan import MOST_STILLS
from tubeseek.core.types import Still
from tubeseek.media.frame_selection import DistinctFrames
from tubeseek.media.pictures import encode_jpeg, picture_from_bytes
from tubeseek.media.storyboard import Pixels, StoryboardLevel, best_level, cut, evenly, levels_of
from tubeseek.sources.youtube.records import Info
from tubeseek.sources.youtube.thumbnails import Opener, download

logger = logging.getLogger(__name__)

MAX_SHEETS = 24  # requests for one video; with YouTube's largest tiles, 36 minutes without a gap
MAX_FAILURES = 2  # sheets that cannot be had; then the rest is not asked for
JPEG_QUALITY = 90


def fetch_storyboard(open_url: Opener, info: Info, folder: Path) -> tuple[Still, ...] | None:
    """Saves what a storyboard shows as `folder/sb-000123.40.jpg` and so on, named by their seconds.

    Of a long video, sheets evenly spread over it are fetched. Blank tiles, and tiles like the one
    before, are left out, so that a still picture of an hour becomes one.

    Args:
        open_url: Asks the site.
        info: What yt-dlp said of the video just now: the addresses of sheets are signed and expire.
        folder: Where the stills go; it exists.

    Returns:
        The stills in order of their seconds; None if there is no storyboard or none of it can be
        had, which is noted in the log.

    Raises:
        VideoUnavailableError: The site did not answer; it may later.
        OSError: The folder cannot be written.
    """
    level = best_level(levels_of(info))
    if level is None:
        return None
    found: list[tuple[float, bytes]] = []
    distinct = DistinctFrames()
    failures: list[MediaError] = []
    sheets = evenly(len(level.fragments), MAX_SHEETS)
    for number in sheets:
        try:
            tiles = _tiles(open_url, level, number)
        except MediaError as error:
            failures.append(error)
            if len(failures) == MAX_FAILURES:
                break
            continue
        found += [
            (seconds, encode_jpeg(tile, JPEG_QUALITY))
            for seconds, tile in tiles
            if distinct.keeps(tile)
        ]
    if failures:
        logger.info("%s: not all of its storyboard: %s", info.get("webpage_url"), failures[0])
    if not found and failures:
        return None
    kept = [found[place] for place in evenly(len(found), MOST_STILLS)]
    stills = []
    for seconds, content in kept:
        path = folder / f"sb-{seconds:09.2f}.jpg"
        write_atomically(path, content)
        stills.append(Still(path, seconds))
    return tuple(stills)


def _tiles(open_url: Opener, level: StoryboardLevel, number: int) -> list[tuple[float, Pixels]]:
    url = level.fragments[number].url
    return cut(level, number, picture_from_bytes(download(open_url, url), url))
