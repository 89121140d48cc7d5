"""Sums of vectors against geometry."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tubeseek.core.errors import QueryError
from tubeseek.search.query.composite import CompositeQuery, Example
from tubeseek.search.query.vectors import weighted_direction

AXES = np.eye(3, dtype=np.float32)


def test_the_sum_of_two_lies_between_them() -> None:
    np.testing.assert_allclose(
        weighted_direction(AXES, [1, 1, 0]), np.array([1, 1, 0]) / np.sqrt(2), atol=1e-6
    )
    np.testing.assert_allclose(weighted_direction(AXES, [3, 0, -4]), [0.6, 0, -0.8], atol=1e-6)


@given(st.floats(0.01, 100), st.integers(0, 2))
def test_one_alone_is_itself_whatever_it_weighs(weight: float, axis: int) -> None:
    np.testing.assert_array_equal(weighted_direction(AXES[[axis]], [weight]), AXES[axis])


@given(
    st.lists(st.floats(0.01, 100) | st.floats(-100, -0.01), min_size=1, max_size=16),
    st.integers(0, 99),
)
def test_the_result_has_unit_length(weights: list[float], seed: int) -> None:
    vectors = np.random.default_rng(seed).standard_normal((len(weights), 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    result = weighted_direction(vectors, weights)
    assert result.dtype == np.float32
    assert np.linalg.norm(result) == pytest.approx(1, abs=1e-5)


def test_terms_that_cancel_out_are_refused() -> None:
    with pytest.raises(QueryError):
        weighted_direction(AXES[[0, 0]], [2, -2])


def test_a_query_for_one_thing_has_a_main_sentence() -> None:
    clip = np.zeros((1, 2, 2, 3), np.uint8)
    assert CompositeQuery(("dog", "snow", clip), (1, -0.5, -1)).main_sentence == "dog"
    assert CompositeQuery(("dog", "snow"), (1, 1)).main_sentence == ""
    assert CompositeQuery((clip, "snow"), (1, -1)).main_sentence == ""
    assert CompositeQuery((Example("a"), "b", Example("c")), (1, 1, -1)).example_ids == ("a", "c")
