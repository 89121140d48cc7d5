"""Boosts against what can be computed by hand."""

from datetime import date, timedelta

import pytest

from tubeseek.core.schemas import Boost
from tubeseek.core.types import HeatPoint, Hit, Segment, SegmentKind, Video
from tubeseek.search.boosts import (
    HALF_LIFE_DAYS,
    STRENGTH,
    apply_boosts,
    boosted_depth,
    recency,
    replays,
)
from tubeseek.search.fusion import RRF_K, FusedVideo

TODAY = date(2026, 11, 22)
HEAT = tuple(HeatPoint(10.0 * n, 10.0 * n + 10, value) for n, value in enumerate((1.0, 0.0, 0.6)))


def still(at: float, score: float) -> Hit:
    return Hit(Segment("x", SegmentKind.STILL, at, at), score)


def fused_video(*moments: Hit) -> FusedVideo:
    return FusedVideo("x", 0.02, moments, ())


@pytest.mark.parametrize("lives", [0, 1, 2, 5])
def test_recency_halves_with_each_half_life(lives: int) -> None:
    day = TODAY - timedelta(days=lives * HALF_LIFE_DAYS)
    assert recency(day, TODAY) == 0.5**lives


def test_a_premiere_is_as_recent_as_today_and_an_unknown_day_is_not_recent() -> None:
    assert recency(TODAY + timedelta(days=30), TODAY) == 1
    assert recency(None, TODAY) == 0


@pytest.mark.parametrize(
    ("start", "end", "mean"),
    [
        (0, 10, 1.0),
        (5, 15, 0.5),
        (0, 30, 1.6 / 3),
        (9.9, 9.9, 1.0),
        (10, 10, 0.0),
        (20, 40, 0.3),
        (30, 30, 0.0),
        (50, 60, 0.0),
    ],
)
def test_replays_are_a_mean_over_time(start: float, end: float, mean: float) -> None:
    assert replays(HEAT, start, end) == pytest.approx(mean)


def test_recent_raises_the_video_and_no_moment() -> None:
    video = Video("x", "", "", published=TODAY - timedelta(days=HALF_LIFE_DAYS))
    fused = apply_boosts(fused_video(still(5, 0.01)), video, [Boost.RECENT], TODAY)
    assert fused.score == pytest.approx(0.02 * (1 + STRENGTH / 2))
    assert fused.moments == (still(5, 0.01),)


def test_most_replayed_raises_moments_and_the_video_by_its_best() -> None:
    video = Video("x", "", "", heatmap=HEAT)
    fused = apply_boosts(
        fused_video(still(15, 0.013), still(25, 0.012)), video, {Boost.MOST_REPLAYED}, TODAY
    )
    assert [m.segment.start for m in fused.moments] == [25, 15]
    assert [m.score for m in fused.moments] == pytest.approx([0.012 * (1 + 0.6 * STRENGTH), 0.013])
    assert fused.score == pytest.approx(0.02 * (1 + 0.6 * STRENGTH))


def test_what_is_not_known_and_what_is_not_asked_for_raises_nothing() -> None:
    fused = fused_video(still(5, 0.01))
    assert apply_boosts(fused, Video("x", "", ""), list(Boost), TODAY) == fused
    assert (
        apply_boosts(fused_video(), Video("x", "", "", heatmap=HEAT), list(Boost), TODAY)
        == fused_video()
    )
    assert (
        apply_boosts(fused, Video("x", "", "", published=TODAY, heatmap=HEAT), (), TODAY) == fused
    )


@pytest.mark.parametrize("boosts", [(), (Boost.RECENT,), (Boost.RECENT, Boost.MOST_REPLAYED)])
@pytest.mark.parametrize("limit", [1, 10, 1000])
def test_nothing_beyond_reach_comes_among_the_first(limit: int, boosts: tuple[Boost]) -> None:
    most = (1 + STRENGTH) ** len(boosts)
    last, deepest = 1 / (RRF_K + limit), boosted_depth(limit, boosts)
    assert most / (RRF_K + deepest) >= last > most / (RRF_K + deepest + 1)
