"""Scores of a run, and the warnings about a run that forgets or learns nothing."""

import tracemalloc

import numpy as np
import pytest
from numpy.typing import NDArray

from tubeseek.training.data.pairs import PairSet
from tubeseek.training.metrics import (
    Outcome,
    PairScores,
    RetentionSet,
    measure_vectors,
    warnings_of,
)

NONE = PairSet((), (), "")


def scores(share: float) -> PairScores:
    hits = (np.arange(100) < 100 * share).astype(np.float64)
    return PairScores({10: hits}, mrr=0.5, right=np.arange(100), pictures=100)


@pytest.mark.parametrize(("after", "warned"), [(0.48, False), (0.47, True), (0.60, False)])
def test_losing_more_than_two_points_on_the_retention_set_warns(after: float, warned: bool) -> None:
    outcomes = {"photos": Outcome(scores(0.50), scores(after))}
    warnings = warnings_of(outcomes, RetentionSet("photos", NONE), best_epoch=3)
    assert bool(warnings) == warned
    assert all("photos" in warning and "0.500" in warning for warning in warnings)


def test_an_adapter_that_changes_nothing_warns() -> None:
    assert len(warnings_of({}, None, best_epoch=0)) == 1
    assert not warnings_of({}, None, best_epoch=1)


def test_a_set_no_larger_than_the_cutoff_warns() -> None:
    few, enough = (
        PairScores({10: np.ones(n)}, mrr=1.0, right=np.arange(n), pictures=n) for n in (10, 11)
    )
    outcomes = {"test": Outcome(few, few), "validation": Outcome(few, few)}
    (warning,) = warnings_of(outcomes, None, best_epoch=1)
    assert "test " in warning
    assert "10 pictures" in warning
    assert not warnings_of({"test": Outcome(enough, enough)}, None, best_epoch=1)


def test_every_text_searches_for_its_own_picture() -> None:
    pictures = np.eye(12, dtype=np.float32)
    texts = pictures[[0, 0, 1, 3, 2, *range(4, 12)]]  # picture 0 has two texts; 2 and 3 are swapped
    pair_scores = measure_vectors(texts, pictures, [2, *[1] * 11])
    right = np.array([1, 1, 1, 0, 0, *[1] * 8])
    np.testing.assert_array_equal(pair_scores.hits[1], right)
    gain = Outcome(pair_scores, pair_scores).gain
    assert (gain.gain.value, gain.p_value) == (0.0, 1.0)


@pytest.mark.slow
def test_many_texts_and_pictures_are_measured_in_little_memory() -> None:
    """All cosines would take 400 MB, and the relevance as much again."""
    random = np.random.default_rng(0)
    pictures = random.standard_normal((10_000, 4), np.float32)
    pictures /= np.linalg.norm(pictures, axis=1, keepdims=True)
    tracemalloc.start()
    measured = measure_vectors(pictures, pictures, [1] * len(pictures))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert measured.hits[1].mean() > 0.99
    assert measured.hits[1].shape == (10_000,)
    assert peak < 100e6


def test_five_captions_of_a_picture_count_as_one() -> None:
    """If all texts of a picture score alike, interval and p are those of one text per picture."""
    random = np.random.default_rng(4)
    before, after = ((random.random(40) < share).astype(np.float64) for share in (0.4, 0.7))

    def of(hits: NDArray[np.float64], texts: int) -> PairScores:
        right = np.repeat(np.arange(40), texts)
        return PairScores({10: np.repeat(hits, texts)}, mrr=0.5, right=right, pictures=40)

    single, fivefold = (Outcome(of(before, texts), of(after, texts)) for texts in (1, 5))
    assert fivefold.before.interval() == single.before.interval()
    assert fivefold.gain == single.gain
