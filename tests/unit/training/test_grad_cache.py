"""Cached gradients equal those of the whole batch at once."""

import pytest
import torch
from torch import nn

from tubeseek.training.grad_cache import cached_backward
from tubeseek.training.losses import contrastive_loss


class Towers(nn.Module):
    """Two small towers with dropout and a learned temperature."""

    def __init__(self, dropout):
        super().__init__()
        self.pictures = nn.Sequential(
            nn.Linear(5, 8), nn.Tanh(), nn.Dropout(dropout), nn.Linear(8, 4)
        )
        self.texts = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Dropout(dropout), nn.Linear(8, 4))
        self.scale = nn.Parameter(torch.tensor(1.0))

    def forward(self, chunk):
        pictures, texts = chunk
        return self.pictures(pictures), self.texts(texts)

    def loss(self, pictures, texts):
        return contrastive_loss(pictures, texts, (-self.scale).exp()).total


def towers(dropout=0.0, seed=0):
    torch.manual_seed(seed)
    return Towers(dropout).double()


def batch(n):
    generator = torch.Generator().manual_seed(7)
    return [torch.randn(n, d, generator=generator, dtype=torch.float64) for d in (5, 3)]


def chunked(whole, size):
    return list(zip(*(side.split(size) for side in whole), strict=True))


def gradients(model):
    return {name: parameter.grad for name, parameter in model.named_parameters()}


@pytest.mark.parametrize("size", [1, 2, 3, 8])
def test_they_equal_the_plain_gradients(size):
    plain, cached = towers(), towers()
    expected = plain.loss(*plain(batch(8)))
    expected.backward()
    got = cached_backward(chunked(batch(8), size), cached, cached.loss)
    torch.testing.assert_close(got, expected.detach())
    torch.testing.assert_close(gradients(cached), gradients(plain), atol=1e-12, rtol=1e-10)


def test_dropout_is_the_same_in_both_passes():
    """One graph that holds all chunks at once, with the same dropout, gives the same gradients."""
    plain, cached = towers(dropout=0.5), towers(dropout=0.5)
    torch.manual_seed(3)
    parts = [plain(chunk) for chunk in chunked(batch(8), 2)]
    expected = plain.loss(*(torch.cat(side) for side in zip(*parts, strict=True)))
    expected.backward()
    after = torch.rand(3)
    torch.manual_seed(3)
    got = cached_backward(chunked(batch(8), 2), cached, cached.loss)
    torch.testing.assert_close(got, expected.detach())
    torch.testing.assert_close(gradients(cached), gradients(plain), atol=1e-12, rtol=1e-10)
    torch.testing.assert_close(torch.rand(3), after)  # the run's own random numbers go on


def test_they_add_to_earlier_gradients_and_follow_scaling():
    model, twice = towers(), towers()
    cached_backward(chunked(batch(6), 2), model, model.loss)
    for _ in range(4):
        cached_backward(
            chunked(batch(6), 2), twice, twice.loss, backward=lambda loss: (loss * 0.5).backward()
        )
    doubled = {name: grad * 2 for name, grad in gradients(model).items()}
    torch.testing.assert_close(gradients(twice), doubled)


def test_a_frozen_tower_is_left_alone():
    model = towers()
    model.texts.requires_grad_(requires_grad=False)
    cached_backward(chunked(batch(6), 3), model, model.loss)
    assert all(parameter.grad is None for parameter in model.texts.parameters())
    assert all(parameter.grad is not None for parameter in model.pictures.parameters())


def test_half_precision_under_autocast():
    plain, cached = towers().float(), towers().float()
    whole = [side.float() for side in batch(8)]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        expected = plain.loss(*plain(whole))
        got = cached_backward(chunked(whole, 4), cached, cached.loss)
    expected.backward()
    torch.testing.assert_close(got, expected.detach())
    torch.testing.assert_close(gradients(cached), gradients(plain), atol=2e-3, rtol=2e-2)


def test_an_empty_batch_is_refused():
    model = towers()
    with pytest.raises(ValueError, match="chunk"):
        cached_backward([], model, model.loss)
