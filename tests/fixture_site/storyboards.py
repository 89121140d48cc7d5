"""Storyboards as YouTube has them: described by its kind of specification, painted as its sheets.

What yt-dlp makes of the specification is left to yt-dlp's own extractor, so that the source under
test meets what it meets on YouTube. A video begins in black, shows its colour and shape, from a
third of it on another scene, then the first again.
"""

import math
from functools import lru_cache
from typing import Any

from PIL import Image
from yt_dlp.extractor.youtube import YoutubeIE

from tests.fixture_site import pictures
from tests.fixture_site.videos import FixtureVideo

# level: tile width, tile height, columns, rows. Level 0 is one sheet of 100 tiles, whatever the
# video, and is not painted here.
LEVELS = {1: (80, 45, 10, 10), 2: (160, 90, 5, 5), 3: (320, 180, 3, 3)}
SCENE_BACKGROUND = 1
_OVERVIEW = "48#27#100#10#10#0#default#rs$overview"


def formats(base: str, video: FixtureVideo) -> list[dict[str, Any]]:
    """The storyboards of a video as yt-dlp presents them; none if it has none."""
    if not video.storyboard_seconds:
        return []
    levels = [
        f"{width}#{height}#{video.storyboard_tiles}#{columns}#{rows}"
        f"#{1000 * video.storyboard_seconds}#M$M#rs$level{level}"
        for level, (width, height, columns, rows) in LEVELS.items()
    ]
    address = f"{base}/sb/{video.id}/storyboard3_L$L/$N.jpg?sqp=signed"
    spec = "|".join([address, _OVERVIEW, *levels])
    response = {"storyboards": {"playerStoryboardSpecRenderer": {"spec": spec}}}
    return list(YoutubeIE()._extract_storyboard([response], video.duration_seconds))


def answer(
    video: FixtureVideo, level: int, number: int, *, expired: bool
) -> tuple[int, bytes, str]:
    """Status, body and type of the answer to a request for a sheet."""
    body = sheet(video, level, number)
    if expired:
        return 403, b"Forbidden", "text/plain"
    if body is None or number in video.missing_sheets:
        return 404, b"Not Found", "text/plain"
    if number in video.fake_sheets:
        return 200, b"<html>Not a picture</html>", "image/jpeg"
    return 200, body, "image/jpeg"


def sheet(video: FixtureVideo, level: int, number: int) -> bytes | None:
    """A sheet as JPEG; None if the storyboard has none of this number.

    Like YouTube's, the last one ends with its last row.
    """
    width, height, columns, rows = LEVELS[level]
    first = number * columns * rows
    last = min(first + columns * rows, video.storyboard_tiles)
    if not video.storyboard_seconds or first >= last:
        return None
    scene = video.scene
    times = [number * video.storyboard_seconds for number in range(first, last)]
    shown = tuple("" if seconds else "black" for seconds in times)
    shown = tuple(
        "scene" if scene.start_seconds <= seconds < scene.end_seconds else name
        for seconds, name in zip(times, shown, strict=True)
    )
    looks = ((video.colour, video.shape), (scene.colour, scene.shape))
    return _sheet(shown, looks, (width, height), columns)


@lru_cache(maxsize=1024)
def _sheet(
    shown: tuple[str, ...],
    looks: tuple[tuple[str, str], tuple[str, str]],
    size: tuple[int, int],
    columns: int,
) -> bytes:
    width, height = size
    tiles = {
        "black": Image.new("RGB", size),
        "": pictures.paint(*looks[0], size),
        "scene": pictures.paint(*looks[1], size, background=SCENE_BACKGROUND),
    }
    sheet = Image.new("RGB", (columns * width, math.ceil(len(shown) / columns) * height))
    for place, name in enumerate(shown):
        row, column = divmod(place, columns)
        sheet.paste(tiles[name], (column * width, row * height))
    return pictures.encoded(sheet)
