"""Two systems on the same queries: who is better, by how much, and how sure that is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np

from tubeseek.evaluate.asking import Run
from tubeseek.evaluate.intervals import Difference, FloatArray, compare
from tubeseek.evaluate.metrics import (
    CUTOFFS,
    Placement,
    first_ranks,
    ndcg_at_10,
    recall_at,
    reciprocal_rank,
)

Metric = Callable[[Sequence[Placement]], FloatArray]

METRICS: Mapping[str, Metric] = MappingProxyType(
    {f"recall@{k}": partial(recall_at, cutoff=k) for k in CUTOFFS}
    | {"MRR": reciprocal_rank, "nDCG@10": ndcg_at_10}
)


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """System b against system a.

    Attributes:
        a: What there was.
        b: What may replace it.
        differences: By the name of the metric: what b has over a.
    """

    a: Run
    b: Run
    differences: Mapping[str, Difference]

    def by_change(self) -> list[int]:
        """The topics' numbers, the one that gained most in reciprocal rank first."""
        change = reciprocal_rank(self.b.placements) - reciprocal_rank(self.a.placements)
        return [int(at) for at in np.argsort(-change, kind="stable")]


def compare_runs(a: Run, b: Run, seed: int = 0) -> Comparison:
    """Compares query by query.

    Raises:
        ValueError: They were not asked the same.
    """
    if [one.query for one in a.topics] != [one.query for one in b.topics]:
        raise ValueError("two systems can be compared on the same queries only")
    differences = {
        name: compare(metric(a.placements), metric(b.placements), seed=seed)
        for name, metric in METRICS.items()
    }
    return Comparison(a, b, differences)


def recall_curve(run: Run) -> FloatArray:
    """(depth,) recall@k for k = 1 .. depth."""
    ranks = first_ranks(run.placements)
    return np.array([(ranks <= k).mean() for k in range(1, run.depth + 1)])
