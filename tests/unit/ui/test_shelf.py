"""The list of the library page: what is found, and in which order."""

from datetime import date

import pytest

from tubeseek.core.schemas import VideoFacts
from tubeseek.ui.components.shelf import SORT_TEXTS, arranged

VIDEOS = [
    VideoFacts(id="a1", url="", title="Zebra", channel="Zoo", views=5, duration_seconds=9),
    VideoFacts(id="b2", url="", title="apple pie", published=date(2024, 1, 2), views=7),
    VideoFacts(id="c3", url="", title="고양이", channel="ZOO", published=date(2023, 1, 2)),
    VideoFacts(id="d4", url="", title="", duration_seconds=90),
]


def ids(find: str = "", sort: str = "") -> str:
    return " ".join(video.id for video in arranged(VIDEOS, find, sort))


@pytest.mark.parametrize(
    ("find", "expected"),
    [
        ("", "a1 b2 c3 d4"),
        ("zoo", "a1 c3"),
        ("ZOO 고양", "c3"),
        ("d4", "d4"),
        ("pie APPLE", "b2"),
        ("nothing", ""),
        ("zoo pie", ""),
    ],
)
def test_all_words_must_occur_in_title_channel_or_id(find: str, expected: str) -> None:
    assert ids(find) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", "a1 b2 c3 d4"),
        ("title", "d4 b2 a1 c3"),
        ("date", "b2 c3 a1 d4"),
        ("views", "b2 a1 c3 d4"),
        ("length", "d4 a1 b2 c3"),
    ],
)
def test_videos_that_lack_the_fact_come_last(sort: str, expected: str) -> None:
    assert sort in SORT_TEXTS
    assert ids(sort=sort) == expected
