"""What a step is made of, and in which numbers it is taken."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.helpers.tiny_models import save_tiny_clip
from tests.helpers.training_data import ALONE, paint_pairs, small_config, tiny_trainable
from tubeseek.core.lora_options import LoraOptions
from tubeseek.encoders.dual.lora import training_dtype
from tubeseek.training.config import Loss
from tubeseek.training.data.pairs import Pair, read_pairs
from tubeseek.training.loop import Loop
from tubeseek.training.lora import LoraTrainable


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_clip(tmp_path_factory.mktemp("models") / "clip")


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Pair, ...]:
    data = paint_pairs(tmp_path_factory.mktemp("data") / "painted")
    return tuple(replace(pair, look=None) for pair in read_pairs(data).pairs[:12])


def loop_of(trainable: LoraTrainable, pairs: tuple[Pair, ...], **changes: object) -> Loop:
    return Loop(trainable, pairs, pairs, small_config(**changes), ALONE, None, {})


@pytest.mark.parametrize("accumulate", [2, 4])
def test_a_step_follows_the_mean_of_its_batches_however_many_are_left(
    model: Path, pairs: tuple[Pair, ...], accumulate: int
) -> None:
    """Three batches: of four wanted three are there, of two and two the second has one."""
    changes = {"batch": 4, "dropout": 0.0, "lr": 1e-12, "epochs": 1}
    loop = loop_of(tiny_trainable(model, dropout=0.0), pairs, accumulate=accumulate, **changes)
    norms: list[float] = []
    for _ in loop.run(lambda facts, step: norms.append(facts.get("gradient", math.nan))):
        pass
    norms = [norm for norm in norms if not math.isnan(norm)]
    plain = loop_of(tiny_trainable(model, dropout=0.0), pairs, **changes)
    grads = []
    for batch in plain.epoch_batches(0):
        plain.stepper.backward(plain.loaded(batch))
        learned = plain.stepper.weights.values()
        grads.append(torch.cat([w.grad.flatten() for w in learned if w.grad is not None]))
        plain.stepper.optimizer.zero_grad(set_to_none=True)
    assert len(grads) == 3
    steps = [grads[at : at + accumulate] for at in range(0, 3, accumulate)]
    expected = [float(torch.stack(step).mean(dim=0).norm()) for step in steps]
    assert norms == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("learned", [False, True])
def test_a_temperature_below_clips_bound_stays(
    model: Path, pairs: tuple[Pair, ...], *, learned: bool
) -> None:
    """SigLIP's weights have 1 / 117.3."""
    loop = loop_of(
        tiny_trainable(model, dropout=0.0),
        pairs,
        batch=6,
        lr=1e-12,
        loss=Loss.SIGMOID,
        temperature=1 / 117.3,
        learn_temperature=learned,
    )
    loop.stepper.backward(loop.loaded(loop.epoch_batches(0)[0]))
    loop.stepper.update(0)
    assert loop.stepper.temperature == pytest.approx(1 / 117.3, rel=1e-5)


def test_a_learned_temperature_stops_at_clips_bound(model: Path, pairs: tuple[Pair, ...]) -> None:
    loop = loop_of(
        tiny_trainable(model, dropout=0.0), pairs, temperature=0.02, learn_temperature=True
    )
    with torch.no_grad():
        loop.stepper.weights["log_temperature"].fill_(math.log(0.001))
    loop.stepper.backward(loop.loaded(loop.epoch_batches(0)[0]))
    loop.stepper.update(0)
    assert loop.stepper.temperature == pytest.approx(0.01, rel=1e-5)


def test_what_learns_is_float32_beside_frozen_bfloat16(model: Path) -> None:
    trainable = LoraTrainable(
        str(model),
        LoraOptions(rank=2, dtype="bfloat16", full_heads=True),
        dropout=0.0,
        device=torch.device("cpu"),
        threads=1,
        seed=0,
    )
    learned = trainable.parameters()
    assert any("visual_projection" in name for name in learned)
    assert {weight.dtype for weight in learned.values()} == {torch.float32}
    assert trainable.facts()["dtype"] == "bfloat16"


def test_a_gpu_that_would_only_emulate_bfloat16_trains_in_float32(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As torch tells of a T4: it has the format, and no hardware for it."""

    def of_a_t4(including_emulation: bool = True) -> bool:
        return including_emulation

    monkeypatch.setattr(torch.cuda, "is_bf16_supported", of_a_t4)
    assert training_dtype("auto", torch.device("cuda")) is torch.float32


def test_pairs_that_say_the_same_are_no_negatives_of_each_other_in_a_step(
    model: Path, pairs: tuple[Pair, ...]
) -> None:
    twins = (pairs[0], replace(pairs[1], texts=pairs[0].texts), pairs[2])
    loop = loop_of(tiny_trainable(model, dropout=0.0), twins, batch=3, temperature=0.1)
    batch = loop.epoch_batches(0)[0]
    loss = float(loop.stepper.backward(loop.loaded(batch))["loss"])
    texts, pictures = tiny_trainable(model, dropout=0.0).encode([item.pair for item in batch])
    scores = np.exp(texts.astype(np.float64) @ pictures.T / 0.1)
    for i, item in enumerate(batch):
        for j, other in enumerate(batch):
            if i != j and item.text == other.text:
                scores[i, j] = 0
    pulls = np.log(scores.diagonal())
    pushes = (np.log(scores.sum(axis=0)) + np.log(scores.sum(axis=1))) / 2
    assert (scores == 0).sum() == 2
    assert loss == pytest.approx(float((pushes - pulls).mean()), rel=1e-4)
