"""A small data set to train on, and runs over it. Painted pictures: titles name two colours."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from tubeseek.core.lora_options import LoraOptions
from tubeseek.encoders.device import use_threads
from tubeseek.training.config import LORA, TrainConfig
from tubeseek.training.data.pairs import PairSet, read_pairs
from tubeseek.training.distributed import Processes
from tubeseek.training.lora import LoraTrainable
from tubeseek.training.run import TrainingRun

COLOURS = {
    "red": (220, 30, 30),
    "green": (30, 180, 40),
    "blue": (30, 60, 220),
    "yellow": (240, 220, 40),
    "black": (10, 10, 10),
    "white": (245, 245, 245),
    "orange": (250, 140, 20),
    "violet": (140, 50, 200),
}
CHANNELS = 7
ALONE = Processes(1, 0, torch.device("cpu"))


def paint_pairs(folder: Path, side: int = 40, count: int = 56) -> Path:
    """A data set of up to 56 pictures, one colour on the left and another on the right."""
    (folder / "images").mkdir(parents=True)
    names = list(COLOURS)
    both = [(left, right) for left in names for right in names if left != right]
    with (folder / "metadata.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["Id", "Channel", "Title", "Category"])
        for place, (left, right) in enumerate(both[:count]):
            picture = Image.new("RGB", (side, side), COLOURS[left])
            picture.paste(COLOURS[right], (side // 2, 0, side, side))
            picture.save(folder / "images" / f"v{place}.png")
            rows.writerow(
                [f"v{place}", f"channel {place % CHANNELS}", f"{left} beside {right}", ""]
            )
    return folder


def small_config(**changes: Any) -> TrainConfig:
    """Two epochs of a few steps."""
    settings = {"epochs": 2, "batch": 5, "lr": 1e-2, "patience": 9, "checkpoint_steps": 1}
    return replace(LORA, **{**settings, **changes})


def tiny_trainable(model: Path, *, dropout: float, **options: Any) -> LoraTrainable:
    """LoRA on a model of tiny_models."""
    use_threads(1)
    return LoraTrainable(
        str(model),
        LoraOptions(rank=2, dtype="float32", **options),
        dropout=dropout,
        device=torch.device("cpu"),
        threads=1,
        seed=0,
    )


def tiny_training(
    model: Path, data: Path | PairSet, out: Path, *, dropout: float = 0.1, **changes: Any
) -> TrainingRun:
    """A run over painted pairs, ready to start."""
    pairs = read_pairs(data) if isinstance(data, Path) else data
    return TrainingRun(
        tiny_trainable(model, dropout=dropout),
        pairs,
        small_config(dropout=dropout, **changes),
        ALONE,
        out,
        data="painted",
    )
