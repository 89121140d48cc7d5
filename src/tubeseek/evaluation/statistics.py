"""How sure a figure over queries is, and whether two systems differ. Pure functions."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Groups = NDArray[np.integer]  # (queries,) which group each is of, from 0

RESAMPLES = 2_000
INTERVAL = (2.5, 97.5)  # percentiles: 95 % of the resampled figures lie between them
FLIPS = 10_000  # of the randomisation test: p is known to about .002 at .05
_BLOCK = 4_000_000  # numbers drawn at once, 32 MB


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over queries with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True, slots=True)
class Difference:
    """What b has over a on the same queries."""

    gain: Estimate  # mean of b - a
    p_value: float


def mean(values: FloatArray) -> FloatArray:
    """Along the last axis."""
    return np.asarray(values.mean(axis=-1))


def median(values: FloatArray) -> FloatArray:
    """Along the last axis; of an even number the lower middle, which is a rank even beside
    infinity."""
    middle = (values.shape[-1] - 1) // 2
    return np.asarray(np.partition(values, middle, axis=-1)[..., middle])


def estimate(
    values: FloatArray,
    statistic: Callable[[FloatArray], FloatArray] = mean,
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Estimate:
    """A figure and its 95 % percentile bootstrap interval over queries.

    Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.

    Args:
        values: (queries,) one value for each.
        statistic: Takes (..., queries) to (...).
        seed: Of the resampling.
        resamples: How many times queries are drawn with replacement.

    Raises:
        ValueError: There is no query.
    """
    if values.ndim != 1 or not len(values):
        raise ValueError(f"need one value for each of some queries, got {values.shape=}")
    random = np.random.default_rng(seed)
    figures = [
        statistic(values[random.integers(len(values), size=(rows, len(values)))])
        for rows in _blocks(resamples, len(values))
    ]
    # A percentile that exists among the figures: between a rank and infinity lies nothing.
    low, high = np.percentile(np.concatenate(figures), INTERVAL, method="nearest")
    return Estimate(float(statistic(values)), float(low), float(high))


def estimate_mean(
    values: FloatArray, groups: Groups, *, seed: int = 0, resamples: int = RESAMPLES
) -> Estimate:
    """A mean over queries of which some belong together, as the captions of one picture do.

    Whole groups are drawn: what makes a picture hard makes it hard for all of its captions, and
    drawn one by one they would seem to tell more than they do. The cluster bootstrap: Davison and
    Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8.

    Args:
        values: (queries,) one value for each.
        groups: The group of each.
        seed: Of the resampling.
        resamples: How many times groups are drawn with replacement.
    """
    sums, counts = np.bincount(groups, values), np.bincount(groups)
    random = np.random.default_rng(seed)
    figures = []
    for rows in _blocks(resamples, len(sums)):
        drawn = random.integers(len(sums), size=(rows, len(sums)))
        figures.append(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1))
    low, high = np.percentile(np.concatenate(figures), INTERVAL, method="nearest")
    return Estimate(float(values.mean()), float(low), float(high))


def compare(
    a: FloatArray,
    b: FloatArray,
    *,
    groups: Groups | None = None,
    seed: int = 0,
    flips: int = FLIPS,
) -> Difference:
    """Whether b is better than a, query by query.

    Fisher's paired randomisation test, two-sided: were a and b the same system, each query's
    difference might as well have the other sign. p = (1 + as extreme) / (1 + flips).
    Source: Smucker, Allan and Carterette, "A comparison of statistical significance tests for
    information retrieval evaluation", CIKM 2007.

    Args:
        a: (queries,) one system's values.
        b: (queries,) the other's, of the same queries in the same order.
        groups: Which queries belong together, and are drawn and take other signs together; None:
            none do.
        seed: Of interval and test.
        flips: How many random signs are tried.

    Raises:
        ValueError: They are not of the same queries.
    """
    if a.shape != b.shape:
        raise ValueError(f"the two must be of the same queries, got {a.shape=} {b.shape=}")
    difference = b - a
    if groups is None:
        groups = np.arange(len(difference))
    sums = np.bincount(groups, difference)  # (groups,)
    observed = abs(difference.mean()) - 1e-12  # sums in another order differ in the last digit
    random = np.random.default_rng(seed)
    extreme = 0
    for rows in _blocks(flips, len(sums)):
        signs = random.integers(2, size=(rows, len(sums)), dtype=np.int8) * 2 - 1
        extreme += int((np.abs(signs @ sums) / len(difference) >= observed).sum())
    gain = estimate_mean(difference, groups, seed=seed)
    return Difference(gain, (1 + extreme) / (1 + flips))


def _blocks(rows: int, columns: int) -> list[int]:
    """`rows` in portions whose tables fit into memory."""
    portion = max(1, min(rows, _BLOCK // columns))
    return [min(portion, rows - done) for done in range(0, rows, portion)]
