"""Shots against vectors whose cosines are planted."""

from itertools import pairwise

import numpy as np
import pytest

from tubeseek.core.types import Segment, SegmentKind, Vectors
from tubeseek.search.shots import Shot, alike_cosine, cut, neighbours, shot_at

RED, BLUE, GREEN = np.eye(3, dtype=np.float32)


def stills(*times: float) -> list[Segment]:
    return [Segment("v", SegmentKind.STILL, at, at) for at in times]


def clips(*times: tuple[float, float]) -> list[Segment]:
    return [Segment("v", SegmentKind.CLIP, start, end) for start, end in times]


def cut_of(
    segments: list[Segment], *vectors: np.ndarray, duration: float | None = 60.0
) -> list[Shot]:
    return cut(neighbours(segments, np.stack(vectors)), 0.8, duration)


def test_a_run_of_alike_stills_is_a_shot_until_the_next_begins() -> None:
    shots = cut_of(stills(0, 2, 4.7, 9), RED, RED, BLUE, RED)
    assert shots == [(0, 4.7), (4.7, 9), (9, 60)]


def test_the_order_in_which_stills_come_does_not_matter() -> None:
    assert cut_of(stills(9, 0, 4.7, 2), RED, RED, BLUE, RED) == [(0, 4.7), (4.7, 9), (9, 60)]


def test_a_thumbnail_is_no_part_of_a_shot() -> None:
    segments = [Segment("v", SegmentKind.THUMBNAIL), *stills(1, 3)]
    assert cut_of(segments, BLUE, RED, RED) == [(1, 60)]


@pytest.mark.parametrize(
    ("duration", "end"),
    [(5.5, 5.5), (None, 7.0), (4.0, 7.0), (3.0, 7.0)],  # a file may be longer than it says
)
def test_the_last_shot_ends_with_the_video_or_after_a_usual_step(
    duration: float | None, end: float
) -> None:
    shots = cut_of(stills(0, 1, 4), RED, BLUE, GREEN, duration=duration)
    assert shots[-1] == pytest.approx((4, 4 + 2 if duration != 5.5 else end))
    assert all(shot.start < shot.end for shot in shots)


def test_a_video_of_one_still_is_one_shot() -> None:
    assert cut_of(stills(0.0), RED) == [(0, 60)]
    assert cut_of(stills(0.0), RED, duration=None) == [(0, 2)]
    assert cut_of(stills(0.0), RED, duration=0.0) == [(0, 2)]


def test_a_video_without_stills_has_no_shots() -> None:
    empty: Vectors = np.empty((0, 3), np.float32)
    assert cut(neighbours([], empty), 0.8, 60.0) == []
    assert shot_at([], 1.0) is None


def test_frames_at_nearly_the_same_time_are_not_cut_apart() -> None:
    assert cut_of(stills(0, 4, 4.01, 8), RED, BLUE, GREEN, GREEN) == [(0, 4), (4, 60)]


def test_clips_end_where_they_end() -> None:
    segments = clips((0, 10), (30, 40), (60, 70), (70, 80))
    assert cut_of(segments, RED, BLUE, BLUE, RED, duration=90.0) == [(0, 10), (30, 70), (70, 80)]


def test_shots_lie_one_after_another_and_hold_each_still() -> None:
    random = np.random.default_rng(7)
    for _ in range(200):
        times = np.sort(random.uniform(0, 100, random.integers(1, 30))).tolist()
        vectors = random.standard_normal((len(times), 4)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        shots = cut(neighbours(stills(*times), vectors), 0.3, 100.0)
        assert all(a.end <= b.start for a, b in pairwise(shots))
        assert all(shot.start < shot.end for shot in shots)
        assert all(shot_at(shots, at) is not None for at in times)


def test_the_measure_follows_how_alike_pictures_of_the_library_are() -> None:
    random = np.random.default_rng(7)
    own = random.standard_normal((400, 64)).astype(np.float32)
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    base = np.zeros(64, np.float32)
    base[0] = 1
    crowded = np.sqrt(0.3) * own + np.sqrt(0.7) * base  # cosines of about 0.7
    crowded /= np.linalg.norm(crowded, axis=1, keepdims=True)
    assert alike_cosine(own) == pytest.approx(0.8, abs=0.01)
    assert alike_cosine(crowded) == pytest.approx(0.94, abs=0.01)
    assert alike_cosine(own[:1]) == 0.8
