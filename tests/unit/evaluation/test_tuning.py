"""Fusion weights on tables whose best row is known, and on noise, where there is none."""

import numpy as np
import pytest

from tubeseek.core.errors import InputError
from tubeseek.evaluation.tuning import candidates, tune

INDEXES = ["stills", "words"]
EVEN = {"stills": 1.0, "words": 1.0}


def test_only_ratios_are_tried_each_once():
    weightings = candidates(["a", "b", "c"])
    assert len(weightings) == 4**3 - 3**3
    assert all(max(weights.values()) == 1 for weights in weightings)
    assert len({tuple(weights.values()) for weights in weightings}) == len(weightings)


def test_a_planted_optimum_is_found_and_its_gain_reported():
    random = np.random.default_rng(0)
    noise = random.normal(0, 0.05, size=80)

    def values(weights):
        return 0.6 - 0.3 * abs(weights["words"] - 0.5) - 0.3 * (1 - weights["stills"]) + noise

    result = tune(INDEXES, values, EVEN)
    assert result.weights == {"stills": 1.0, "words": 0.5}
    assert result.difference.gain.value == pytest.approx(0.15)
    assert result.worth_it
    assert result.difference.p_value < 0.001


def test_noise_is_not_sold_as_a_gain():
    """Chosen and judged on the same queries, the best of 8 looks better; held out, it is not."""

    def gain(seed):
        random = np.random.default_rng(seed)
        table = {tuple(w.values()): random.random(60) for w in [EVEN, *candidates(INDEXES)]}
        values = lambda weights: table[tuple(weights.values())]  # noqa: E731
        flattered = max(v.mean() for v in table.values()) - values(EVEN).mean()
        return tune(INDEXES, values, EVEN).difference.gain.value, flattered

    held_out, flattered = np.mean([gain(seed) for seed in range(60)], axis=0)
    assert abs(held_out) < 0.02
    assert flattered > 0.03


def test_what_is_set_stays_where_nothing_is_better():
    current = {"stills": 0.3, "words": 1.0}
    result = tune(INDEXES, lambda _: np.full(20, 0.5), current)
    assert result.weights == current
    assert not result.worth_it


@pytest.mark.parametrize(
    ("indexes", "queries"),
    [(["words"], 20), (INDEXES, 9)],
    ids=["one index", "too few queries"],
)
def test_what_cannot_be_tuned_is_refused(indexes, queries):
    with pytest.raises(InputError):
        tune(indexes, lambda _: np.zeros(queries), EVEN)
