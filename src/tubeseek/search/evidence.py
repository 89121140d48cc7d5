"""Weighs what the indexes say about a query as evidence, in nats, that can be added up. Pure.

A cosine says little by itself: one encoder gives 0.3 to what fits and another 0.9 to what does not,
and BM25 has another scale again. So every index says how much a segment speaks for being what the
query means, in one unit. For a query q, an index of vectors, a segment v, and the background
queries b of `calibration`:

    z(v)     = (q.v - mean_s q.s) / std_s q.s         over a sample s of the library's segments
    h(s)     = (q.s - mean_b b.s) / std_b b.s         the height of q above the background queries
    a(z)     = mean_s h + std_s h z                   heights as a line in z
    x        = (a(z of the best hit) - location) / scale
    slope    = 1.3 + ln(1 + max(0, x))
    evidence = ln(1 + exp(slope z))
    needed   = ln(1 + exp(slope z*)),  a(z*) = location - scale ln(-ln(1 - 0.05))
    usual    = likewise, at the median: a(z*) = location - scale ln(ln(2))

z has the tails of a logistic distribution where nothing matches, and ln(1 + exp(slope z)) is the
surprise of such a tail. The slope says how far the index is to be trusted with this query: the more
its best hit surprises among the best hits of the background queries (`location` and `scale`,
`relevance`), the more a step of z tells. `needed` is what one of twenty queries that nothing fits
reaches by chance in this index, `usual` what every other one reaches.

For the words, where n of N passages hold the term t:

    p(t)      = max((n + 0.2) / (N + 200), the share of the background queries that hold t)
    weight(t) = ln(1 + 0.5 / p(t))                    what holding the term tells
    words(d)  = sum_t weight(t) tf(t, d)              BM25 with this weight in place of its IDF
    evidence  = max(0, max(1, needed / (0.6 sum_t weight(t))) words(d) - ln(videos) / 2)

ln(videos) / 2 takes away what some passage of so many holds by chance. What all indexes say is
added, and so is what the indexes of vectors need (in the words' evidence `needed` is their mean):

    L = sum of the evidence of all indexes - sum of usual over the indexes of vectors - excess
    relevance = 100 / (1 + exp(-L / 2))

`excess` is what one of fifty queries that nothing fits gets beyond `usual` from all these indexes
at once (`joint_relevance`). L orders the videos, and L >= 0 (a relevance of 50) is what "fits"
means, so that the order and the levels cannot contradict each other. Measured against other ways,
on queries that the constants were not chosen by: docs/evaluation.md and
docs/decisions/0010-evidence.md.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tubeseek.core.schemas.search import Fit

FALSE_ALARMS = 0.05  # of queries that nothing fits, by one index of vectors alone
JOINT_FALSE_ALARMS = 0.02  # by all of them together; what the words hold by chance comes on top
BASE_SLOPE = 1.3  # nats a step of z where the best hit does not surprise
ENOUGH_SHARE = (
    0.6  # of the weight of a query: a passage that holds it counts as a picture that fits
)
LEAST_NEEDED = 1.0  # nats, of words alone
STRONG, FITS = 80, 50  # the least relevance of a level
UNSEEN = math.log(2)  # the evidence of a segment that looks like any other: z = 0
EXACT_TITLE = 10.0  # nats more for a title that is the query itself
MOST_NATS = 500.0  # exp stays finite


@dataclass(frozen=True, slots=True)
class VectorScale:
    """Turns the cosines of one query in one index of vectors into evidence.

    Attributes:
        mean: Of the cosines of the query with the sampled segments.
        spread: Their standard deviation, above 0.
        slope: Nats a step of z.
        needed: What a hit needs to fit where no other index is asked, in nats; None where this
            cannot be judged.
        usual: What the best hit of a query that nothing fits has, in nats; None likewise.
    """

    mean: float
    spread: float
    slope: float = BASE_SLOPE
    needed: float | None = None
    usual: float | None = None

    def evidence(self, cosine: float) -> float:
        """Return the evidence of a segment, in nats, from its cosine with the query.

        >>> scale = VectorScale(mean=0.2, spread=0.1, slope=2.0)
        >>> [round(scale.evidence(cosine), 3) for cosine in (0.0, 0.2, 0.5)]
        [0.018, 0.693, 6.002]
        """
        return softplus(self.slope * (cosine - self.mean) / self.spread)


@dataclass(frozen=True, slots=True)
class WordScale:
    """Turns the weighted terms that a passage holds into evidence.

    Attributes:
        total: The sum of the weights of the query's terms, in nats.
        chance: What some passage of the library holds by chance, in nats.
        needed: What a hit of the indexes of vectors needs to fit; None where none is judged.
    """

    total: float
    chance: float
    needed: float | None = None

    def evidence(self, words: float) -> float:
        """Return the evidence of a passage, in nats, from its `words(d)`.

        >>> WordScale(total=10.0, chance=3.0).evidence(12.0)
        9.0
        >>> WordScale(total=5.0, chance=3.0, needed=6.0).evidence(6.0)  # twice as much
        9.0
        """
        factor = max(1.0, (self.needed or 0.0) / (ENOUGH_SHARE * max(self.total, 1e-9)))
        return max(0.0, factor * words - self.chance)

    @property
    def needed_alone(self) -> float:
        """What a passage needs to fit where no index of vectors is judged, in nats."""
        return max(ENOUGH_SHARE * self.total - self.chance, LEAST_NEEDED)


def trust(surprise: float) -> float:
    """Return the slope of an index for a query, in nats a step of z.

    Args:
        surprise: How far its best hit lies above the usual best of a background query, in scales of
            their Gumbel distribution.

    >>> trust(-1.0), round(trust(4.0), 3)
    (1.3, 2.909)
    """
    return BASE_SLOPE + math.log1p(max(0.0, surprise))


def term_weight(holding: float, passages: int, background_share: float) -> float:
    """Return what holding a term tells, in nats.

    Args:
        holding: How many passages hold it.
        passages: How many there are.
        background_share: The share of queries about anything that hold it.

    >>> round(term_weight(0, 1000, 0.0), 2), round(term_weight(500, 1000, 0.0), 2)
    (8.01, 0.79)
    >>> round(term_weight(0, 1000, 0.5), 2)
    0.69
    """
    share = max((holding + 0.2) / (passages + 200), background_share)
    return math.log1p(0.5 / share)


def chance_of_words(videos: int) -> float:
    """Return what some passage of so many videos holds by chance, in nats."""
    return math.log(max(videos, 1)) / 2


def relevance(evidence: float) -> int:
    """Return 0 to 100 for evidence less what is needed, in nats.

    >>> [relevance(nats) for nats in (-1000, 0, 2.78, 1000)]
    [0, 50, 80, 100]
    """
    bounded = min(max(evidence, -MOST_NATS), MOST_NATS)
    # floor, so that a level is not reached by rounding; the error of floats misses none either
    return math.floor(100 / (1 + math.exp(-bounded / 2)) + 1e-9)


def level(relevance: int) -> Fit:
    """Return the level of a relevance.

    >>> level(49), level(50), level(80)
    (<Fit.NONE: 'none'>, <Fit.WEAK: 'weak'>, <Fit.STRONG: 'strong'>)
    """
    if relevance >= STRONG:
        return Fit.STRONG
    return Fit.WEAK if relevance >= FITS else Fit.NONE


def nats_of(relevance: float) -> float:
    """Return the evidence, less what is needed, that has this relevance (above 0, below 100)."""
    return 2 * math.log(relevance / (100 - relevance))


def softplus(x: float) -> float:
    """Return ln(1 + exp(x)) without overflow.

    >>> softplus(1000.0), round(softplus(0.0), 4)
    (1000.0, 0.6931)
    """
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def weighted_terms(
    words: Sequence[Sequence[str]], weights: Mapping[str, float]
) -> dict[str, float]:
    """Return the weight of each term of a query; the terms of one word share the weight of one.

    Args:
        words: The terms of each word of the query.
        weights: By term, as `term_weight` gives them.

    >>> weighted_terms([["red"], ["고양", "양이"]], {"red": 3.0, "고양": 4.0, "양이": 2.0})
    {'red': 3.0, '고양': 2.0, '양이': 1.0}
    """
    shared: dict[str, float] = {}
    for terms in words:
        for term in terms:
            shared[term] = max(shared.get(term, 0.0), weights[term] / len(terms))
    return shared
