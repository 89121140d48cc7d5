"""Losses: closed forms, gradients against autograd's own check, other writings of the formulas."""

import math
import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from tubeseek.training.losses import (
    alignment,
    contrastive_loss,
    sigmoid_loss,
    uniformity,
    within_modality,
)

sizes = pytest.mark.parametrize("n", [1, 2, 7])
temperatures = pytest.mark.parametrize("tau", [0.01, 0.07, 1.0])


def random_rows(n, d=6, seed=0):
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def mask_of(n, *places):
    mask = torch.zeros(n, n, dtype=torch.bool)
    for i, j in places:
        mask[i, j] = mask[j, i] = True
    return mask


@sizes
@temperatures
def test_equal_embeddings_cost_the_logarithm_of_how_many_there_are(n, tau):
    x = torch.ones(n, 4, dtype=torch.float64)
    terms = contrastive_loss(x, x, tau)
    assert terms.total.item() == pytest.approx(math.log(n), abs=1e-9)
    assert terms.alignment.item() == pytest.approx(-1 / tau)
    assert terms.uniformity.item() == pytest.approx(1 / tau + math.log(n))
    simclr, simcse = (within_modality(x, x, tau, form=form) for form in ("simclr", "simcse"))
    assert simclr.total.item() == pytest.approx(math.log(2 * n - 1), abs=1e-9)
    assert simcse.total.item() == pytest.approx(math.log(n), abs=1e-9)
    assert sigmoid_loss(x, x, 1.0, -1.0).total.item() == pytest.approx(n * math.log(2))


@sizes
@temperatures
def test_perfect_embeddings_cost_what_orthogonal_ones_must(n, tau):
    x = torch.eye(n, dtype=torch.float64) * 3  # the length of embeddings does not count
    cost = math.log1p((n - 1) * math.exp(-1 / tau))
    assert contrastive_loss(x, x, tau).total.item() == pytest.approx(cost, abs=1e-9)
    simclr = math.log1p((2 * n - 2) * math.exp(-1 / tau))
    assert within_modality(x, x, tau).total.item() == pytest.approx(simclr, abs=1e-9)
    pairs, rest = math.log1p(math.exp(-(1 / tau - 2))), math.log1p(math.exp(-2)) * (n - 1)
    terms = sigmoid_loss(x, x, tau, -2.0)
    assert terms.alignment.item() == pytest.approx(pairs)
    assert terms.uniformity.item() == pytest.approx(rest)


def test_with_weights_one_it_is_the_loss_of_clip():
    left, right = random_rows(5), random_rows(5, seed=1)
    logits = functional.normalize(left) @ functional.normalize(right).T / 0.07
    labels = torch.arange(5)
    clip = (
        functional.cross_entropy(logits, labels) + functional.cross_entropy(logits.T, labels)
    ) / 2
    torch.testing.assert_close(contrastive_loss(left, right, 0.07).total, clip)


def test_simclr_is_a_cross_entropy_over_the_views_of_the_others():
    first, second = random_rows(4), random_rows(4, seed=1)
    both = functional.normalize(torch.cat([first, second]))
    logits = (both @ both.T / 0.5).fill_diagonal_(-math.inf)
    labels = torch.tensor([4, 5, 6, 7, 0, 1, 2, 3])
    expected = functional.cross_entropy(logits, labels)
    torch.testing.assert_close(within_modality(first, second, 0.5).total, expected)


def test_siglip_judges_each_combination_by_itself():
    left, right = random_rows(3), random_rows(3, seed=1)
    logits = functional.normalize(left) @ functional.normalize(right).T * 10 - 4
    labels = torch.eye(3, dtype=torch.float64)
    expected = functional.binary_cross_entropy_with_logits(logits, labels, reduction="sum") / 3
    torch.testing.assert_close(sigmoid_loss(left, right, 0.1, -4.0).total, expected)


def test_weights_weigh_the_terms_apart():
    left, right = random_rows(5), random_rows(5, seed=1)
    for loss in (contrastive_loss, within_modality):
        terms = loss(left, right, 0.2, alignment_weight=2.0, uniformity_weight=0.5)
        torch.testing.assert_close(terms.total, 2 * terms.alignment + terms.uniformity / 2)
    terms = sigmoid_loss(left, right, 0.2, -1.0, alignment_weight=2.0, uniformity_weight=0.5)
    torch.testing.assert_close(terms.total, 2 * terms.alignment + terms.uniformity / 2)


def test_the_two_directions_count_alike():
    left, right = random_rows(5), random_rows(5, seed=1)
    mirrored = contrastive_loss(right, left, 0.1)
    torch.testing.assert_close(contrastive_loss(left, right, 0.1).total, mirrored.total)


def test_what_says_the_same_is_no_negative():
    """Twins that are all masked leave each item its own pair and one other."""
    x = torch.ones(4, 3, dtype=torch.float64)
    same = mask_of(4, (0, 1), (2, 3))
    assert contrastive_loss(x, x, 0.1, same=same).total.item() == pytest.approx(math.log(3))
    simclr = within_modality(x, x, 0.1, same=same)
    assert simclr.total.item() == pytest.approx(math.log(8 - 1 - 2))
    simcse = within_modality(x, x, 0.1, same=same, form="simcse")
    assert simcse.total.item() == pytest.approx(math.log(3))
    judged = sigmoid_loss(x, x, 1.0, -1.0, same=same)
    assert judged.total.item() == pytest.approx((16 - 4) / 4 * math.log(2))


def test_a_masked_negative_pulls_at_nothing():
    left = random_rows(3).requires_grad_()
    right = random_rows(3, seed=1).requires_grad_()
    same = mask_of(3, (0, 1), (0, 2))
    contrastive_loss(left, right, 0.1, same=same).total.backward()
    torch.testing.assert_close(left.grad[0], torch.zeros(6, dtype=torch.float64))
    assert left.grad[1].abs().max() > 0


def test_the_diagonal_of_the_mask_does_not_matter():
    left, right = random_rows(4), random_rows(4, seed=1)
    same = torch.eye(4, dtype=torch.bool)
    for loss in (contrastive_loss, within_modality):
        plain, masked = loss(left, right, 0.1), loss(left, right, 0.1, same=same)
        torch.testing.assert_close(plain.total, masked.total)


@pytest.mark.parametrize("masked", [False, True], ids=["all", "masked"])
def test_gradients_are_those_of_finite_differences(masked):
    same = mask_of(4, (0, 2)) if masked else None
    left, right = random_rows(4, 3).requires_grad_(), random_rows(4, 3, seed=1).requires_grad_()
    tau = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    bias = torch.tensor(-2.0, dtype=torch.float64, requires_grad=True)

    def terms(x, y, t, b):
        for loss in (
            contrastive_loss(x, y, t, same=same, uniformity_weight=0.7),
            within_modality(x, y, t, same=same),
            within_modality(x, y, t, same=same, form="simcse"),
            sigmoid_loss(x, y, t, b, same=same, alignment_weight=1.3),
        ):
            yield loss.total
        yield alignment(x, y)
        yield uniformity(x)

    inputs = (left, right, tau, bias)
    assert torch.autograd.gradcheck(lambda *values: tuple(terms(*values)), inputs)


def test_half_precision_embeddings_lose_nothing_more():
    left, right = (random_rows(6, 64, seed).to(torch.bfloat16) for seed in (0, 1))
    exact = contrastive_loss(left.double(), right.double(), 0.01).total.float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        torch.testing.assert_close(contrastive_loss(left, right, 0.01).total, exact)


def test_metrics_of_known_places_on_the_sphere():
    x = torch.eye(3, dtype=torch.float64)
    assert alignment(x, x).item() == 0
    assert alignment(x, -x).item() == pytest.approx(4.0)  # opposite: distance 2
    assert alignment(x, x.roll(1, 0), alpha=1).item() == pytest.approx(math.sqrt(2))
    assert uniformity(torch.ones(3, 2)).item() == pytest.approx(0.0, abs=1e-6)
    assert uniformity(x).item() == pytest.approx(-4.0)  # -t * 2
    assert uniformity(torch.tensor([[1.0, 0], [-1, 0]]), t=3).item() == pytest.approx(-12.0)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(
    n=st.integers(2, 12),
    seed=st.integers(0, 1000),
    tau=st.floats(0.01, 2),
    shuffled=st.randoms(use_true_random=False),
)
def test_the_order_in_a_batch_does_not_matter(n, seed, tau, shuffled):
    left, right = random_rows(n, seed=seed), random_rows(n, seed=seed + 1)
    order = list(range(n))
    shuffled.shuffle(order)
    for loss in (contrastive_loss, within_modality):
        there, back = loss(left, right, tau).total, loss(left[order], right[order], tau).total
        torch.testing.assert_close(there, back)
        assert there.item() >= -1e-9  # a mean of -log of probabilities


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ((3, 4), (2, 4), None),
        ((3, 4), (3, 5), None),
        ((0, 4), (0, 4), None),
        ((12,), (12,), None),
        ((3, 4), (3, 4), torch.ones(2, 2, dtype=torch.bool)),
        ((3, 4), (3, 4), torch.ones(3, 3)),
    ],
)
def test_shapes_that_do_not_fit_are_refused(left, right, same):
    shape = (same if same is not None else torch.ones(right)).shape
    with pytest.raises(ValueError, match=re.escape(str(tuple(shape)))):
        contrastive_loss(torch.ones(left), torch.ones(right), 0.1, same=same)


def test_one_embedding_has_no_uniformity():
    with pytest.raises(ValueError, match=r"\b1\b"):
        uniformity(torch.ones(1, 3))
    with pytest.raises(ValueError, match="'moco'"):
        within_modality(torch.ones(2, 3), torch.ones(2, 3), 0.1, form="moco")
