"""Boosts against what can be computed by hand."""

from datetime import date, timedelta

import pytest

from tubeseek.core.schemas import Boost
from tubeseek.core.types import HeatPoint, Hit, MomentHit, Segment, SegmentKind, Video
from tubeseek.search.boosts import (
    HALF_LIFE_DAYS,
    MOST_NATS,
    boost_in_nats,
    order_by_replays,
    recency,
    replays,
)
from tubeseek.search.fusion import Answer, Candidate

TODAY = date(2026, 11, 22)
HEAT = tuple(HeatPoint(10.0 * n, 10.0 * n + 10, value) for n, value in enumerate((1.0, 0.0, 0.6)))


def still(at: float, score: float) -> Hit:
    return Hit(Segment("x", SegmentKind.STILL, at, at), score)


def moment(at: float, score: float) -> MomentHit:
    return MomentHit(still(at, score), at, at + 1, at)


def candidate(*moments: Hit) -> Candidate:
    return Candidate("x", 2.0, (Answer(moments),))


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


def test_a_recent_video_gains_by_its_recency() -> None:
    video = Video("x", "", "", published=TODAY - timedelta(days=HALF_LIFE_DAYS))
    gain = boost_in_nats(candidate(still(5, 1.0)), 0.0, video, [Boost.RECENT], TODAY)
    assert gain == pytest.approx(MOST_NATS / 2)


def test_a_replayed_video_gains_by_its_best_moment() -> None:
    video = Video("x", "", "", heatmap=HEAT)
    moments = (moment(15, 1.3), moment(25, 1.2))
    assert [m.start for m in order_by_replays(moments, video, {Boost.MOST_REPLAYED})] == [
        25,
        15,
    ]
    gain = boost_in_nats(
        candidate(still(15, 1.3), still(25, 1.2)), 0.0, video, {Boost.MOST_REPLAYED}, TODAY
    )
    assert gain == pytest.approx(MOST_NATS * 0.6)
    far_better = (moment(15, 3.0), moment(25, 1.2))  # a boost does not lift 1.2 above 3.0
    ordered = order_by_replays(far_better, video, {Boost.MOST_REPLAYED})
    assert [m.start for m in ordered] == [15, 25]


def test_what_is_not_known_or_not_wanted_gains_nothing() -> None:
    video = candidate(still(5, 1.0))
    replayed = Video("x", "", "", published=TODAY, heatmap=HEAT)
    assert boost_in_nats(video, 0.0, Video("x", "", ""), list(Boost), TODAY) == 0
    assert boost_in_nats(video, 0.0, replayed, (), TODAY) == 0
    unmoved = Video("x", "", "", heatmap=HEAT)
    assert boost_in_nats(candidate(), 0.0, unmoved, list(Boost), TODAY) == 0
    assert order_by_replays((moment(15, 1.3),), replayed, ()) == (moment(15, 1.3),)
