"""Whether a hit fits its query, or is only the nearest there is. Pure functions of vectors.

A cosine says little by itself: one encoder gives 0.3 to what fits and another 0.9 to what does not,
and within one encoder some segments are near to every query. So a hit is measured against a null
distribution, which is what queries that mean something else get in the same library.

1.  The height of segment v for query q tells how far q stands out among background queries b:

        t(q, v) = (q.v - mean_b b.v) / std_b b.v

    In speaker verification this is the zero normalisation (Auckenthaler, Carey and Lloyd-Thomas,
    "Score Normalization for Text-Independent Speaker Verification Systems", Digital Signal
    Processing 10, 2000); in retrieval a bank of queries corrects hubs in the same way (Bogolin
    et al., "Cross Modal Retrieval with Querybank Normalisation", CVPR 2022).

2.  The best of N heights grows with N, so the best of the library is compared with the best that
    each background query gets there. These maxima follow a Gumbel distribution

        P(best <= t) = exp(-exp(-(t - location) / scale))

    whose two parameters come from their lower quartile and median: the library does hold what some
    of the background queries ask for, and the upper half, where those lie, is not looked at.
    When the maxima are those of a sample of n among N segments, the maximum of N has its location
    at location + scale ln(N / n) (the distribution is max-stable: Fisher and Tippett, 1928).

3.  P(best > t) is the chance that a query which nothing fits gets a hit as high: a false alarm.

Nothing here depends on an encoder but what is estimated; only the two levels below are constants.
Measured, also against other ways: docs/evaluation.md.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tubeseek.core.schemas.search import Fit
from tubeseek.core.types import Vector, Vectors

# The most false alarms that a level may have, best first.
FALSE_ALARMS = ((Fit.STRONG, 0.05), (Fit.WEAK, 0.25))
# The least share of a query's terms that a passage of a level holds, best first. Three quarters: of
# a Korean word with another ending that is what remains.
HELD_TERMS = ((Fit.STRONG, 0.75), (Fit.WEAK, 0.6))
FEWEST_BACKGROUND_QUERIES = 30
LOWER, UPPER = 0.25, 0.5  # the quantiles that the Gumbel distribution is fitted to
# Below this a spread of cosines is rounding: the encoder tells these queries not apart.
LEAST_SPREAD = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class RelevanceModel:
    """What the hits of one index are measured against.

    Args:
        background: (queries, dim) float32, the vectors of the background queries.
        location: Of the Gumbel distribution of the best height in the library.
        scale: Likewise, above 0.
    """

    background: Vectors
    location: float
    scale: float

    @classmethod
    def learn(cls, background: Vectors, sample: Vectors, segments: int) -> Self | None:
        """Learns what queries that nothing fits get in a library.

        Args:
            background: (queries, dim) float32.
            sample: (n, dim) float32, segments of the library, whichever.
            segments: How many the library has, N >= n.

        Returns:
            None where there is too little to learn from: few queries, no segments, or an encoder
            that does not tell the queries apart.
        """
        if len(background) < FEWEST_BACKGROUND_QUERIES or not len(sample):
            return None
        within = _heights(background, background, sample)  # (queries, n)
        best = _among_the_others(within, len(background)).max(axis=1)  # (queries,)
        lower, upper = np.quantile(best, (LOWER, UPPER))
        scale = float(upper - lower) / (_reduced(UPPER) - _reduced(LOWER))
        if scale < LEAST_SPREAD:
            return None
        location = float(upper) - scale * _reduced(UPPER)
        return cls(background, location + scale * math.log(segments / len(sample)), scale)

    def fits(self, query: Vector, videos: Sequence[Vectors]) -> list[Fit]:
        """How well the best segment of each video fits.

        Args:
            query: (dim,) float32.
            videos: The segments of each, (n, dim) float32; none of them fit nothing.
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
        """The chance that the library holds as good a hit for a query which nothing fits."""
        return self.chance_above(float(_heights(query[None], self.background, segments).max()))

    def chance_above(self, height: float) -> float:
        """P(best > height)."""
        # exp would overflow where the chance is 1 beyond any doubt
        return -math.expm1(-math.exp(min((self.location - height) / self.scale, 700.0)))


def fit_of_words(asked: Collection[str], text: Collection[str]) -> Fit:
    """How well a text fits words: by the share of the query's terms that it holds.

    Half is not enough: of the terms of "a bathtub", every English sentence holds one.

    >>> [fit_of_words(["a", "red", "hat"], text.split()) for text in ("a red hat", "a red kite")]
    [<Fit.STRONG: 'strong'>, <Fit.WEAK: 'weak'>]
    """
    terms = set(asked)
    share = len(terms.intersection(text)) / len(terms) if terms else 0.0
    return next((fit for fit, least in HELD_TERMS if share >= least), Fit.NONE)


def _heights(queries: Vectors, background: Vectors, segments: Vectors) -> NDArray[np.float32]:
    """t(q, v) of each query with each segment: (queries, segments)."""
    usual = background @ segments.T  # (background, segments)
    mean, deviation = usual.mean(axis=0), usual.std(axis=0)
    heights: NDArray[np.float32] = (queries @ segments.T - mean) / np.maximum(
        deviation, LEAST_SPREAD
    )
    return heights


def _among_the_others(heights: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """The heights of background queries as if each were none of them, as those of a user are.

    A high one raises the mean and deviation that it is measured by. Without it among the n,

        t' = t sqrt(n / (n - 1)) / sqrt(1 - t^2 / (n - 1))

    which follows from leaving one value out of a mean and a variance.
    """
    rest = 1 - heights**2 / (count - 1)  # 0 where all others are alike, and t' is infinite
    raised: NDArray[np.float32] = heights * np.sqrt(
        count / (count - 1) / np.maximum(rest, LEAST_SPREAD)
    )
    return raised


def _reduced(probability: float) -> float:
    """The quantile of the standard Gumbel distribution.

    >>> round(_reduced(0.5), 4)
    0.3665
    """
    return -math.log(-math.log(probability))
