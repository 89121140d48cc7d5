"""Computes intervals of figures over queries, and tests of differences. Pure functions."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Groups = NDArray[np.integer]  # (queries,) the number of each query's group, from 0

RESAMPLES = 2_000
INTERVAL = (2.5, 97.5)  # percentiles: 95 % of the resampled figures lie between them
FLIPS = 10_000  # in the randomisation test; p is exact to about .002 at .05
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
    """What system b gains over system a on the same queries."""

    gain: Estimate  # mean of b - a
    p_value: float


def mean(values: FloatArray) -> FloatArray:
    """Return the mean along the last axis."""
    return np.asarray(values.mean(axis=-1))


def median(values: FloatArray) -> FloatArray:
    """Return the median along the last axis.

    For an even count it is the lower of the two middle values, a rank even next to infinity.
    """
    middle = (values.shape[-1] - 1) // 2
    return np.asarray(np.partition(values, middle, axis=-1)[..., middle])


def estimate(
    values: FloatArray,
    statistic: Callable[[FloatArray], FloatArray] = mean,
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Estimate:
    """Return a figure and its 95 % percentile bootstrap interval over queries.

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
    """Return a mean over queries in groups, such as the captions of a picture, and its interval.

    Whole groups are drawn (the cluster bootstrap: Davison and Hinkley, "Bootstrap Methods and their
    Application", 1997, section 3.8). A picture that is hard is hard for all of its captions, so
    drawing captions one by one would give too narrow an interval.

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
    """Return what b gains over a, query by query, and the p-value.

    Fisher's paired randomisation test, two-sided: were a and b the same system, each query's
    difference might as well have the other sign. p = (1 + as extreme) / (1 + flips).
    Source: Smucker, Allan and Carterette, "A comparison of statistical significance tests for
    information retrieval evaluation", CIKM 2007.

    Args:
        a: (queries,) one system's values.
        b: (queries,) the other's, of the same queries in the same order.
        groups: The groups of queries that are drawn, and change their sign, together; None: each
            query by itself.
        seed: The seed of interval and test.
        flips: How many random assignments of signs are tried.

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
    """Return the sizes of portions of `rows` whose tables fit into memory."""
    portion = max(1, min(rows, _BLOCK // columns))
    return [min(portion, rows - done) for done in range(0, rows, portion)]
