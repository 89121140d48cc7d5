"""Parses storyboards, the preview frames of a player's seek bar, and cuts their sheets into tiles.

A site offers a video's storyboard in several levels of size. The tiles of a sheet run row by row,
and the last sheet ends with the video: it may have fewer rows, or an incomplete row.

Times of tiles. yt-dlp spreads YouTube's tiles evenly over the video, but YouTube takes one every
1, 2, 5 or 10 s from the start, `ceil(duration / interval) + 1` in all, the last at or after the
end. For a video of 20 min with a tile every 10 s, yt-dlp's times are 12 s too early at the end. If
the number of tiles matches one of these intervals, its times are used.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tubeseek.core.errors import MediaError

Pixels: TypeAlias = NDArray[np.uint8]  # (height, width, 3) RGB

INTERVALS_SECONDS = (1.0, 2.0, 5.0, 10.0)  # YouTube's
DURATION_ROUNDING_SECONDS = 1.0  # YouTube's durations are whole seconds
TIME_TOLERANCE = 1e-3  # of a tile's time, for rounding in a sum of durations
MIN_SECONDS_PER_TILE = 0.02  # less is a mistake in the description
MAX_TILES_PER_SHEET = 400  # YouTube has at most 100
USEFUL_SHARE = 0.75  # of the encoder's side: for 224 pixels, 180 are as good as more
MIN_TILE_SIDE = 80  # pixels; smaller tiles are less useful than three full frames
MIN_PORTRAIT_HEIGHT = 90  # pixels; all that YouTube has of many Shorts is 50 x 90
SIZE_TOLERANCE = 0.25  # share by which tiles may differ from the stated size


@dataclass(frozen=True, slots=True)
class Fragment:
    """A sheet: its address, and how much of the video its tiles cover."""

    url: str
    duration_seconds: float

    def __post_init__(self) -> None:
        if not self.url.startswith(("https://", "http://")):
            raise ValueError(f"a sheet needs a web address, got {self.url!r}")
        if not 0 < self.duration_seconds < math.inf:
            raise ValueError(f"need {self.duration_seconds=} above 0")


@dataclass(frozen=True, slots=True)
class StoryboardLevel:
    """A storyboard in one size. All sheets except the last are full."""

    width: int  # pixels of a tile
    height: int
    rows: int  # of tiles, on a full sheet
    columns: int
    seconds_per_tile: float
    fragments: tuple[Fragment, ...]

    def __post_init__(self) -> None:
        if min(self.width, self.height, self.rows, self.columns) < 1 or not self.fragments:
            raise ValueError(f"need sizes of at least 1 and a sheet, got {self}")
        if self.capacity > MAX_TILES_PER_SHEET:
            raise ValueError(
                f"{self.rows} x {self.columns} tiles are more than {MAX_TILES_PER_SHEET}"
            )
        if not MIN_SECONDS_PER_TILE <= self.seconds_per_tile < math.inf:
            raise ValueError(f"need {self.seconds_per_tile=} of at least {MIN_SECONDS_PER_TILE}")
        full, slack = self.capacity * self.seconds_per_tile, TIME_TOLERANCE * self.seconds_per_tile
        *before, last = (fragment.duration_seconds for fragment in self.fragments)
        if any(abs(seconds - full) > slack for seconds in before) or last > full + slack:
            raise ValueError(f"a full sheet covers {full} s, got {[*before, last]}")

    @property
    def capacity(self) -> int:
        """Return the number of tiles on a full sheet."""
        return self.rows * self.columns

    @property
    def short_side(self) -> int:
        """Return the pixels of a tile's shorter side, by which encoders scale."""
        return min(self.width, self.height)


def levels_of(info: Mapping[str, Any]) -> list[StoryboardLevel]:
    """Return the storyboards in yt-dlp's info dictionary; inconsistent ones are left out."""
    formats = info.get("formats")
    if not isinstance(formats, Sequence):
        return []
    levels = []
    for form in formats:
        if isinstance(form, Mapping) and form.get("protocol") == "mhtml":
            try:
                levels.append(_level(form))
            except (ValueError, TypeError, KeyError, OverflowError):
                continue
    return levels


def best_level(
    levels: Sequence[StoryboardLevel], encoder_side: int = 224
) -> StoryboardLevel | None:
    """Return the smallest level with large enough tiles, else the largest; None if all are tiny.

    Args:
        levels: As `levels_of` gives them.
        encoder_side: Pixels of the shorter side that the encoder reads.
    """
    usable = sorted(
        (level for level in levels if _is_usable(level)),
        key=lambda level: level.short_side,
    )
    enough = [level for level in usable if level.short_side >= USEFUL_SHARE * encoder_side]
    return next(iter(enough), None) or next(reversed(usable), None)


def _is_usable(level: StoryboardLevel) -> bool:
    is_portrait = level.height > level.width
    return level.short_side >= MIN_TILE_SIDE or (
        is_portrait and level.height >= MIN_PORTRAIT_HEIGHT
    )


def tile_times(level: StoryboardLevel, sheet_index: int) -> list[float]:
    """Return the second at which each tile of a sheet was taken, without those after its end."""
    length = level.fragments[sheet_index].duration_seconds / level.seconds_per_tile
    count = min(level.capacity, max(1, math.ceil(length - TIME_TOLERANCE)))
    first = sheet_index * level.capacity
    return [number * level.seconds_per_tile for number in range(first, first + count)]


def evenly(count: int, most: int) -> list[int]:
    """Return at most `most` of `count` indices, each from the middle of an equal part.

    >>> evenly(3, 5), evenly(10, 3)
    ([0, 1, 2], [1, 5, 8])
    """
    if count <= most:
        return list(range(count))
    return [(2 * part + 1) * count // (2 * most) for part in range(most)]


def cut(level: StoryboardLevel, sheet_index: int, pixels: Pixels) -> list[tuple[float, Pixels]]:
    """Return the tiles of a sheet, each with its second.

    Sheets are a few pixels larger or smaller than stated if a site rounds; the last one often ends
    with its last row or column of tiles.

    Args:
        level: The storyboard of the sheet.
        sheet_index: The index of the sheet in `level.fragments`.
        pixels: The sheet, (height, width, 3).

    Raises:
        MediaError: The size of the sheet does not fit the tiles.
    """
    times = tile_times(level, sheet_index)
    height, width = pixels.shape[:2]
    fewest_rows, fewest_columns = level.rows, level.columns
    if sheet_index == len(level.fragments) - 1:
        fewest_rows = math.ceil(len(times) / level.columns)
        fewest_columns = min(len(times), level.columns)
    rows = _lines(height, level.height, fewest_rows, level.rows)
    columns = _lines(width, level.width, fewest_columns, level.columns)
    if rows is None or columns is None:
        raise MediaError(
            f"a storyboard sheet of {width} x {height} pixels does not hold {level.columns} x "
            f"{level.rows} tiles of {level.width} x {level.height}; it is left out"
        )
    return list(zip(times, _tiles(pixels, rows, columns), strict=False))


def _level(form: Mapping[str, Any]) -> StoryboardLevel:
    """Parse one format of yt-dlp.

    Raises:
        ValueError, TypeError, KeyError, OverflowError: A field is missing or invalid.
    """
    width, height, rows, columns = (_whole(form[n]) for n in ("width", "height", "rows", "columns"))
    sheets = [(str(f["url"]), _number(f["duration"])) for f in form["fragments"]]
    duration = math.fsum(seconds for _, seconds in sheets)
    tiles = round(_number(form["fps"]) * duration)
    if not (len(sheets) - 1) * rows * columns < tiles <= len(sheets) * rows * columns:
        raise ValueError(f"{tiles} tiles do not fill {len(sheets)} sheets of {rows} x {columns}")
    interval = _interval(tiles, duration) or duration / tiles
    full = interval * rows * columns
    fragments = []
    for number, (url, _) in enumerate(sheets):
        left = duration - number * full
        if left > TIME_TOLERANCE * interval:  # else its only tile is the one after the end
            fragments.append(Fragment(url, min(full, left)))
    return StoryboardLevel(width, height, rows, columns, interval, tuple(fragments))


def _interval(tiles: int, duration: float) -> float | None:
    """Return the interval of YouTube's that gives this number of tiles, or None.

    >>> _interval(108, 213.0), _interval(122, 1207.0), _interval(100, 1207.0)
    (2.0, 10.0, None)
    """
    for rounding in (0.0, DURATION_ROUNDING_SECONDS):  # of a short video, the exact one first
        for seconds in INTERVALS_SECONDS:
            low, high = seconds * (tiles - 2), seconds * (tiles - 1)
            if low - rounding < duration <= high + rounding:
                return seconds
    return None


def _lines(pixels: int, tile: int, fewest: int, most: int) -> int | None:
    """Return the number of rows (or columns) of tiles that fits best; None if none fits well."""
    best = min(range(fewest, most + 1), key=lambda count: abs(pixels / count - tile))
    return best if abs(pixels / best - tile) <= max(1.0, SIZE_TOLERANCE * tile) else None


def _tiles(pixels: Pixels, rows: int, columns: int) -> Iterator[Pixels]:
    """Yield the tiles of a sheet, row by row."""
    height, width = pixels.shape[:2]
    tops = [round(height * row / rows) for row in range(rows + 1)]
    lefts = [round(width * column / columns) for column in range(columns + 1)]
    for top, bottom in pairwise(tops):
        for left, right in pairwise(lefts):
            yield pixels[top:bottom, left:right]


def _whole(value: object) -> int:
    number = _number(value)
    if number != int(number):
        raise ValueError(f"not a whole number: {value!r}")
    return int(number)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
        raise ValueError(f"not a number above 0: {value!r}")
    return float(value)
