"""Measures whether searches find the right moment, among all moments of an answer."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tubeseek.core.schemas import Moment, SearchAnswer
from tubeseek.evaluation.statistics import Estimate, estimate
from tubeseek.evaluation.topics import Judgement

CUTOFFS = (1, 5)


@dataclass(frozen=True, slots=True)
class MomentScores:
    """How often the right moment, and the right video, were among the first k."""

    queries: int
    moment_hit: dict[int, Estimate]  # by cut-off
    video_hit: dict[int, Estimate]
    # The highest hit rate of a search that finds videos, but no moments in them: the right video
    # comes first, and its moment is drawn at random from the video's length.
    whole_video_bound: float | None


def evaluate_moments(
    judgements: Sequence[Judgement],
    search: Callable[[str], SearchAnswer],
    durations: Callable[[str], float | None],
) -> MomentScores:
    """Search for every query, and count the answers with the right moment.

    Args:
        judgements: The queries with their right moments.
        search: The product's own search.
        durations: Returns the length of a video in seconds, by id.
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
    """Return the rank of the first moment in the right place; infinity if there is none."""
    ranked = enumerate(ranked_moments(answer), start=1)
    right = (rank for rank, (v, m) in ranked if judgement.holds(v, m.start, m.end))
    return float(next(right, float("inf")))


def ranked_moments(answer: SearchAnswer) -> list[tuple[str, Moment]]:
    """Return all moments of an answer, best first, each with its video's id.

    Segments that stand for a whole video are left out, because they point nowhere in it.
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
