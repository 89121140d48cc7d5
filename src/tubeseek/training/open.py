"""From what the user asks for to a run that can start."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tubeseek.core.encoder_names import STARTER
from tubeseek.core.errors import ConfigError
from tubeseek.core.lora_options import LoraOptions
from tubeseek.encoders.device import use_threads
from tubeseek.training.config import HEADS, LORA, TrainConfig
from tubeseek.training.data.pairs import PairSet, read_pairs
from tubeseek.training.data.split import PARTS
from tubeseek.training.distributed import Processes, join_processes
from tubeseek.training.metrics import General
from tubeseek.training.run import TrainingRun
from tubeseek.training.run_folder import WORK
from tubeseek.training.tracking import ReportTo
from tubeseek.training.trainable import Trainable


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """What `tubeseek train` was asked.

    Attributes:
        encoder: A name, hub id or folder.
        data: A data set; None: the library's videos.
        out: Folder of the adapter; None: one in `adapters`, named by what is trained on what.
        adapters: Folder for adapters that were given none.
        retention: A data set that must not be forgotten.
        changes: Of the settings in `TrainConfig` those that differ from the method's defaults.
        lora: How dual encoders learn.
        pairs: What of the library is paired; None: what suits the encoder.
        device, threads: As in the settings; no threads: all.
        report_to: A tracker.
    """

    encoder: str
    adapters: Path
    data: Path | None = None
    out: Path | None = None
    retention: Path | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    lora: LoraOptions = field(default_factory=LoraOptions)
    pairs: str | None = None
    device: str = "auto"
    threads: int | None = None
    report_to: ReportTo = ReportTo.NONE


def open_training(request: TrainRequest, library: Callable[[str], PairSet]) -> TrainingRun:
    """Reads the pairs and the encoder.

    Args:
        request: What is asked.
        library: The pairs of the library of one kind, if it comes to them.

    Raises:
        InputError: There is nothing to train on.
        ConfigError: A setting is out of range.
        ModelUnavailableError: The encoder cannot be had.
    """
    _refuse_ignored(request)
    defaults = HEADS if request.encoder == STARTER else LORA
    try:
        config = replace(defaults, **request.changes)
    except TypeError as error:
        raise ConfigError(f"unknown setting of a training run: {error}") from error
    # The starter learns on the CPU, and processes that meet on GPUs cannot exchange what is there.
    processes = join_processes("cpu" if request.encoder == STARTER else request.device)
    pairs = read_pairs(request.data) if request.data else library(_kind(request))
    out = request.out or request.adapters / _name(request.encoder, pairs, config)
    trainable = _trainable(request, config, processes, out)
    trainable.require(config)
    return TrainingRun(
        trainable,
        pairs,
        config,
        processes,
        out,
        data=request.data.resolve().name if request.data else "library",
        general=_general(request.retention),
        report_to=request.report_to,
    )


def _refuse_ignored(request: TrainRequest) -> None:
    """Raises ConfigError for what is asked and would come to nothing."""
    if request.data and request.pairs:
        raise ConfigError("--pairs is of the library: leave it out, or --data")
    if request.encoder == STARTER and request.lora != LoraOptions(towers=request.lora.towers):
        raise ConfigError(
            "the starter learns heads, not LoRA: leave --rank, --alpha, --target, --full-heads, "
            "--checkpointing and --dtype out, or train another --encoder"
        )


def _kind(request: TrainRequest) -> str:
    if request.pairs:
        return request.pairs
    if request.encoder == STARTER:
        return "thumbnail-title"
    from tubeseek.encoders.factory import reads_clips

    return "clip-title" if reads_clips(request.encoder) else "thumbnail-title"


def _trainable(
    request: TrainRequest, config: TrainConfig, processes: Processes, out: Path
) -> Trainable:
    threads = use_threads(processes.threads(request.threads))
    if request.encoder == STARTER:
        from tubeseek.training.starter_heads import StarterTrainable

        return StarterTrainable(
            threads=threads,
            dropout=config.dropout,
            towers=request.lora.towers,
            cache=out / WORK,
        )
    from tubeseek.training.lora import LoraTrainable

    return LoraTrainable(
        request.encoder,
        request.lora,
        dropout=config.dropout,
        device=processes.device,
        threads=threads,
        seed=config.seed,
    )


def _general(retention: Path | None) -> General | None:
    if retention is None:
        return None
    name = retention.resolve().name
    # What is reported goes by names, and these are taken.
    return General(f"{name} (retention)" if name in PARTS else name, read_pairs(retention))


def _name(encoder: str, pairs: PairSet, config: TrainConfig) -> str:
    return f"{Path(encoder).name}-{pairs.digest[:8]}-{config.seed}"
