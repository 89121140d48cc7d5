"""Tells whether a hit fits its query or is only the nearest there is. Pure functions of vectors.

A cosine tells little by itself: one encoder gives 0.3 to what fits, another 0.9 to what does not,
and within one encoder some segments are near to every query. So a hit is compared with a null
distribution: the cosines of queries with another meaning in the same library.

1.  The height of segment v for query q tells how far q stands out among background queries b:

        t(q, v) = (q.v - mean_b b.v) / std_b b.v

    In speaker verification this is the zero normalisation (Auckenthaler, Carey and Lloyd-Thomas,
    "Score Normalization for Text-Independent Speaker Verification Systems", Digital Signal
    Processing 10, 2000); in retrieval a bank of queries corrects hubs in the same way (Bogolin
    et al., "Cross Modal Retrieval with Querybank Normalisation", CVPR 2022).

2.  The best of N heights grows with N, so the best of the library is compared with the best that
    each background query gets there. These maxima follow a Gumbel distribution

        P(best <= t) = exp(-exp(-(t - location) / scale))

    whose two parameters come from their lower quartile and median. The upper half is ignored,
    because the library may well contain what some of the background queries look for.
    When the maxima are those of a sample of n among N segments, the maximum of N has its location
    at location + scale ln(N / n) (the distribution is max-stable: Fisher and Tippett, 1928).

3.  P(best > t) is the chance that a query which nothing fits gets a hit as high: a false alarm.

Everything that depends on the encoder is estimated; only the levels below are constants.
docs/evaluation.md compares this with other methods.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tubeseek.core.schemas.search import Fit
from tubeseek.core.types import Vector, Vectors

# The highest chance of a false alarm at each level, best first.
FALSE_ALARMS = ((Fit.STRONG, 0.05), (Fit.WEAK, 0.25))
# The smallest share of a query's terms that a passage of each level contains, best first. Three
# quarters is what remains of a Korean word with another ending.
TERM_SHARES = ((Fit.STRONG, 0.75), (Fit.WEAK, 0.6))
MIN_BACKGROUND_QUERIES = 30
LOWER, UPPER = 0.25, 0.5  # the quantiles that the Gumbel distribution is fitted to
# A smaller spread of cosines is rounding: the encoder does not tell these queries apart.
MIN_SPREAD = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class RelevanceModel:
    """What the hits of one index are compared with.

    Args:
        background: (queries, dim) float32, the vectors of the background queries.
        location: The location of the Gumbel distribution of the best height in the library.
        scale: The scale of that distribution, above 0.
    """

    background: Vectors
    location: float
    scale: float

    @classmethod
    def learn(cls, background: Vectors, sample: Vectors, segments: int) -> Self | None:
        """Learn what queries that nothing fits get in a library.

        Args:
            background: (queries, dim) float32.
            sample: (n, dim) float32, any segments of the library.
            segments: The number N >= n of segments in the library.

        Returns:
            None where there is too little to learn from: few queries, no segments, or an encoder
            that does not tell the queries apart.
        """
        if len(background) < MIN_BACKGROUND_QUERIES or not len(sample):
            return None
        within = _heights(background, background, sample)  # (queries, n)
        best = _leave_one_out(within, len(background)).max(axis=1)  # (queries,)
        lower, upper = np.quantile(best, (LOWER, UPPER))
        scale = float(upper - lower) / (_reduced(UPPER) - _reduced(LOWER))
        if scale < MIN_SPREAD:
            return None
        location = float(upper) - scale * _reduced(UPPER)
        return cls(background, location + scale * math.log(segments / len(sample)), scale)

    def grade(self, query: Vector, videos: Sequence[Vectors]) -> list[Fit]:
        """Return how well the best segment of each video fits.

        Args:
            query: (dim,) float32.
            videos: The segments of each, (n, dim) float32; a video without segments does not fit.
        """
        heights = _heights(query[None], self.background, np.concatenate(videos))[0]  # one product
        ends = np.cumsum([len(segments) for segments in videos])[:-1]
        best = [part.max(initial=-np.inf) for part in np.split(heights, ends)]
        chances = [self.chance_above(float(height)) for height in best]
        return [
            next((fit for fit, most in FALSE_ALARMS if chance <= most), Fit.NONE)
            for chance in chances
        ]

    def false_alarm(self, query: Vector, segments: Vectors) -> float:
        """Return the chance of a hit as good as these segments for a query that nothing fits."""
        return self.chance_above(float(_heights(query[None], self.background, segments).max()))

    def chance_above(self, height: float) -> float:
        """Return P(best > height)."""
        # exp would overflow where the chance is 1 in any case
        return -math.expm1(-math.exp(min((self.location - height) / self.scale, 700.0)))


def grade_text(query_terms: Collection[str], text_terms: Collection[str]) -> Fit:
    """Return how well a text fits words, by the share of the query's terms that it contains.

    Half is not enough: every English sentence contains one of the two terms of "a bathtub".

    >>> [grade_text(["a", "red", "hat"], text.split()) for text in ("a red hat", "a red kite")]
    [<Fit.STRONG: 'strong'>, <Fit.WEAK: 'weak'>]
    """
    terms = set(query_terms)
    share = len(terms.intersection(text_terms)) / len(terms) if terms else 0.0
    return next((fit for fit, least in TERM_SHARES if share >= least), Fit.NONE)


def _heights(queries: Vectors, background: Vectors, segments: Vectors) -> NDArray[np.float32]:
    """Return t(q, v) of each query with each segment: (queries, segments)."""
    cosines = background @ segments.T  # (background, segments)
    mean, deviation = cosines.mean(axis=0), cosines.std(axis=0)
    heights: NDArray[np.float32] = (queries @ segments.T - mean) / np.maximum(deviation, MIN_SPREAD)
    return heights


def _leave_one_out(heights: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Return the heights of background queries, each as if it were not among them.

    A user's query is not among them, while a background query raises the mean and deviation that it
    is compared with. Without it among the n,

        t' = t sqrt(n / (n - 1)) / sqrt(1 - t^2 / (n - 1))

    which follows from leaving one value out of a mean and a variance.
    """
    rest = 1 - heights**2 / (count - 1)  # 0 where all others are alike, and t' is infinite
    raised: NDArray[np.float32] = heights * np.sqrt(
        count / (count - 1) / np.maximum(rest, MIN_SPREAD)
    )
    return raised


def _reduced(probability: float) -> float:
    """Return the quantile of the standard Gumbel distribution.

    >>> round(_reduced(0.5), 4)
    0.3665
    """
    return -math.log(-math.log(probability))
