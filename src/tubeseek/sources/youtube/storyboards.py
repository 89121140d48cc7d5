"""Fetches storyboard sheets and cuts stills from them, without downloading the video."""

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
MAX_FAILURES = 2  # sheets that cannot be fetched; then the rest is not requested
JPEG_QUALITY = 90


def fetch_storyboard(open_url: Opener, info: Info, folder: Path) -> tuple[Still, ...] | None:
    """Save the tiles of a storyboard as `folder/sb-000123.40.jpg` and so on, named by their second.

    Of a long video, sheets evenly spread over it are fetched. Blank tiles, and tiles like the one
    before, are left out, so that a picture that stands still for an hour becomes one still.

    Args:
        open_url: Sends a request to the site.
        info: The info dictionary of the video, just fetched: the sheets' addresses expire.
        folder: Where the stills go; it exists.

    Returns:
        The stills in order of time; None if there is no storyboard, or if none of it can be
        fetched, which is logged.

    Raises:
        VideoUnavailableError: The site did not answer; it may later.
        OSError: The folder cannot be written.
    """
    level = best_level(levels_of(info))
    if level is None:
        return None
    pictures: list[tuple[float, bytes]] = []  # (seconds, JPEG)
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
        pictures += [
            (seconds, encode_jpeg(tile, JPEG_QUALITY))
            for seconds, tile in tiles
            if distinct.keeps(tile)
        ]
    if failures:
        logger.info(
            "%s: parts of its storyboard are missing: %s", info.get("webpage_url"), failures[0]
        )
    if not pictures and failures:
        return None
    kept = [pictures[index] for index in evenly(len(pictures), MOST_STILLS)]
    stills = []
    for seconds, content in kept:
        path = folder / f"sb-{seconds:09.2f}.jpg"
        write_atomically(path, content)
        stills.append(Still(path, seconds))
    return tuple(stills)


def _tiles(open_url: Opener, level: StoryboardLevel, number: int) -> list[tuple[float, Pixels]]:
    url = level.fragments[number].url
    return cut(level, number, picture_from_bytes(download(open_url, url), url))
