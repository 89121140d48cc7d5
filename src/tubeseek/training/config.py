"""Defines the settings of a training run, and the defaults of each method."""

import math
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from tubeseek.core.errors import ConfigError


class PairKind(StrEnum):
    """Kinds of pairs that a library has."""

    THUMBNAIL_TITLE = "thumbnail-title"
    CLIP_TITLE = "clip-title"  # for encoders of clips; only videos whose file is in the library
    STILL_CAPTION = "still-caption"  # a frame with the words that are spoken meanwhile


class Loss(StrEnum):
    """Losses to minimise; `losses.py` has the formulas."""

    CONTRASTIVE = "contrastive"
    SIGMOID = "sigmoid"


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """The settings that, with the pairs and the encoder, decide the result of a run."""

    epochs: int
    batch: int  # pairs that are contrasted with one another, over all processes
    lr: float
    weight_decay: float
    dropout: float
    patience: int  # epochs without a better validation before the run stops
    temperature: float | None = None  # None: the one that the encoder was trained with
    seed: int = 0
    warmup: float = 0.1  # share of the steps in which the learning rate rises
    loss: Loss = Loss.CONTRASTIVE
    learn_temperature: bool = False
    alignment_weight: float = 1.0
    uniformity_weight: float = 1.0
    within_pictures: float = 0.0  # weight of the loss between two views of each picture
    within_texts: float = 0.0  # weight of the loss between two dropouts of each text
    accumulate: int = 1  # batches whose gradients are added up for one step
    chunk: int | None = None  # pairs in memory at a time (cached gradients); None: the whole batch
    validation: float = 0.1  # share of the channels
    test: float = 0.2  # share of the channels
    refit: bool = False  # train again to the best epoch, on training and validation pairs
    checkpoint_steps: int = 50  # steps between checkpoints; each epoch ends with one too

    def __post_init__(self) -> None:
        wrong = [
            name
            for name, fits in (
                ("epochs", self.epochs >= 1),
                ("lr", 0 < self.lr < math.inf),
                ("weight decay", 0 <= self.weight_decay < math.inf),
                ("dropout", 0 <= self.dropout < 1),
                ("patience", self.patience >= 1),
                ("temperature", self.temperature is None or 0 < self.temperature < math.inf),
                ("warm-up", 0 <= self.warmup <= 1),
                ("alignment weight", 0 <= self.alignment_weight < math.inf),
                ("uniformity weight", 0 <= self.uniformity_weight < math.inf),
                ("within pictures", 0 <= self.within_pictures < math.inf),
                ("within texts", 0 <= self.within_texts < math.inf),
                ("accumulate", self.accumulate >= 1),
                ("chunk", self.chunk is None or self.chunk >= 1),
                ("checkpoint steps", self.checkpoint_steps >= 1),
            )
            if not fits
        ]
        if wrong:
            raise ConfigError(f"out of range: {', '.join(wrong)}; see `tubeseek train --help`")
        if self.batch < 2:
            raise ConfigError(
                f"a batch of {self.batch} has no negatives to contrast a pair with; use --batch 2 "
                f"or more"
            )
        if self.within_texts and not self.dropout:
            raise ConfigError(
                "--within-texts compares each text under two dropouts, and without dropout they "
                "are equal; use a --dropout above 0, or leave --within-texts out"
            )

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as the card states them and a resumed run compares them.

        The losses within a side are left out if they have no weight, so that runs begun before
        these losses existed can be resumed.
        """
        return {
            name: str(value) if isinstance(value, StrEnum) else value
            for name, value in asdict(self).items()
            if value or name not in ("within_pictures", "within_texts")
        }


NOT_LEARNED = (
    "--within-{side} trains the tower of {side}, which --towers freezes; choose other --towers, "
    "or leave --within-{side} out"
)

# The best on validation channels; docs/training.md says which, and how other values compare.
HEADS = TrainConfig(
    epochs=40,
    batch=512,
    lr=3e-4,
    weight_decay=0.0,
    dropout=0.5,
    patience=20,
    temperature=0.07,
    refit=True,
)

# LoRA of dual encoders. Learning rate and weight decay are in the range of Hu et al. 2021, LoRA,
# arXiv 2106.09685 (table 9: 5e-4 to 2e-4 with AdamW and linear decay, 0 to 0.1), at the lower end
# because CLIP's towers are small and the pairs few. Learning rate (2e-4) and dropout (0.25) are
# those of Zanella and Ben Ayed 2024, "Low-Rank Few-Shot Adaptation of Vision-Language Models"
# (CLIP-LoRA), arXiv 2405.18541, section 4.
LORA = TrainConfig(
    epochs=5, batch=64, lr=2e-4, weight_decay=0.01, dropout=0.25, patience=2, checkpoint_steps=20
)
