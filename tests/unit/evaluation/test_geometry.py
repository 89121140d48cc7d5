"""Alignment, uniformity and cosines of spaces whose shape is known."""

import math

import numpy as np
import pytest

from tubeseek.evaluation.geometry import (
    Pairs,
    alignment,
    flat_map,
    other_cosines,
    pair_cosines,
    picture_to_text,
    uniformity,
)
from tubeseek.evaluation.metrics import first_ranks


def pairs(titles, pictures):
    n = len(titles)
    ids, groups = tuple(f"v{i}" for i in range(n)), ("x",) * n
    return Pairs(ids, groups, np.asarray(titles, np.float32), np.asarray(pictures, np.float32))


def sphere(n, dim, seed=0):
    points = np.random.default_rng(seed).normal(size=(n, dim))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def test_perfect_pairs_are_aligned_and_orthogonal_ones_are_not():
    same = pairs(np.eye(4), np.eye(4))
    assert alignment(same) == 0
    assert pair_cosines(same).tolist() == [1, 1, 1, 1]
    assert other_cosines(same).tolist() == [0] * 12
    turned = pairs(np.eye(4), np.roll(np.eye(4), 1, axis=0))
    assert alignment(turned) == 2
    assert alignment(pairs(np.eye(2), -np.eye(2))) == 4


def test_uniformity_of_a_point_an_axis_and_a_basis():
    assert uniformity(np.ones((5, 1), np.float32)) == 0
    assert uniformity(np.array([[1, 0], [-1, 0]], np.float32)) == pytest.approx(-8)
    assert uniformity(np.eye(6, dtype=np.float32)) == pytest.approx(-4)
    with pytest.raises(ValueError):  # noqa: PT011 - the type says enough
        uniformity(np.ones((1, 2), np.float32))


def test_uniformity_of_an_even_sphere_is_the_integral():
    """On the 2-sphere |x - y|^2 = 2 - 2t with t even in [-1, 1]: E exp(-4 + 4t) in closed form."""
    expected = math.log((1 - math.exp(-8)) / 8)
    assert uniformity(sphere(1_500, 3)) == pytest.approx(expected, abs=0.03)


def test_the_other_direction_is_exact():
    placements = picture_to_text(pairs(np.eye(3), np.roll(np.eye(3), 1, axis=0) * 0.9 + 0.1))
    assert first_ranks(placements).tolist() == [2.5, 2.5, 2.5]  # one is nearer, two are level


@pytest.mark.slow
def test_a_map_keeps_far_islands_apart():
    """Two tight bundles at right angles: everyone's nearest neighbour on paper is of its own."""
    random = np.random.default_rng(0)
    middle = np.repeat(np.eye(2, 16), 30, axis=0)
    points = (middle + random.normal(0, 0.01, size=(60, 16))).astype(np.float32)
    laid = flat_map(points)
    distance = np.linalg.norm(laid[:, None] - laid[None], axis=-1) + np.eye(60) * 1e9
    assert (distance.argmin(axis=1) // 30 == np.arange(60) // 30).all()
    assert np.array_equal(laid, flat_map(points))


@pytest.mark.parametrize("vectors", [np.eye(3, 4), np.ones((7, 4)) / 2, np.eye(2, 1)])
def test_a_map_of_little_is_still_a_map(vectors):
    laid = flat_map(vectors.astype(np.float32))
    assert laid.shape == (len(vectors), 2)
    assert np.isfinite(laid).all()


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="3 videos"):
        pairs(np.eye(3), np.eye(2))
