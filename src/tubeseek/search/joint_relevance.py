"""Learns what several indexes together say of queries that nothing fits. Pure.

What each index alone gives to one of twenty queries that nothing fits (`needed` in `evidence`) adds
up to more than their sum of evidence needs, because the best segment of one is rarely the best of
another. So the background queries are asked of all indexes at once. For background query b and
sampled video v

    excess(b, v) = sum_i weight_i (evidence_i(b, v) - usual_i(b))

where a video that an index lacks has the evidence `UNSEEN` there. The best excess of each query
follows a Gumbel distribution, fitted and carried over from the sample to the library as in
`relevance`. With its quantile at 1 - `JOINT_FALSE_ALARMS`, a video needs

    sum_i weight_i usual_i(q) + quantile
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tubeseek.search.evidence import JOINT_FALSE_ALARMS, UNSEEN
from tubeseek.search.relevance import FEWEST_BACKGROUND_QUERIES, gumbel_of_maxima

MOST_COMBINATIONS = 32  # of indexes and weights whose answer is remembered


@dataclass(frozen=True, slots=True, eq=False)
class BackgroundEvidence:
    """What one index says of the background queries.

    Attributes:
        queries: Those that its encoder reads.
        video_ids: (n,) of the sampled videos, sorted.
        evidence: (queries, n), of the best segment of each video, in nats.
        usual: (queries,), what the best hit of each would usually have, in nats.
        growth: How many times as many segments as the sample the index has.
    """

    queries: Sequence[str]
    video_ids: NDArray[np.str_]
    evidence: NDArray[np.floating[Any]]
    usual: NDArray[np.floating[Any]]
    growth: float


def evidence_by_video(
    evidence: NDArray[np.floating[Any]], video_ids: Sequence[str]
) -> tuple[NDArray[np.str_], NDArray[np.floating[Any]]]:
    """Return the sorted ids of the videos, and the most evidence of each, (queries, videos).

    Args:
        evidence: (queries, segments).
        video_ids: (segments,), the video of each.
    """
    ids, columns = np.unique(np.array(video_ids, dtype=np.str_), return_inverse=True)
    best = np.full((len(evidence), len(ids)), -np.inf, evidence.dtype)
    for column, of_segment in zip(columns, evidence.T, strict=True):
        np.maximum(best[:, column], of_segment, out=best[:, column])
    return ids, best


@lru_cache(maxsize=MOST_COMBINATIONS)  # what is learnt anew is another object
def joint_excess(parts: tuple[tuple[float, BackgroundEvidence], ...]) -> float | None:
    """Return what a video needs beyond what its best hits usually have, in nats.

    Args:
        parts: The weight of each index, above 0, and what it says of the background queries.

    Returns:
        None where the background queries that all of them read are too few, or all alike.
    """
    shared = set.intersection(*(set(part.queries) for _, part in parts)) if parts else set()
    if len(shared) < FEWEST_BACKGROUND_QUERIES:
        return None
    ids = np.unique(np.concatenate([part.video_ids for _, part in parts]))
    excess = np.zeros((len(shared), len(ids)))
    for weight, part in parts:
        rows = [row for row, query in enumerate(part.queries) if query in shared]
        evidence = np.full(excess.shape, UNSEEN)
        evidence[:, np.searchsorted(ids, part.video_ids)] = part.evidence[rows]
        excess += weight * (evidence - part.usual[rows, None])
    growth = max(part.growth for _, part in parts)
    best = gumbel_of_maxima(excess.max(axis=1), growth)
    return None if best is None else best.quantile(1 - JOINT_FALSE_ALARMS)
