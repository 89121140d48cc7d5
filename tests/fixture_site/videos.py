"""The videos of the fixture site, and what can go wrong with each of them."""

import math
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from tests.fixture_site.captions import Captions

COLOURS = {
    "red": ((214, 40, 40), "빨간"),
    "orange": ((247, 127, 0), "주황"),
    "yellow": ((252, 211, 35), "노란"),
    "green": ((42, 157, 70), "초록"),
    "blue": ((33, 90, 214), "파란"),
    "purple": ((123, 44, 191), "보라"),
    "pink": ((255, 105, 180), "분홍"),
    "brown": ((121, 72, 36), "갈색"),
    "white": ((250, 250, 250), "하얀"),
    "black": ((20, 20, 20), "검은"),
}
SHAPES = {
    "circle": "동그라미",
    "square": "네모",
    "triangle": "세모",
    "star": "별",
    "cross": "십자",
    "ring": "고리",
}
SCENE_TILES = 2  # of the storyboard, from a third of the video on
TABS = ("videos", "streams", "shorts")  # in the order in which YouTube's channels list them
_NEWEST = datetime(2026, 10, 1, 12, tzinfo=UTC)


class Fault(StrEnum):
    """Why a video cannot be had. All but the last three are said in YouTube's words."""

    NONE = ""
    PRIVATE = "private"
    REMOVED = "removed"
    TERMINATED = "terminated"
    AGE = "age"
    GEO = "geo"
    MEMBERS = "members"
    UPCOMING = "upcoming"
    BOT_CHECK = "bot_check"
    TRY_LATER = "try_later"
    SERVER_ERROR = "server_error"  # HTTP 500
    DROP = "drop"  # the connection closes in the middle of the answer
    SLOW = "slow"  # the answer takes `FixtureSite.slow_seconds`


@dataclass(frozen=True)
class Scene:
    """A stretch of a video in which something else is seen."""

    start_seconds: int
    end_seconds: int
    colour: str
    shape: str


@dataclass
class FixtureVideo:
    """One video of the site; change any field to see what a second look at the site does."""

    id: str  # eleven characters
    title: str
    colour: str
    shape: str
    tab: str
    duration_seconds: int
    views: int
    published: datetime
    description: str
    tags: list[str]
    fault: Fault = Fault.NONE
    missing_pictures: set[str] = field(default_factory=set)  # names such as "maxresdefault"
    fake_pictures: set[str] = field(default_factory=set)  # served, but as a web page
    storyboard_seconds: int = 0  # from tile to tile: 1, 2, 5 or 10 as on YouTube; 0: it has none
    missing_sheets: set[int] = field(default_factory=set)  # of the storyboard, 404
    fake_sheets: set[int] = field(default_factory=set)  # served, but as a web page
    has_video_file: bool = False  # whether the video itself is served
    delivery: str = "whole"  # how it is handed out: "whole" or, as by YouTube, in "ranges"
    only_storyboard: bool = False  # whether not even its address is told
    captions: Captions | None = None
    picture_version: int = 0  # from 1 on it stands in the thumbnail's address, as `?v=1`

    @property
    def library_id(self) -> str:
        """The id of this video in a library of tubeseek: the site's name, then its own."""
        return f"tubeseekfixture-{self.id}"

    @property
    def storyboard_tiles(self) -> int:
        """As many as YouTube takes: the last one at the end of the video or behind it."""
        return math.ceil(self.duration_seconds / self.storyboard_seconds) + 1

    @property
    def scene(self) -> Scene:
        """What its storyboard shows in the midst of the same picture: another colour and shape."""
        first = self.storyboard_tiles // 3
        colours, shapes = list(COLOURS), list(SHAPES)
        return Scene(
            start_seconds=first * self.storyboard_seconds,
            end_seconds=(first + SCENE_TILES) * self.storyboard_seconds,
            colour=colours[(colours.index(self.colour) + 5) % len(colours)],
            shape=shapes[(shapes.index(self.shape) + 3) % len(shapes)],
        )

    def chapters(self) -> list[dict[str, Any]]:
        """Two halves."""
        middle = self.duration_seconds / 2
        return [
            {"title": "First half", "start_time": 0, "end_time": middle},
            {"title": "Second half", "start_time": middle, "end_time": self.duration_seconds},
        ]

    def heatmap(self) -> list[dict[str, float]]:
        """Ten stretches, each replayed more often than the one before."""
        step = self.duration_seconds / 10
        return [
            {"start_time": i * step, "end_time": (i + 1) * step, "value": (i + 1) / 10}
            for i in range(10)
        ]


def make_videos(count: int = 60) -> list[FixtureVideo]:
    """A channel of every colour in every shape, in the order in which it is listed."""
    pairs = [(colour, shape) for shape in SHAPES for colour in COLOURS]
    return [make_video(i, *pairs[i % len(pairs)], count) for i in range(count)]


def make_video(index: int, colour: str, shape: str, count: int = 60) -> FixtureVideo:
    """The video at one place of the channel: the last eight are streams and shorts."""
    from_end = count - index
    tab = "videos" if from_end > 8 or count < 20 else "streams" if from_end > 4 else "shorts"
    korean = f"{COLOURS[colour][1]} {SHAPES[shape]}"
    return FixtureVideo(
        id=f"shape{index:05d}A",
        title=f"A {colour} {shape} | {korean}",
        colour=colour,
        shape=shape,
        tab=tab,
        duration_seconds=45 if tab == "shorts" else 240 + 10 * index,
        views=1_000_000 // (index + 1),
        published=_NEWEST - timedelta(days=3 * index),
        description=f"How to draw a {colour} {shape}. {korean} 그리기.",
        tags=[colour, shape],
    )
