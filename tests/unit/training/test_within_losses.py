"""The losses within pictures and within texts, as a run weighs them."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.helpers.tiny_models import save_tiny_clip
from tests.helpers.training_data import (
    ALONE,
    paint_pairs,
    small_config,
    tiny_trainable,
    tiny_training,
)
from tubeseek.core.errors import ConfigError, TrainingError
from tubeseek.core.events import EventKind
from tubeseek.core.lora_options import Towers
from tubeseek.training.config import HEADS
from tubeseek.training.data.batches import same_mask
from tubeseek.training.data.pairs import Pair, read_pairs
from tubeseek.training.loop import Loop
from tubeseek.training.open import open_training
from tubeseek.training.request import TrainRequest
from tubeseek.training.starter_heads import StarterTrainable

SEED = 5  # of dropout


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_clip(tmp_path_factory.mktemp("models") / "clip")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paint_pairs(tmp_path_factory.mktemp("data") / "painted")


@pytest.fixture(scope="module")
def pairs(data: Path) -> tuple[Pair, ...]:
    """Of which all are told apart: without looks, as two colours may look like two others."""
    distinct = tuple(replace(pair, look=None) for pair in read_pairs(data).pairs[:12])
    assert not same_mask(distinct).any()
    return distinct


def loop_of(trainable, pairs, **changes) -> Loop:
    return Loop(trainable, pairs, pairs, small_config(batch=12, **changes), ALONE, None, {})


def stirred(model: Path, dropout: float):
    """A LoRA that has learned something: at its start dropout would change nothing."""
    trainable = tiny_trainable(model, dropout=dropout)
    random = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for weight in trainable.parameters().values():
            weight.copy_(torch.randn(weight.shape, generator=random) * 0.3)
    return trainable


def first_batch(loop: Loop):
    """What the stepper makes of the first batch: terms and gradients."""
    loaded = loop.loaded(loop.epoch_batches(0)[0])
    torch.manual_seed(SEED)
    terms = loop.stepper.backward(loaded)
    return loaded, terms, {name: w.grad.clone() for name, w in loop.stepper.weights.items()}


def unit(rows: torch.Tensor) -> np.ndarray:
    wide = rows.detach().numpy().astype(np.float64)
    return wide / np.linalg.norm(wide, axis=1, keepdims=True)


def simcse(first: np.ndarray, second: np.ndarray, temperature: float) -> float:
    """Gao et al. 2021, eq. 4, one item after the other."""
    losses = []
    for i, row in enumerate(first):
        scores = np.exp(second @ row / temperature)
        losses.append(-np.log(scores[i] / scores.sum()))
    return float(np.mean(losses))


def nt_xent(first: np.ndarray, second: np.ndarray, temperature: float) -> float:
    """Chen et al. 2020, eq. 1, one view after the other."""
    views, n = np.concatenate([first, second]), len(first)
    losses = []
    for i, view in enumerate(views):
        scores = np.exp(views @ view / temperature)
        losses.append(-np.log(scores[(i + n) % (2 * n)] / (scores.sum() - scores[i])))
    return float(np.mean(losses))


def test_without_weight_nothing_is_added(model, pairs):
    trainable = stirred(model, 0.3)
    loaded, terms, _ = first_batch(loop_of(trainable, pairs, dropout=0.3))
    torch.manual_seed(SEED)
    texts, pictures = (unit(side) for side in trainable.embed(loaded.chunks[0]))
    both = [simcse(texts, pictures, trainable.temperature)]
    both += [simcse(pictures, texts, trainable.temperature)]
    assert float(terms["loss"]) == pytest.approx(np.mean(both), abs=1e-5)
    assert set(terms) == {"loss", "alignment", "uniformity"}
    settings = small_config().to_dict()
    assert not [name for name in settings if "within" in name]  # old checkpoints fit


def test_with_weight_both_are_added(model, pairs):
    trainable = stirred(model, 0.3)
    weights = {"within_texts": 0.5, "within_pictures": 2.0}
    loop = loop_of(trainable, pairs, dropout=0.3, **weights)
    loaded, terms, _ = first_batch(loop)
    torch.manual_seed(SEED)
    texts, pictures = (unit(side) for side in trainable.embed(loaded.chunks[0]))
    again = unit(trainable.read_again(loaded.chunks[0]))
    views_of_pictures = unit(trainable.see_again(loaded.chunks[0]))
    assert np.abs(texts - again).max() > 1e-3  # dropout is another one
    assert np.abs(pictures - views_of_pictures).max() > 1e-3
    of_texts, of_pictures = simcse(texts, again, 0.05), nt_xent(pictures, views_of_pictures, 0.1)
    assert float(terms["within_texts"]) == pytest.approx(of_texts, abs=1e-4)
    assert float(terms["within_pictures"]) == pytest.approx(of_pictures, abs=1e-4)
    between = float(terms["alignment"] + terms["uniformity"])
    expected = between + 0.5 * of_texts + 2.0 * of_pictures
    assert float(terms["loss"]) == pytest.approx(expected, abs=1e-3)
    assert weights.items() <= small_config(dropout=0.3, **weights).to_dict().items()


def test_chunks_find_the_gradients_of_the_whole_batch(model, pairs):
    """Of pictures, where nothing but the seed of each view is random."""
    grads = [
        first_batch(loop_of(stirred(model, 0.0), pairs, dropout=0.0, **changes))[2]
        for changes in (
            {"within_pictures": 1.0},
            {"within_pictures": 1.0, "chunk": 5},
            {},
        )
    ]
    for name, whole in grads[0].items():
        torch.testing.assert_close(grads[1][name], whole, atol=1e-5, rtol=1e-4)
    assert any(not torch.allclose(grads[2][name], whole) for name, whole in grads[0].items())


def test_chunks_find_the_gradients_under_dropout(model, pairs):
    """As one graph does that holds all chunks at once, with the same dropout."""
    trainable = stirred(model, 0.3)
    changes = {"dropout": 0.3, "within_texts": 1.0, "within_pictures": 1.0}
    loop = loop_of(trainable, pairs, chunk=5, **changes)
    loaded, _, cached = first_batch(loop)
    assert len(loaded.chunks) > 1
    loop.stepper.optimizer.zero_grad(set_to_none=True)
    torch.manual_seed(SEED)
    parts = [
        (*trainable.embed(chunk), trainable.read_again(chunk), trainable.see_again(chunk))
        for chunk in loaded.chunks
    ]
    sides = [torch.nn.functional.normalize(torch.cat(side)) for side in zip(*parts, strict=True)]
    texts, pictures, read, views_of_pictures = sides
    labels = torch.arange(len(texts))
    entropy = torch.nn.functional.cross_entropy
    scores = texts @ pictures.T / trainable.temperature
    views = torch.cat([pictures, views_of_pictures])
    similarity = (views @ views.T / 0.1).fill_diagonal_(-torch.inf)
    loss = (entropy(scores, labels) + entropy(scores.T, labels)) / 2
    loss = loss + entropy(texts @ read.T / 0.05, labels)
    loss = loss + entropy(similarity, torch.cat([labels + len(labels), labels]))
    loss.backward()
    for name, weight in loop.stepper.weights.items():
        torch.testing.assert_close(cached[name], weight.grad, atol=1e-5, rtol=1e-3)


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not(model, data, tmp_path):
    changes = {"within_texts": 0.3, "within_pictures": 0.3, "epochs": 1}

    def steps(out: Path) -> list[dict[str, float]]:
        return json.loads((out / "training.json").read_text("utf-8"))["curves"]["steps"]

    for _ in tiny_training(model, data, tmp_path / "whole", **changes).run():
        pass
    events = tiny_training(model, data, tmp_path / "stopped", **changes).run()
    for event in events:
        if event.kind is EventKind.ADVANCED and event.done == 3:  # of the loop's steps
            break
    events.close()
    with pytest.raises(TrainingError, match="within_pictures"):
        list(tiny_training(model, data, tmp_path / "stopped", epochs=1, within_texts=0.3).run())
    resumed = tiny_training(model, data, tmp_path / "stopped", **changes)
    messages = [event.message for event in resumed.run()]
    assert any("goes on after step" in str(message) for message in messages)
    whole, stopped = steps(tmp_path / "whole"), steps(tmp_path / "stopped")
    assert {"within_texts", "within_pictures"} <= set(whole[0])
    for name in ("loss", "within_texts", "within_pictures"):
        np.testing.assert_allclose(
            [row[name] for row in stopped], [row[name] for row in whole], rtol=1e-5
        )


def test_a_view_is_another_in_another_epoch(model, pairs):
    loop = loop_of(tiny_trainable(model, dropout=0.0), pairs, within_pictures=1.0)
    views = [{item.view for item in loop.epoch_batches(epoch)[0]} for epoch in (0, 1)]
    assert len(views[0]) == len(pairs)
    assert not views[0] & views[1]


def test_the_starters_texts_differ_by_dropout_alone(pairs, tmp_path):
    trainable = StarterTrainable(threads=1, dropout=0.5, towers=Towers.BOTH, cache=tmp_path)
    for _ in trainable.prepare(pairs, "painted-few-pairs"):
        pass
    loop = loop_of(trainable, pairs, dropout=0.5, within_texts=1.0)
    loaded, terms, _ = first_batch(loop)
    texts = unit(trainable.embed(loaded.chunks[0])[0])  # the heads start at nothing: one view
    assert float(terms["within_texts"]) == pytest.approx(simcse(texts, texts, 0.05), abs=1e-4)
    with torch.no_grad():
        trainable.parameters()["text_head"].fill_(0.1)
    first, second = (trainable.read_again(loaded.chunks[0]) for _ in range(2))
    assert (first - second).abs().max() > 1e-3
    with pytest.raises(ConfigError, match="--within-pictures"):
        trainable.require(small_config(within_pictures=1.0))


def test_what_cannot_be_done_is_refused_before_anything_is_read(data, tmp_path):
    request = TrainRequest("starter", tmp_path, replace(HEADS, within_pictures=1.0), data)
    with pytest.raises(ConfigError, match="--within-pictures"):
        open_training(request, lambda kind: read_pairs(data))
    assert not list(tmp_path.iterdir())


def test_what_makes_no_sense_is_refused(model):
    with pytest.raises(ConfigError, match="--dropout"):
        small_config(within_texts=1.0, dropout=0.0)
    with pytest.raises(ConfigError, match="within pictures"):
        small_config(within_pictures=-1.0)
    of_text = tiny_trainable(model, dropout=0.1, towers=Towers.TEXT)
    of_text.require(small_config(within_texts=1.0))
    with pytest.raises(ConfigError, match=r"--within-pictures.*--towers"):
        of_text.require(small_config(within_pictures=1.0))
