"""Raises videos that are recent or often replayed. Pure functions.

A boost multiplies the fused score by 1 + STRENGTH x, with x in [0, 1]. Where ranks are fused as
1 / (60 + rank), it can lift rank 31 to rank 1 at most: about 1.5 / (60 + 31) = 1 / (60 + 1). So it
reorders videos that fit about equally well, and does not bring up what does not fit.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from tubeseek.core.schemas import Boost
from tubeseek.core.types import HeatPoint, Video
from tubeseek.search.fusion import RRF_K, FusedVideo

STRENGTH = 0.5
HALF_LIFE_DAYS = 180.0


def apply_boosts(
    fused: FusedVideo, video: Video, boosts: Collection[Boost], today: date
) -> FusedVideo:
    """Return a found video with its score raised, and its moments in their new order.

    Args:
        fused: The video with scores from ranks, so that none is below 0.
        video: The same video as the catalogue knows it.
        boosts: Each counts once.
        today: The day that recency is measured from.
    """
    factor, moments = 1.0, fused.moments
    if Boost.RECENT in boosts:
        factor *= 1 + STRENGTH * recency(video.published, today)
    if Boost.MOST_REPLAYED in boosts and video.heatmap and moments:
        heats = [replays(video.heatmap, m.segment.start, m.segment.end) for m in moments]
        raised = [
            (replace(moment, score=moment.score * (1 + STRENGTH * heat)), heat)
            for moment, heat in zip(moments, heats, strict=True)
        ]
        raised.sort(key=lambda pair: -pair[0].score)
        moments = tuple(moment for moment, _ in raised)
        factor *= 1 + STRENGTH * raised[0][1]
    return replace(fused, score=fused.score * factor, moments=moments)


def boosted_depth(limit: int, boosts: Collection[Boost]) -> int:
    """Return how many videos of a ranking these boosts can bring among the first `limit`.

    A factor f lifts rank r to rank `limit` where f / (60 + r) = 1 / (60 + limit).

    >>> boosted_depth(1, {Boost.RECENT}), boosted_depth(10, ())
    (31, 10)
    """
    most = (1 + STRENGTH) ** len(set(boosts))
    return math.floor(most * (RRF_K + limit) - RRF_K)


def recency(published: date | None, today: date) -> float:
    """Return how recent a day is: 2 ** (-age / half-life); 1 from today on, 0 if unknown.

    >>> recency(date(2026, 1, 1), today=date(2026, 6, 30))  # 180 days
    0.5
    """
    if published is None:
        return 0.0
    return math.exp2(-max(0, (today - published).days) / HALF_LIFE_DAYS)


def replays(heatmap: Sequence[HeatPoint], start: float, end: float) -> float:
    """Return how often [start, end) is replayed: the mean over its time, in [0, 1].

    What the heatmap does not cover counts as 0. For a frame, start == end, it is the value there.

    >>> heat = (HeatPoint(0, 10, 1.0), HeatPoint(10, 20, 0.25))
    >>> replays(heat, 5, 15), replays(heat, 10, 10), replays(heat, 15, 25)
    (0.625, 0.25, 0.125)
    """
    if start == end:
        value = next((p.value for p in heatmap if p.start <= start < p.end), 0.0)
    else:
        value = sum(p.value * _shared(p, start, end) for p in heatmap) / (end - start)
    return min(max(value, 0.0), 1.0)


def _shared(point: HeatPoint, start: float, end: float) -> float:
    """Return the seconds that a point of the heatmap and [start, end) have in common."""
    return max(0.0, min(point.end, end) - max(point.start, start))
