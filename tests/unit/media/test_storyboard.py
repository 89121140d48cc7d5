"""Storyboards of any shape: planted tiles come back at their second; what is odd is left out."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from yt_dlp.extractor.youtube import YoutubeIE

from tubeseek.core.errors import MediaError
from tubeseek.media.storyboard import (
    Fragment,
    StoryboardLevel,
    best_level,
    cut,
    evenly,
    levels_of,
    tile_times,
)

URL = "https://i.example/sb/abc/storyboard3_L$L/$N.jpg?sqp=x"
YOUTUBE = {
    "48x27": "48#27#100#10#10#0#default#rs$a",
    "80x45": "80#45#108#10#10#2000#M$M#rs$b",
    "160x90": "160#90#108#5#5#2000#M$M#rs$c",
    "320x180": "320#180#108#3#3#2000#M$M#rs$d",
}


def info_of(*specs: str, duration: float) -> dict[str, Any]:
    """What yt-dlp itself makes of YouTube's specification of these levels."""
    response = {"storyboards": {"playerStoryboardSpecRenderer": {"spec": "|".join([URL, *specs])}}}
    return {"formats": list(YoutubeIE()._extract_storyboard([response], duration))}


def only_level(*specs: str, duration: float) -> StoryboardLevel:
    [level] = levels_of(info_of(*specs, duration=duration))
    return level


def all_times(level: StoryboardLevel) -> list[float]:
    return [time for sheet in range(len(level.fragments)) for time in tile_times(level, sheet)]


def painted(numbers: range, rows: int, columns: int, height: int, width: int) -> NDArray[np.uint8]:
    """A sheet in `height` x `width` pixels whose tiles have their numbers as colours.

    A pixel belongs to the tile in which its centre lies; tiles behind the last number are black.
    """
    row_of = np.minimum((np.arange(height) + 0.5) * rows / height, rows - 1e-9).astype(int)
    column_of = np.minimum((np.arange(width) + 0.5) * columns / width, columns - 1e-9).astype(int)
    place = row_of[:, None] * columns + column_of[None, :]
    number = np.where(place < len(numbers), numbers.start + place + 1, 0)
    return np.stack([number % 256, number // 256, np.zeros_like(number)], axis=-1).astype(np.uint8)


def number_in(tile: NDArray[np.uint8]) -> int:
    """The number that the middle of a tile is painted with."""
    red, green, _ = tile[tile.shape[0] // 2, tile.shape[1] // 2].tolist()
    return red + 256 * green - 1


@given(
    rows=st.integers(1, 10),
    columns=st.integers(1, 10),
    tiles=st.integers(1, 450),
    seconds_per_tile=st.floats(0.05, 700.0),
    width=st.integers(8, 40),
    height=st.integers(8, 40),
    more_width=st.floats(-0.4, 0.4),
    more_height=st.floats(-0.4, 0.4),
    trimmed=st.booleans(),
)
def test_every_planted_tile_comes_back_at_its_second(
    rows: int,
    columns: int,
    tiles: int,
    seconds_per_tile: float,
    width: int,
    height: int,
    more_width: float,
    more_height: float,
    *,
    trimmed: bool,
) -> None:
    capacity = rows * columns
    sheets = math.ceil(tiles / capacity)
    rest = tiles - (sheets - 1) * capacity
    durations = [capacity * seconds_per_tile] * (sheets - 1) + [rest * seconds_per_tile]
    fragments = tuple(Fragment(f"https://i.example/{n}.jpg", s) for n, s in enumerate(durations))
    level = StoryboardLevel(width, height, rows, columns, seconds_per_tile, fragments)
    tiles_cut: list[tuple[float, int]] = []
    for sheet in range(sheets):
        numbers = range(sheet * capacity, min(tiles, (sheet + 1) * capacity))
        last = sheet == sheets - 1
        there = math.ceil(len(numbers) / columns) if last and trimmed else rows
        pixels = painted(
            numbers,
            there,
            columns,
            round(there * (height + more_height)),  # tiles of a broken number of pixels
            round(columns * (width + more_width)),
        )
        tiles_cut += [(seconds, number_in(tile)) for seconds, tile in cut(level, sheet, pixels)]
    assert [number for _, number in tiles_cut] == list(range(tiles))
    assert [seconds for seconds, _ in tiles_cut] == pytest.approx(
        [n * seconds_per_tile for n in range(tiles)]
    )


def test_a_last_sheet_with_a_single_narrow_row() -> None:
    level = only_level("320#180#20#3#3#2000#M$M#rs", duration=38)  # 19 tiles start before the end
    assert tile_times(level, 2) == [36.0]
    pixels = painted(range(18, 20), 1, 2, 180, 640)
    assert [(s, t.shape, number_in(t)) for s, t in cut(level, 2, pixels)] == [
        (36.0, (180, 320, 3), 18)
    ]


@given(duration=st.integers(1, 50_000), interval=st.sampled_from([1, 2, 5, 10]))
def test_the_times_of_youtube_are_whole_intervals(duration: int, interval: int) -> None:
    tiles = math.ceil(duration / interval) + 1
    level = only_level(f"320#180#{tiles}#3#3#{1000 * interval}#M$M#rs", duration=duration)
    assert all_times(level) == list(range(0, duration, interval))


@given(duration=st.floats(1.0, 50_000), tiles=st.integers(2, 3000))
def test_whatever_the_number_of_tiles_their_times_lie_in_the_video(
    duration: float, tiles: int
) -> None:
    if duration / tiles < 0.1:
        tiles = max(2, int(duration / 0.1))
    level = only_level(f"320#180#{tiles}#3#3#0#M$M#rs", duration=duration)
    times = all_times(level)
    assert times[0] == 0
    assert times[-1] < duration + 1e-6
    steps = [after - before for before, after in pairwise(times)]
    assert steps == pytest.approx([level.seconds_per_tile] * len(steps), abs=1e-6)
    assert len(times) in (tiles - 2, tiles - 1, tiles)
    assert len(times) * level.seconds_per_tile >= duration - level.seconds_per_tile - 1e-6


@pytest.mark.parametrize(
    ("duration", "tiles", "interval"),
    [  # of real videos, as yt-dlp described them
        (127, 65, 2.0),
        (104, 53, 2.0),
        (213, 108, 2.0),
        (1207, 122, 10.0),
    ],
)
def test_intervals_of_real_videos(duration: int, tiles: int, interval: float) -> None:
    level = only_level(f"160#90#{tiles}#5#5#0#M$M#rs", duration=duration)
    assert level.seconds_per_tile == interval


@pytest.mark.parametrize(
    ("offered", "side", "chosen"),
    [
        (["48x27", "80x45", "160x90", "320x180"], 224, 320),
        (["320x180", "160x90"], 112, 160),
        (["48x27", "80x45", "160x90"], 224, 160),
        (["48x27", "80x45"], 224, None),
        ([], 224, None),
    ],
)
def test_the_level_that_serves_the_encoder(
    offered: list[str], side: int, chosen: int | None
) -> None:
    levels = levels_of(info_of(*(YOUTUBE[name] for name in offered), duration=213))
    assert len(levels) == len(offered)
    best = best_level(levels, side)
    assert (best and best.width) == chosen


def test_an_upright_video_is_judged_by_its_width() -> None:
    levels = levels_of(
        info_of("90#160#50#5#5#1000#M$M#rs", "180#320#50#3#3#1000#M$M#rs", duration=49)
    )
    best = best_level(levels)
    assert best is not None
    assert best.width == 180


def test_small_upright_tiles_serve_shorts() -> None:
    small = ("27#48#50#10#10#1000#M$M#rs", "80#45#50#10#10#1000#M$M#rs")
    assert best_level(levels_of(info_of(*small, duration=49))) is None
    best = best_level(levels_of(info_of(*small, "50#90#50#5#5#1000#M$M#rs", duration=49)))
    assert best is not None
    assert (best.width, best.height) == (50, 90)


GOOD = {
    "protocol": "mhtml",
    "width": 160,
    "height": 90,
    "rows": 2,
    "columns": 2,
    "fps": 0.5,
    "fragments": [{"url": "https://i.example/0.jpg", "duration": 8.0}],
}


@pytest.mark.parametrize(
    "change",
    [
        *({name: value} for name in GOOD if name != "protocol" for value in (None, "x", [], -1, 0)),
        *({name: True} for name in ("width", "fps")),
        *({name: float("nan")} for name in ("width", "fps")),
        *({name: float("inf")} for name in ("rows", "fps")),
        {"rows": 2.5},
        {"columns": 100_000},
        {"fps": 1e6},
        {"fps": 5.0},  # 40 tiles on a sheet of four
        {"fps": 0.01},  # none
        {"protocol": "https"},
        {"protocol": None},
        {"fragments": [{"url": "file:///etc/passwd", "duration": 8.0}]},
        {"fragments": [{"url": "https://i.example/0.jpg"}]},
        {"fragments": [{"url": "https://i.example/0.jpg", "duration": float("nan")}]},
        {"fragments": [None]},
    ],
)
def test_a_level_that_does_not_add_up_is_left_out(change: dict[str, Any]) -> None:
    good = dict(GOOD)
    assert [len(all_times(level)) for level in levels_of({"formats": [good]})] == [4]
    levels = levels_of({"formats": [{**GOOD, **change}, None, "x", good]})
    assert len(levels) == 1


@pytest.mark.parametrize("formats", [None, 5, "abc", [], {}])
def test_an_info_without_formats(formats: object) -> None:
    assert levels_of({"formats": formats}) == []


def test_a_sheet_of_another_size_is_refused() -> None:
    level = only_level(YOUTUBE["320x180"], duration=213)
    with pytest.raises(MediaError, match=r"480 x 270.*3 x 3.*320 x 180"):
        cut(level, 0, np.zeros((270, 480, 3), np.uint8))


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ({"width": 0}, "width=0"),
        ({"rows": 0}, "rows=0"),
        ({"rows": 1000}, "1000 x 2"),
        ({"seconds_per_tile": 0.0}, r"seconds_per_tile=0\.0"),
        ({"seconds_per_tile": math.nan}, "seconds_per_tile=nan"),
        ({"fragments": ()}, r"fragments=\(\)"),
        ({"fragments": (Fragment("https://i.example/0.jpg", 9.0),)}, r"9\.0"),  # five tiles
        (
            {"fragments": tuple(Fragment(f"https://i.example/{n}.jpg", 6.0) for n in range(2))},
            r"6\.0",
        ),
    ],
)
def test_a_level_checks_itself(change: dict[str, Any], value: str) -> None:
    good: dict[str, Any] = {
        "width": 160,
        "height": 90,
        "rows": 2,
        "columns": 2,
        "seconds_per_tile": 2.0,
        "fragments": (Fragment("https://i.example/0.jpg", 8.0),),
    }
    StoryboardLevel(**good)
    with pytest.raises(ValueError, match=value):
        StoryboardLevel(**{**good, **change})


@given(count=st.integers(0, 2000), most=st.integers(1, 300))
def test_places_are_spread_evenly(count: int, most: int) -> None:
    places = evenly(count, most)
    assert len(places) == min(count, most)
    assert all(0 <= place < count for place in places)
    steps = {after - before for before, after in pairwise(places)}
    assert max(steps, default=0) - min(steps, default=0) <= 1
    assert 0 not in steps
