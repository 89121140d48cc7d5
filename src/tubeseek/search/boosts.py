"""Raises videos for what is liked about them beside how well they fit. Pure functions.

A boost adds up to `MOST_NATS` of evidence to what orders the videos of one level of fit. It orders
what fits about as well, and does not bring up what does not fit.
"""

import math
from collections.abc import Collection, Sequence
from datetime import date

from tubeseek.core.schemas import Boost
from tubeseek.core.types import HeatPoint, MomentHit, Video
from tubeseek.search.fusion import Candidate
from tubeseek.search.moments import MAX_MOMENTS, with_moments

MOST_NATS = 1.0
HALF_LIFE_DAYS = 180.0


def boost_in_nats(
    candidate: Candidate, needed: float, video: Video, boosts: Collection[Boost], today: date
) -> float:
    """Return what boosts add to a video, in nats.

    Args:
        candidate: The video as the indexes name it.
        needed: What a moment needs to fit, in nats.
        video: The same, with what is known of it.
        boosts: Each counts once.
        today: What recency is measured from.
    """
    raised = 0.0
    if Boost.RECENT in boosts:
        raised += MOST_NATS * recency(video.published, today)
    if Boost.MOST_REPLAYED in boosts and video.heatmap:
        moments = order_by_replays(
            with_moments(candidate, needed, MAX_MOMENTS).moments, video, boosts
        )
        if moments:
            raised += MOST_NATS * _heat(moments[0], video)
    return raised


def order_by_replays(
    moments: Sequence[MomentHit], video: Video, boosts: Collection[Boost]
) -> tuple[MomentHit, ...]:
    """Return moments in their order with what is replayed raised, where that is asked for."""
    if Boost.MOST_REPLAYED not in boosts or not video.heatmap:
        return tuple(moments)
    return tuple(
        sorted(moments, key=lambda moment: -moment.hit.score - MOST_NATS * _heat(moment, video))
    )


def _heat(moment: MomentHit, video: Video) -> float:
    return replays(video.heatmap, moment.start, moment.end)


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
