"""Computes how good rankings are, with pure functions of the ranks of right answers.

Ranks count from 1; infinity stands for a right answer that was not returned. Every metric gives one
value for each query, so that intervals and tests can be computed over queries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tubeseek.evaluation.statistics import Estimate, FloatArray, estimate, median

CUTOFFS = (1, 5, 10)


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """The ranks of the right answers to a query.

    Attributes:
        ranks: (n,) from 1, ascending; infinity if an answer was not returned.
        gains: (n,) the grade of each; 1 unless the judgements are graded.
    """

    ranks: FloatArray
    gains: FloatArray

    def __post_init__(self) -> None:
        if self.ranks.ndim != 1 or self.ranks.shape != self.gains.shape or not len(self.ranks):
            raise ValueError(f"need (n,) and (n,), got {self.ranks.shape=} {self.gains.shape=}")
        if not (self.ranks >= 1).all() or (self.ranks[1:] < self.ranks[:-1]).any():
            raise ValueError(f"ranks must count from 1 and ascend, got {self.ranks}")
        if not (self.gains > 0).all():
            raise ValueError(f"gains must be above 0, got {self.gains}")

    @property
    def first(self) -> float:
        """The rank of the first right answer."""
        return float(self.ranks[0])


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures of a system on a set of queries."""

    queries: int
    recall: dict[int, Estimate]  # by cut-off
    median_rank: Estimate
    mrr: Estimate
    ndcg_at_10: Estimate


def placements_of(
    similarities: NDArray[np.floating], relevance: NDArray[np.generic] | None = None
) -> list[Placement]:
    """Return the ranks of each row's right columns, sorted by similarity.

    Ties get their mean rank over all orders: the j-th of r right columns among m equal ones stands
    j (m + 1) / (r + 1) behind those above. So embeddings that have collapsed to a point get the
    rank of chance, and right answers that tie only with each other lose nothing. Of right ones that
    tie, the one with the lowest grade is put first.

    Args:
        similarities: (queries, items).
        relevance: (queries, items), the grade of each, 0 for wrong; None: row i means column i.

    Raises:
        ValueError: Shapes differ, a similarity is not finite, or a row has no right column.
    """
    if relevance is None:
        relevance = np.eye(len(similarities), dtype=np.float64)
    if similarities.ndim != 2 or similarities.shape != relevance.shape:
        raise ValueError(f"{similarities.shape=} does not fit {relevance.shape=}")
    if not np.isfinite(similarities).all():
        raise ValueError("similarities must be finite")
    return [_placement(s, g) for s, g in zip(similarities, relevance, strict=True)]


def placement_in(returned: Sequence[str], gains: Mapping[str, float]) -> Placement:
    """Return the ranks of right answers in a list of ids, best first.

    >>> placement_in(["c", "a"], {"a": 1, "b": 1}).ranks.tolist()
    [2.0, inf]
    """
    at = {name: rank for rank, name in reversed(list(enumerate(returned, start=1)))}
    pairs = sorted((float(at.get(name, np.inf)), -gain) for name, gain in gains.items())
    return Placement(np.array([rank for rank, _ in pairs]), np.array([-gain for _, gain in pairs]))


def first_ranks(placements: Sequence[Placement]) -> FloatArray:
    """Return the rank of each query's first right answer, (queries,)."""
    return np.array([placement.first for placement in placements], dtype=np.float64)


def recall_at(placements: Sequence[Placement], cutoff: int) -> FloatArray:
    """Return 1 for each query with a right answer among the first `cutoff`, else 0, (queries,).

    This is R@k in papers on cross-modal retrieval: recall for queries with one right answer, and
    what trec_eval calls success for others.
    """
    return (first_ranks(placements) <= cutoff).astype(np.float64)


def reciprocal_rank(placements: Sequence[Placement]) -> FloatArray:
    """Return 1 / rank of each query's first right answer, 0 if there is none, (queries,)."""
    return 1.0 / first_ranks(placements)


def ndcg_at_10(placements: Sequence[Placement]) -> FloatArray:
    """Return the discounted cumulative gain of the first ten over the highest possible, (queries,).

    sum of gain / log2(1 + rank). Source: Järvelin and Kekäläinen, "Cumulated gain-based evaluation
    of IR techniques", TOIS 2002, in the form that trec_eval computes.
    """
    return np.array([_ndcg(placement, 10) for placement in placements], dtype=np.float64)


def score(placements: Sequence[Placement], seed: int = 0) -> Scores:
    """Return all figures of a system, each with its interval.

    Raises:
        ValueError: There is no query.
    """
    return Scores(
        queries=len(placements),
        recall={k: estimate(recall_at(placements, k), seed=seed) for k in CUTOFFS},
        median_rank=estimate(first_ranks(placements), median, seed=seed),
        mrr=estimate(reciprocal_rank(placements), seed=seed),
        ndcg_at_10=estimate(ndcg_at_10(placements), seed=seed),
    )


def _placement(similarities: NDArray[np.floating], gains: NDArray[np.generic]) -> Placement:
    right = np.flatnonzero(gains)
    right = right[np.lexsort((gains[right].astype(np.float64), -similarities[right]))]
    own = similarities[right]  # (right,), descending
    above = (similarities[None, :] > own[:, None]).sum(axis=1)  # (right,)
    level = (similarities[None, :] == own[:, None]).sum(axis=1)
    equal = own[None, :] == own[:, None]  # (right, right)
    nth = np.tril(equal).sum(axis=1)  # of the right ones that are equal, from 1
    ranks = above + nth * (level + 1) / (equal.sum(axis=1) + 1)
    return Placement(ranks, gains[right].astype(np.float64))


def _ndcg(placement: Placement, cutoff: int) -> float:
    inside = placement.ranks <= cutoff
    gained = (placement.gains[inside] / np.log2(1 + placement.ranks[inside])).sum()
    best = np.sort(placement.gains)[::-1][:cutoff]
    return float(gained / (best / np.log2(2 + np.arange(len(best)))).sum())
