"""Learns how an index scores queries that nothing fits, and places a query among them. Pure.

1.  The height of segment v for query q tells how far q stands out among background queries b:

        h(v) = (q.v - mean_b b.v) / std_b b.v

    In speaker verification this is the zero normalisation (Auckenthaler, Carey and Lloyd-Thomas,
    "Score Normalization for Text-Independent Speaker Verification Systems", Digital Signal
    Processing 10, 2000); in retrieval a bank of queries corrects hubs in the same way (Bogolin
    et al., "Cross Modal Retrieval with Querybank Normalisation", CVPR 2022).

2.  The heights of one query are taken as a line in z, its cosines scaled to mean 0 and deviation 1,
    so that they order segments as the cosines do:

        a(z) = mean_v h + std_v h z

    The best of N grows with N, so the best of the library is compared with the best that each
    background query gets there. These maxima follow a Gumbel distribution

        P(best a <= a) = exp(-exp(-(a - location) / scale))

    whose two parameters come from their lower quartile and median: the library does hold what some
    of the background queries ask for, and the upper half, where those lie, is not looked at.
    When the maxima are those of a sample of n among N segments, the maximum of N has its location
    at location + scale ln(N / n) (the distribution is max-stable: Fisher and Tippett, 1928).

`VectorScale` turns cosines into evidence with what is learnt here: see `evidence`.
"""

import math
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from tubeseek.core.types import Vector, Vectors
from tubeseek.search.evidence import BASE_SLOPE, FALSE_ALARMS, VectorScale, softplus, trust

FEWEST_BACKGROUND_QUERIES = 30
LOWER, UPPER = 0.25, 0.5  # the quantiles that the Gumbel distribution is fitted to
# Below this a spread of cosines is rounding: the encoder does not tell these queries apart.
LEAST_SPREAD = 1e-5
MEDIAN = 0.5

Height = TypeVar("Height", float, NDArray[np.floating[Any]])


@dataclass(frozen=True, slots=True)
class Gumbel:
    """The distribution of the best height that a query which nothing fits gets in a library."""

    location: float
    scale: float  # above 0

    def quantile(self, probability: float) -> float:
        """Return the height that the best hit stays below with this probability."""
        return self.location - self.scale * math.log(-math.log(probability))

    def surprise(self, height: Height) -> Height:
        """Return how far a height lies above the location, in scales."""
        return (height - self.location) / self.scale


@dataclass(frozen=True, slots=True, eq=False)
class RelevanceModel:
    """What the hits of one index are measured against.

    Args:
        sample: (n, dim) float32, segments of the library; n is at least 1.
        usual: (n,), the mean cosine of each with the background queries.
        spread: (n,), the standard deviation of these cosines, above 0.
        best: Of the background queries; None where they tell nothing, and no hit can be judged.
    """

    sample: Vectors
    usual: NDArray[np.float32]
    spread: NDArray[np.float32]
    best: Gumbel | None

    @classmethod
    def learn(cls, background: Vectors, sample: Vectors, segments: int) -> Self | None:
        """Learn what queries that nothing fits get in a library.

        Args:
            background: (queries, dim) float32.
            sample: (n, dim) float32, segments of the library, whichever.
            segments: How many the library has, N >= n.

        Returns:
            None where there are no segments.
        """
        if not len(sample):
            return None
        cosines = background @ sample.T  # (queries, n)
        if not len(background):
            nothing = np.zeros(len(sample), np.float32)
            return cls(sample, nothing, nothing + LEAST_SPREAD, None)
        usual, spread = cosines.mean(axis=0), np.maximum(cosines.std(axis=0), LEAST_SPREAD)
        heights = (cosines - usual) / spread
        return cls(sample, usual, spread, _gumbel(heights, cosines, segments))

    def background_evidence(
        self, background: Vectors, segments: int
    ) -> tuple[NDArray[np.floating[Any]], NDArray[np.floating[Any]]] | None:
        """Return what the sample says of the background queries themselves.

        Each is measured as a user's query is: against the others.

        Args:
            background: (queries, dim), those that the model was learnt from.
            segments: How many the library has.

        Returns:
            The evidence, (queries, n), and what the best hit of such a query usually has,
            (queries,), in nats; None where no hit can be judged.
        """
        if self.best is None:
            return None
        cosines = background @ self.sample.T  # (queries, n)
        heights = _among_the_others((cosines - self.usual) / self.spread)
        growth = self.best.scale * math.log(segments / len(self.sample))
        surprise = self.best.surprise(_best_heights(heights, cosines) + growth)
        slope = BASE_SLOPE + np.log1p(np.maximum(surprise, 0.0))  # `trust`, (queries,)
        spread = np.maximum(cosines.std(axis=1), LEAST_SPREAD)
        z = (cosines - cosines.mean(axis=1)[:, None]) / spread[:, None]
        rise = np.maximum(heights.std(axis=1), LEAST_SPREAD)
        usual_z = (self.best.quantile(MEDIAN) - heights.mean(axis=1)) / rise
        return np.logaddexp(0.0, slope[:, None] * z), np.logaddexp(0.0, slope * usual_z)

    def vector_scale(self, query: Vector, best_cosine: float, *, judged: bool) -> VectorScale:
        """Return how the cosines of a query in this index become evidence.

        Args:
            query: (dim,) float32 of unit length.
            best_cosine: Of its best hit.
            judged: Whether it is a query in words, which the background queries can be compared to.
        """
        cosines = self.sample @ query  # (n,)
        mean, spread = float(cosines.mean()), max(float(cosines.std()), LEAST_SPREAD)
        if self.best is None or not judged:
            return VectorScale(mean, spread)
        heights = (cosines - self.usual) / self.spread
        middle, rise = float(heights.mean()), max(float(heights.std()), LEAST_SPREAD)
        slope = trust(self.best.surprise(middle + rise * (best_cosine - mean) / spread))
        needed, usual = (
            softplus(slope * (self.best.quantile(probability) - middle) / rise)
            for probability in (1 - FALSE_ALARMS, MEDIAN)
        )
        return VectorScale(mean, spread, slope, needed, usual)


def _gumbel(
    heights: NDArray[np.float32], cosines: NDArray[np.float32], segments: int
) -> Gumbel | None:
    """Return the distribution of the best of so many; None where the sample tells too little.

    Args:
        heights: (queries, n), of the background queries in the sample.
        cosines: (queries, n), what they were made from.
        segments: How many segments the library has.
    """
    queries, sampled = cosines.shape
    if queries < FEWEST_BACKGROUND_QUERIES or cosines.std(axis=0).max() < LEAST_SPREAD:
        return None
    return gumbel_of_maxima(_best_heights(_among_the_others(heights), cosines), segments / sampled)


def gumbel_of_maxima(best: NDArray[np.floating[Any]], grown: float) -> Gumbel | None:
    """Return the distribution of the best of all segments; None where the best are all alike.

    Args:
        best: (queries,), the best height of each background query in a sample.
        grown: How many times as many segments as the sample there are.
    """
    lower, upper = np.quantile(best, (LOWER, UPPER))
    scale = float(upper - lower) / (_reduced(UPPER) - _reduced(LOWER))
    if scale < LEAST_SPREAD:
        return None
    location = float(upper) - scale * _reduced(UPPER)
    return Gumbel(location + scale * math.log(grown), scale)


def _best_heights(
    heights: NDArray[np.float32], cosines: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the height of the best hit of each query as `vector_scale` sees it, (queries,).

    It lies on the line a(z) of the query, not at the hit's own height: a segment that is near to
    every query has a high z for the user's and for the background queries alike.
    """
    spread = np.maximum(cosines.std(axis=1), LEAST_SPREAD)
    best_z = (cosines.max(axis=1) - cosines.mean(axis=1)) / spread
    best: NDArray[np.float32] = heights.mean(axis=1) + heights.std(axis=1) * best_z
    return best


def _among_the_others(heights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the heights of background queries as if each were none of them, as a user's are.

    A high one raises the mean and deviation that it is measured by. Without it among the n,

        h' = h sqrt(n / (n - 1)) / sqrt(1 - h^2 / (n - 1))

    which follows from leaving one value out of a mean and a variance.
    """
    count = len(heights)
    rest = 1 - heights**2 / (count - 1)  # 0 where all others are alike, and h' is infinite
    raised: NDArray[np.float32] = heights * np.sqrt(
        count / (count - 1) / np.maximum(rest, LEAST_SPREAD)
    )
    return raised


def _reduced(probability: float) -> float:
    """Return the quantile of the standard Gumbel distribution.

    >>> round(_reduced(0.5), 4)
    0.3665
    """
    return -math.log(-math.log(probability))
