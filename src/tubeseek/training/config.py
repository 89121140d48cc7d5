"""The settings of a training run, and the defaults of each method."""

import math
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from tubeseek.core.errors import ConfigError


class PairKind(StrEnum):
    """Kinds of pairs that a library has."""

    THUMBNAIL_TITLE = "thumbnail-title"
    CLIP_TITLE = "clip-title"  # of videos whose file is at hand; for encoders of clips
    STILL_CAPTION = "still-caption"  # a frame with the words that are spoken while it shows


class Loss(StrEnum):
    """Losses to minimise; `losses.py` has the formulas."""

    CONTRASTIVE = "contrastive"
    SIGMOID = "sigmoid"


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """All that decides what comes out of a run, beside the pairs and the encoder."""

    epochs: int
    batch: int  # pairs told apart from one another, over all processes
    lr: float
    weight_decay: float
    dropout: float
    patience: int  # epochs without a better validation before it stops
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
    chunk: int | None = None  # pairs in memory at a time (cached gradients); None: all of a batch
    validation: float = 0.1  # share of the channels
    test: float = 0.2
    refit: bool = False  # once the best epoch is known, learn that long from validation pairs too
    checkpoint_steps: int = 50  # beside one after each epoch

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
                f"a batch of {self.batch} has nothing to tell a pair from; use --batch 2 or more"
            )
        if self.within_texts and not self.dropout:
            raise ConfigError(
                "--within-texts compares each text under two dropouts, and without dropout they "
                "are one; give --dropout above 0, or leave it out"
            )

    def to_dict(self) -> dict[str, Any]:
        """As it stands in the card, and as a resumed run compares it.

        The losses within a side are left out where they have no weight: a run that was begun
        before there were any goes on.
        """
        return {
            name: str(value) if isinstance(value, StrEnum) else value
            for name, value in asdict(self).items()
            if value or name not in ("within_pictures", "within_texts")
        }


NOT_LEARNED = (
    "--within-{side} draws on what the {side} side learns, and --towers lets it learn nothing; "
    "choose other --towers, or leave --within-{side} out"
)

# What was found best on validation channels (docs/training.md says on what, and how far it is
# from its neighbours).
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

# LoRA of dual encoders. Learning rate and weight decay as in Hu et al. 2021, LoRA, arXiv 2106.09685
# (table 9: 5e-4 to 2e-4 with AdamW and linear decay, 0 to 0.1), the lower end as CLIP's towers are
# small and the pairs few; dropout 0.25 and few-shot CLIP as in Zanella and Ben Ayed 2024, "Low-Rank
# Few-Shot Adaptation of Vision-Language Models" (CLIP-LoRA), arXiv 2405.18541, section 4 (2e-4).
LORA = TrainConfig(
    epochs=5, batch=64, lr=2e-4, weight_decay=0.01, dropout=0.25, patience=2, checkpoint_steps=20
)
