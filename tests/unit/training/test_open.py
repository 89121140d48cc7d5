"""Runs refuse options without effect, measure only on pairs they did not learn from, and resume."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.helpers.small_disk import small_disk
from tests.helpers.tiny_models import save_tiny_clip
from tests.helpers.training_data import (
    ALONE,
    COLOURS,
    paint_pairs,
    small_config,
    tiny_trainable,
    tiny_training,
)
from tubeseek.cli.train_options import TrainOptions
from tubeseek.core.errors import ConfigError, InputError, TrainingError
from tubeseek.core.lora_options import LoraOptions, Towers
from tubeseek.core.settings import Settings
from tubeseek.training.config import HEADS, LORA, PairKind
from tubeseek.training.data.pairs import PairSet, read_pairs
from tubeseek.training.lora import LoraTrainable
from tubeseek.training.metrics import RetentionSet, exclude_learned
from tubeseek.training.open import open_training
from tubeseek.training.request import TrainRequest
from tubeseek.training.run import TrainingRun
from tubeseek.training.starter_heads import StarterTrainable


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_clip(tmp_path_factory.mktemp("models") / "clip")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paint_pairs(tmp_path_factory.mktemp("data") / "painted")


def no_library(kind: PairKind) -> PairSet:
    raise AssertionError(f"the library must not be read, got {kind}")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"lora": LoraOptions(rank=4)}, "--rank"),
        ({"lora": LoraOptions(dtype="bfloat16")}, "--encoder"),
        ({"pairs": PairKind.STILL_CAPTION}, "--pairs"),
    ],
)
def test_options_without_effect_are_refused(
    data: Path, tmp_path: Path, options: dict[str, Any], named: str
) -> None:
    request = TrainRequest("starter", tmp_path, HEADS, data, **options)
    with pytest.raises(ConfigError, match=named):
        open_training(request, no_library)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (TrainOptions(alignment_weight=-1.0), "alignment weight"),
        (TrainOptions(uniformity_weight=float("nan")), "uniformity weight"),
        (TrainOptions(lr=float("inf")), "lr"),
    ],
)
def test_options_out_of_range_are_refused(
    tmp_path: Path, options: TrainOptions, named: str
) -> None:
    with pytest.raises(ConfigError, match=named):
        options.request(Settings(library=tmp_path))


def test_options_that_are_not_given_keep_the_defaults_of_the_method(tmp_path: Path) -> None:
    settings = Settings(library=tmp_path)
    assert TrainOptions(encoder="starter").request(settings).config == HEADS
    assert TrainOptions(encoder="clip").request(settings).config == LORA
    options = TrainOptions(encoder="clip", epochs=7, within_texts=0.5, target=["k_proj"])
    request = options.request(settings)
    assert request.config == replace(LORA, epochs=7, within_texts=0.5)
    assert request.lora == LoraOptions(targets=("k_proj",))


def test_a_retention_set_called_test_leaves_the_test_part_alone(
    model: Path, data: Path, tmp_path: Path
) -> None:
    shutil.copytree(data, tmp_path / "test")
    request = TrainRequest(
        str(model),
        tmp_path,
        replace(LORA, epochs=1, batch=20),
        data,
        tmp_path / "out",
        tmp_path / "test",
        device="cpu",
        threads=1,
    )
    training = open_training(request, no_library)
    for _ in training.run():
        pass
    assert set(training.outcomes) == {"test", "validation", "test (retention)"}
    assert training.outcomes["test"].before.pictures == len(training.split.test)


def test_nothing_is_forgotten_or_kept_of_what_is_learned(
    model: Path, data: Path, tmp_path: Path
) -> None:
    """The retention set is the training data itself."""
    pairs = read_pairs(data)
    training = TrainingRun(
        tiny_trainable(model, dropout=0.1),
        pairs,
        small_config(epochs=1),
        ALONE,
        tmp_path / "out",
        data="painted",
        retention=RetentionSet("painted", pairs),
    )
    messages = [str(event.message) for event in training.run()]
    learned = {pair.id for pair in (*training.split.train, *training.split.validation)}
    left = exclude_learned(
        RetentionSet("painted", pairs), [p for p in pairs.pairs if p.id in learned]
    )
    assert learned.isdisjoint(pair.id for pair in left)
    assert training.outcomes["painted"].after.pictures == len(left) >= 2
    count = len(pairs.pairs) - len(left)
    assert any(f"{count} pairs of painted" in message for message in messages)


def test_pictures_that_are_all_learned_measure_nothing(data: Path) -> None:
    pairs = read_pairs(data)
    with pytest.raises(InputError, match="--retention"):
        exclude_learned(RetentionSet("painted", pairs), pairs.pairs)


def test_a_run_of_another_model_of_the_same_shape_is_not_gone_on_with(
    model: Path, data: Path, tmp_path: Path
) -> None:
    for _ in tiny_training(model, data, tmp_path / "out", epochs=1).run():
        pass
    other = save_tiny_clip(tmp_path / "other", seed=1)
    with pytest.raises(TrainingError, match=r"\bencoder\b"):
        list(tiny_training(other, data, tmp_path / "out", epochs=1).run())


def test_several_threads_read_what_one_does(model: Path, data: Path) -> None:
    pairs = read_pairs(data).pairs[: len(COLOURS)]
    encoded = []
    for threads in (1, 3):
        trainable = LoraTrainable(
            str(model),
            LoraOptions(rank=2, dtype="float32"),
            dropout=0.0,
            device=torch.device("cpu"),
            threads=threads,
            seed=0,
        )
        encoded.append(trainable.encode(pairs))
    for with_one_thread, with_three in zip(*encoded, strict=True):
        np.testing.assert_allclose(with_three, with_one_thread, atol=1e-6)


def test_a_full_disk_leaves_no_features_behind(data: Path, tmp_path: Path) -> None:
    heads = StarterTrainable(threads=1, dropout=0.1, towers=Towers.BOTH, cache=tmp_path / "run")
    pairs = read_pairs(data)
    with small_disk(20_000), pytest.raises(TrainingError, match="heads-"):
        list(heads.prepare(pairs.pairs[:4], pairs.digest))
    assert not list((tmp_path / "run").iterdir())


def test_an_adapter_is_read_by_whoever_reads_its_card(
    model: Path, data: Path, tmp_path: Path
) -> None:
    for _ in tiny_training(model, data, tmp_path / "out", epochs=1).run():
        pass
    files = [path for path in (tmp_path / "out").iterdir() if path.is_file()]
    assert "adapter_model.safetensors" in {path.name for path in files}
    assert len({path.stat().st_mode for path in files}) == 1
