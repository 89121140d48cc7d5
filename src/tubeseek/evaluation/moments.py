"""Do searches find the right moment? Hit rates over all moments of an answer, best first."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tubeseek.core.schemas import Moment, SearchAnswer
from tubeseek.evaluation.statistics import Estimate, estimate
from tubeseek.evaluation.topics import Judgement

CUTOFFS = (1, 5)


@dataclass(frozen=True, slots=True)
class MomentScores:
    """How often the right moment, and the right video, were among the first."""

    queries: int
    moment_hit: dict[int, Estimate]  # by cut-off
    video_hit: dict[int, Estimate]
    # The most that a search which finds videos, but no moments in them, could reach: the right
    # video comes first and its moment is drawn evenly from the video's length.
    whole_video_bound: float | None


def evaluate_moments(
    judgements: Sequence[Judgement],
    search: Callable[[str], SearchAnswer],
    durations: Callable[[str], float | None],
) -> MomentScores:
    """Ask every query and looks where the answer points.

    Args:
        judgements: What should be found.
        search: The product's own search.
        durations: The length of a video in seconds, by id.
    """
    moments: list[list[bool]] = []
    videos: list[list[bool]] = []
    bounds: list[float] = []
    for judgement in judgements:
        answer = search(judgement.query)
        hits = [judgement.holds(v, m.start, m.end) for v, m in ranked_moments(answer)]
        moments.append([any(hits[:k]) for k in CUTOFFS])
        ids = [hit.video_id for hit in answer.hits]
        videos.append([judgement.video_id in ids[:k] for k in CUTOFFS])
        duration = durations(judgement.video_id)
        if duration:
            length = min(judgement.end, duration) - judgement.start
            bounds.append(max(0.0, length) / duration)
    return MomentScores(
        len(judgements),
        _rates(moments),
        _rates(videos),
        float(np.mean(bounds)) if bounds else None,
    )


def rank_of_moment(judgement: Judgement, answer: SearchAnswer) -> float:
    """The rank of the first moment that is in the right place; infinity if there is none."""
    ranked = enumerate(ranked_moments(answer), start=1)
    right = (rank for rank, (v, m) in ranked if judgement.holds(v, m.start, m.end))
    return float(next(right, float("inf")))


def ranked_moments(answer: SearchAnswer) -> list[tuple[str, Moment]]:
    """All moments of an answer, best first, each with its video's id.

    What stands for a whole video points nowhere in it, and is no moment.
    """
    moments = [
        (hit.video_id, moment)
        for hit in answer.hits
        for moment in hit.moments
        if moment.kind != "thumbnail" and (moment.kind != "passage" or moment.end > 0)
    ]
    return sorted(moments, key=lambda pair: -pair[1].score)


def _rates(hits: Iterable[Sequence[bool]]) -> dict[int, Estimate]:
    columns = list(zip(*hits, strict=True))
    return {
        k: estimate(np.asarray(column, dtype=np.float64))
        for k, column in zip(CUTOFFS, columns, strict=True)
    }
