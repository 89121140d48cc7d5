"""How much each index should count in the fusion, learned from judgements by cross-validation.

Weights that are chosen on some queries look better on those than on others. So each query is
judged by weights that were chosen without it: the queries are dealt into folds, for each fold the
weights that do best on all others are taken, and what they do in the fold is what is reported.
Source: Stone, "Cross-validatory choice and assessment of statistical predictions", 1974.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from tubeseek.core.errors import InputError
from tubeseek.evaluation.statistics import Difference, FloatArray, compare

STEPS = (0.0, 0.25, 0.5, 1.0)  # of a weight; the largest is always 1, only ratios matter
FOLDS = 5
Weights = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class TuningResult:
    """Weights and what they are worth.

    Attributes:
        weights: The best over all queries.
        before: The mean value with the weights that are set now.
        after: The mean value with weights that were chosen without the query that they serve.
        difference: After against before, query by query.
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
    """All weights to try, from those where all count the same to those where some are left out.

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
    """The weights that serve these queries best.

    Args:
        indexes: The names to give weights to.
        values: Asks all queries with some weights: (queries,) how good each answer is, such as its
            reciprocal rank.
        current: The weights that are set now.
        folds: Into how many parts the queries are dealt.
        seed: Of the dealing.

    Raises:
        InputError: There are too few indexes or queries to choose by.
    """
    if len(indexes) < 2:
        raise InputError(
            "there is only one index to search, so nothing to weigh; index the words or another "
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
    """The candidate with the highest mean; of equals the first, which changes least."""
    return int(np.argmax(np.round(table.mean(axis=1), 9)))
