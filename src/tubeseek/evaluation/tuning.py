"""Learns the weight of each index in the fusion from judgements, by cross-validation.

Weights look better on the queries that they were chosen by than on others. So each query is
measured with weights that were chosen without it: queries are dealt into folds, the best weights
on all other folds are taken for each fold, and their result in that fold is reported.
Source: Stone, "Cross-validatory choice and assessment of statistical predictions", 1974.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from tubeseek.core.errors import InputError
from tubeseek.evaluation.statistics import Difference, FloatArray, compare

STEPS = (0.0, 0.25, 0.5, 1.0)  # weights to try; one is always 1, because only ratios matter
FOLDS = 5
Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class TuningResult:
    """The best weights and what they gain.

    Attributes:
        weights: The best weights over all queries.
        before: The mean value with the present weights.
        after: The mean value, each query with weights that were chosen without it.
        difference: The gain, query by query.
    """

    weights: Weights
    before: float
    after: float
    difference: Difference

    @property
    def worth_it(self) -> bool:
        """Whether the gain is beyond chance."""
        return self.difference.gain.low > 0


def candidates(indexes: Sequence[str]) -> list[dict[str, float]]:
    """Return all weights to try, beginning with equal ones.

    >>> [list(w.values()) for w in candidates(["a", "b"])][:3]
    [[1.0, 1.0], [0.5, 1.0], [1.0, 0.5]]
    """
    rows = [row for row in product(STEPS, repeat=len(indexes)) if max(row) == 1]
    rows.sort(key=lambda row: (len(row) - sum(row), row))
    return [dict(zip(indexes, row, strict=True)) for row in rows]


def tune(
    indexes: Sequence[str],
    values: Callable[[Weights], FloatArray],
    current: Weights,
    *,
    folds: int = FOLDS,
    seed: int = 0,
) -> TuningResult:
    """Return the weights that are best for these queries.

    Args:
        indexes: The names of the indexes.
        values: Searches for all queries with some weights, and returns how good each answer is,
            (queries,), such as its reciprocal rank.
        current: The present weights.
        folds: How many parts the queries are dealt into.
        seed: The seed of the dealing.

    Raises:
        InputError: There are too few indexes or queries to choose by.
    """
    if len(indexes) < 2:
        raise InputError(
            "there is only one index to search, so no weights to tune; index the words or another "
            "encoder first (`tubeseek index`)"
        )
    tried = [dict(current), *candidates(indexes)]
    table = np.stack([values(weights) for weights in tried])  # (candidates, queries)
    queries = table.shape[1]
    if queries < 2 * folds:
        raise InputError(f"{queries} queries are too few to tune by; give {2 * folds} or more")
    fold_of = np.random.default_rng(seed).permutation(queries) % folds
    held_out = np.empty(queries)
    for fold in range(folds):
        inside = fold_of == fold
        held_out[inside] = table[_best(table[:, ~inside]), inside]
    return TuningResult(
        tried[_best(table)],
        float(table[0].mean()),
        float(held_out.mean()),
        compare(table[0], held_out, seed=seed),
    )


def _best(table: FloatArray) -> int:
    """Return the candidate with the highest mean; the first of equals, which changes least."""
    return int(np.argmax(np.round(table.mean(axis=1), 9)))
