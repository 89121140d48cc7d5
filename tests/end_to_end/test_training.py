"""`train` on a tiny CLIP: it learns, survives kill -9, and many processes do the work of one."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.conftest import ROOT
from tests.helpers.command import Command
from tests.helpers.small_disk import small_disk
from tests.helpers.tiny_models import save_tiny_clip, save_tiny_naflex, save_tiny_siglip
from tests.helpers.training_data import (
    ALONE,
    paint_pairs,
    small_config,
    tiny_trainable,
    tiny_training,
)
from tubeseek.core.errors import ConfigError, InputError, TrainingError
from tubeseek.core.events import EventKind
from tubeseek.core.lora_options import Towers
from tubeseek.core.settings import Settings
from tubeseek.encoders.factory import open_encoder, with_adapter
from tubeseek.media.pictures import read_picture
from tubeseek.training import checkpoint
from tubeseek.training.data.pairs import read_pairs
from tubeseek.training.loop import Loop
from tubeseek.training.run_folder import WORK


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_clip(tmp_path_factory.mktemp("models") / "clip")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paint_pairs(tmp_path_factory.mktemp("data") / "painted")


def losses(out: Path) -> list[float]:
    steps = json.loads((out / "training.json").read_text("utf-8"))["curves"]["steps"]
    return [step["loss"] for step in steps]


def test_a_killed_run_goes_on_as_if_nothing_had_happened(
    model: Path, data: Path, tmp_path: Path
) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    for _ in tiny_training(model, data, whole).run():
        pass
    expected = losses(whole)
    assert len(set(expected)) == len(expected) >= 6
    stop = len(expected) // 2 - 1  # within the first epoch of two
    program = [sys.executable, "-m", "tests.helpers.killed_training"]
    child = subprocess.run([*program, model, data, killed, str(stop)], cwd=ROOT, check=False)
    assert child.returncode == -9
    training = tiny_training(model, data, killed)
    messages = [event.message for event in training.run() if event.kind is EventKind.NOTICE]
    assert f"goes on after step {stop} of {len(expected)}" in messages
    np.testing.assert_allclose(losses(killed), expected, rtol=1e-5)
    curves = (killed / WORK / "curves.jsonl").read_text("utf-8").splitlines()
    measured = [row["loss"] for row in map(json.loads, curves) if "loss" in row]
    np.testing.assert_allclose(measured, expected, rtol=1e-5)


def test_two_processes_find_the_gradients_of_one(model: Path, data: Path, tmp_path: Path) -> None:
    program = [sys.executable, "-m", "tests.helpers.training_process"]
    started = [
        subprocess.Popen(
            [*program, str(rank), "2", model, data, tmp_path],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(2)
    ]
    try:
        messages = [process.communicate(timeout=600)[1] for process in started]
    finally:
        for process in started:
            process.kill()
    assert [process.returncode for process in started] == [0, 0], messages
    pairs = read_pairs(data).pairs
    trainable = tiny_trainable(model, dropout=0.0)
    config = small_config(batch=len(pairs), within_pictures=0.5)
    alone = Loop(trainable, pairs, pairs, config, ALONE, None, {})
    alone.stepper.backward(alone.loaded(alone.epoch_batches(0)[0]))
    for rank in range(2):
        gradients = torch.load(tmp_path / f"{rank}.pt")
        for name, weight in alone.stepper.weights.items():
            torch.testing.assert_close(gradients[name], weight.grad, atol=1e-6, rtol=1e-4)


@pytest.mark.parametrize(
    ("save", "epochs"), [(save_tiny_clip, 6), (save_tiny_naflex, 18)], ids=["clip", "naflex"]
)
def test_it_learns_and_the_adapter_serves(
    data: Path, tmp_path: Path, save: Callable[[Path], Path], epochs: int
) -> None:
    base = save(tmp_path / "base")
    training = tiny_training(base, data, tmp_path / "out", epochs=epochs, dropout=0.0, patience=99)
    for _ in training.run():
        pass
    curve = losses(tmp_path / "out")
    assert np.mean(curve[-4:]) < 0.9 * np.mean(curve[:4])
    settings = Settings(threads=1, device="cpu", dtype="float32", backend="torch")
    served = open_encoder(with_adapter(None, str(tmp_path / "out")), settings)
    pairs = training.split.test
    texts, pictures = training.trainable.encode(pairs)
    np.testing.assert_allclose(served.encode_texts([p.texts[0] for p in pairs]), texts, atol=1e-5)
    clips = [read_picture(pair.picture, 640)[None] for pair in pairs]
    np.testing.assert_allclose(served.encode_clips(clips), pictures, atol=1e-5)
    card = (tmp_path / "out" / "README.md").read_text("utf-8")
    assert training.record().data.digest[:16] in card


def test_chunks_give_the_gradients_of_the_whole_batch(model: Path, data: Path) -> None:
    pairs = read_pairs(data).pairs
    grads = []
    for chunk in (None, 5):
        config = small_config(batch=20, chunk=chunk)
        loop = Loop(tiny_trainable(model, dropout=0.0), pairs, pairs, config, ALONE, None, {})
        loop.stepper.backward(loop.loaded(loop.epoch_batches(0)[0]))
        grads.append({name: w.grad for name, w in loop.stepper.weights.items()})
    for name, whole in grads[0].items():
        torch.testing.assert_close(grads[1][name], whole, atol=1e-5, rtol=1e-4)


def test_checkpointing_changes_no_gradient(model: Path, data: Path) -> None:
    pairs = read_pairs(data).pairs
    grads = []
    for checkpointing in (False, True):
        trainable = tiny_trainable(model, dropout=0.0, checkpointing=checkpointing)
        loop = Loop(trainable, pairs, pairs, small_config(batch=20), ALONE, None, {})
        loop.stepper.backward(loop.loaded(loop.epoch_batches(0)[0]))
        grads.append({name: w.grad for name, w in loop.stepper.weights.items()})
    for name, kept in grads[0].items():
        torch.testing.assert_close(grads[1][name], kept, atol=1e-6, rtol=1e-4)


def test_one_tower_and_full_heads(model: Path) -> None:
    of_text = tiny_trainable(model, dropout=0.0, towers=Towers.TEXT).parameters()
    assert of_text
    assert all("text_model" in name for name in of_text)
    with_heads = tiny_trainable(model, dropout=0.0, full_heads=True).parameters()
    assert {"visual_projection", "text_projection"} <= {
        part for name in with_heads for part in name.split(".")
    }


def test_a_siglip_learns_with_its_own_loss(data: Path, tmp_path: Path) -> None:
    base = save_tiny_siglip(tmp_path / "siglip")
    training = tiny_training(
        base, data, tmp_path / "out", loss="sigmoid", learn_temperature=True, epochs=1
    )
    for _ in training.run():
        pass
    assert all(np.isfinite(losses(tmp_path / "out")))
    steps = training.record().to_dict()["curves"]["steps"]
    assert steps[-1]["temperature"] != steps[0]["temperature"]


def test_numbers_that_are_none_end_it_and_keep_the_checkpoint(
    model: Path, data: Path, tmp_path: Path
) -> None:
    training = tiny_training(model, data, tmp_path / "out", lr=1e30)
    with pytest.raises(TrainingError, match="--lr"):
        for _ in training.run():
            pass
    kept = torch.load(tmp_path / "out" / WORK / checkpoint.NAME, weights_only=True)
    assert kept["progress"]["step"] >= 1


def test_a_dry_run_tells_the_cost_and_changes_nothing(
    model: Path, data: Path, tmp_path: Path
) -> None:
    training = tiny_training(model, data, tmp_path / "out")
    before = {n: w.detach().clone() for n, w in training.trainable.parameters().items()}
    cost = training.rehearse()
    assert cost.seconds_per_step > 0
    assert (cost.memory_bytes or 0) > 100_000_000  # torch alone takes more
    assert cost.steps_per_epoch == round(len(training.split.train) / 5)
    assert not (tmp_path / "out").exists()
    for name, weight in training.trainable.parameters().items():
        torch.testing.assert_close(weight, before[name], rtol=0, atol=0)


@pytest.mark.slow
def test_it_says_when_nothing_checks_other_pictures(data: Path, tmp_path: Path) -> None:
    tubeseek = Command(tmp_path / "library", {"TUBESEEK_THREADS": "1"})
    command = ("train", "--encoder", "starter", "--data", str(data), "--out", str(tmp_path / "out"))
    alone = tubeseek.run(*command, "--dry-run")
    assert alone.returncode == 0, alone.stderr
    line = "Without --retention nothing checks whether other kinds of pictures get worse."
    assert line in alone.stderr.splitlines()
    checked = tubeseek.run(*command, "--dry-run", "--json", "--retention", str(data))
    assert checked.returncode == 0, checked.stderr
    assert "--retention" not in checked.stderr
    assert json.loads(checked.stdout)["seconds_per_epoch"] > 0


def test_a_disk_that_is_full_keeps_the_last_checkpoint(
    model: Path, data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    events = tiny_training(model, data, out).run()
    written = out / WORK / checkpoint.NAME
    while not written.is_file():
        next(events)
    kept = written.read_bytes()
    with small_disk(len(kept) // 2), pytest.raises(TrainingError, match=checkpoint.NAME):
        list(events)
    assert written.read_bytes() == kept
    assert [path for path in written.parent.iterdir() if path.suffix == ".part"] == []


def test_other_settings_do_not_go_on_with_a_run(model: Path, data: Path, tmp_path: Path) -> None:
    for _ in tiny_training(model, data, tmp_path / "out", epochs=1).run():
        pass
    with pytest.raises(TrainingError, match="lr"):
        for _ in tiny_training(model, data, tmp_path / "out", epochs=1, lr=1e-3).run():
            pass


def test_too_few_pairs_are_refused_before_anything_starts(
    model: Path, data: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="--batch"):
        small_config(batch=1)
    with pytest.raises(InputError, match="validation"):
        tiny_training(model, data, tmp_path, validation=0.0)
