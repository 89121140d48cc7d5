"""Evidence against its closed forms, worked out here in another way."""

import math

import pytest

from tubeseek.core.schemas.search import Fit
from tubeseek.search.evidence import (
    FITS,
    STRONG,
    VectorScale,
    WordScale,
    chance_of_words,
    level,
    nats_of,
    relevance,
    softplus,
    term_weight,
    trust,
    weighted_terms,
)


def test_evidence_of_a_cosine_is_the_surprise_of_a_logistic_tail() -> None:
    scale = VectorScale(mean=0.1, spread=0.05, slope=1.7)
    for cosine in (-0.2, 0.1, 0.23):
        z = (cosine - 0.1) / 0.05
        tail = 1 / (1 + math.exp(1.7 * z))  # P(Z > z)
        assert scale.evidence(cosine) == pytest.approx(-math.log(tail))


@pytest.mark.parametrize("z", [-1e6, -50.0, 0.0, 50.0, 1e6])
def test_no_cosine_overflows(z: float) -> None:
    assert softplus(z) == pytest.approx(max(z, 0.0), abs=math.log(2))
    assert softplus(z) >= 0


def test_trust_grows_with_the_surprise() -> None:
    assert [trust(x) for x in (-3, 0, math.e - 1)] == pytest.approx([1.3, 1.3, 2.3])


def test_a_term_weighs_what_its_rarity_tells() -> None:
    assert term_weight(9.8, 800, 0.0) == pytest.approx(math.log(1 + 0.5 / 0.01))
    assert term_weight(9.8, 800, 0.25) == pytest.approx(math.log(3))
    assert term_weight(0, 0, 0.0) > term_weight(1, 1, 0.0)  # and a library may be empty


def test_the_terms_of_one_word_share_one_weight() -> None:
    shared = weighted_terms([["a"], ["b", "c"], ["a", "d"]], {"a": 1, "b": 4, "c": 2, "d": 3})
    assert shared == {"a": 1, "b": 2, "c": 1, "d": 1.5}


def test_words_that_are_enough_count_as_a_picture_that_fits() -> None:
    few = WordScale(total=4.0, chance=0.0, needed=6.0)
    assert few.evidence(0.6 * 4.0) == pytest.approx(6.0)
    many = WordScale(total=40.0, chance=0.0, needed=6.0)  # long queries keep their own nats
    assert many.evidence(10.0) == 10.0
    assert WordScale(total=4.0, chance=9.0).evidence(2.0) == 0.0
    assert WordScale(total=0.0, chance=1.0, needed=3.0).evidence(0.0) == 0.0


def test_some_passage_holds_more_by_chance_in_a_larger_library() -> None:
    assert [chance_of_words(n) for n in (0, 1, 100)] == pytest.approx([0, 0, math.log(10)])


def test_relevance_is_a_logistic_of_half_the_nats() -> None:
    assert [relevance(x) for x in (-math.inf, 0, 2 * math.log(9), math.inf)] == [0, 50, 90, 100]
    for percent in range(1, 100):
        assert relevance(nats_of(percent)) == percent
        assert relevance(nats_of(percent) - 1e-6) == percent - 1


def test_levels() -> None:
    assert [level(r) for r in (0, FITS - 1, FITS, STRONG - 1, STRONG, 100)] == [
        *[Fit.NONE] * 2,
        *[Fit.WEAK] * 2,
        *[Fit.STRONG] * 2,
    ]
