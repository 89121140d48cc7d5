"""Describes a training run that a user asks for. Imports no torch, so the command line is quick."""

from dataclasses import dataclass, field
from pathlib import Path

from tubeseek.core.encoder_names import STARTER
from tubeseek.core.lora_options import LoraOptions
from tubeseek.training.config import HEADS, LORA, PairKind, TrainConfig
from tubeseek.training.tracking import ReportTo


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """All options of `tubeseek train`.

    Attributes:
        encoder: A name, hub id or folder.
        adapters: The folder for adapters whose `out` is not given.
        config: How to train.
        data: A data set; None: the library's videos.
        out: Folder of the adapter; None: one in `adapters`, named after the encoder and the data.
        retention: A data set on which the encoder must not get worse; it is only measured.
        lora: How dual encoders learn.
        pairs: The kind of pairs to take from the library; None: what suits the encoder.
        device: As in the settings.
        threads: As in the settings; None: all cores.
        report_to: The tracker.
    """

    encoder: str
    adapters: Path
    config: TrainConfig
    data: Path | None = None
    out: Path | None = None
    retention: Path | None = None
    lora: LoraOptions = field(default_factory=LoraOptions)
    pairs: PairKind | None = None
    device: str = "auto"
    threads: int | None = None
    report_to: ReportTo = ReportTo.NONE


def default_config(encoder: str) -> TrainConfig:
    """Return the settings that were found best for the method by which this encoder learns."""
    return HEADS if encoder == STARTER else LORA
