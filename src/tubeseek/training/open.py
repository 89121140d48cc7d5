"""Opens the data and the encoder that a training run needs."""

from collections.abc import Callable
from pathlib import Path

from tubeseek.core.encoder_names import STARTER
from tubeseek.core.errors import ConfigError
from tubeseek.core.lora_options import LoraOptions
from tubeseek.encoders.device import use_threads
from tubeseek.training.config import PairKind, TrainConfig
from tubeseek.training.data.pairs import PairSet, read_pairs
from tubeseek.training.data.split import PARTS
from tubeseek.training.distributed import Processes, join_processes
from tubeseek.training.metrics import RetentionSet
from tubeseek.training.request import TrainRequest
from tubeseek.training.run import TrainingRun
from tubeseek.training.run_folder import WORK
from tubeseek.training.trainable import Trainable


def open_training(request: TrainRequest, library: Callable[[PairKind], PairSet]) -> TrainingRun:
    """Read the pairs, load the encoder and return a run that is ready to start.

    Args:
        request: The run that the user asks for.
        library: Returns the library's pairs of a kind; called only without a data set.

    Raises:
        InputError: There is nothing to train on.
        ConfigError: Options contradict each other, or do not fit the encoder.
        ModelUnavailableError: The encoder cannot be loaded.
    """
    _refuse_ignored(request)
    config = request.config
    # The starter trains on the CPU, and processes connected by GPU cannot exchange CPU tensors.
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
        retention=_retention_set(request.retention),
        report_to=request.report_to,
    )


def _refuse_ignored(request: TrainRequest) -> None:
    """Raise ConfigError for options that would have no effect."""
    if request.data and request.pairs:
        raise ConfigError("--pairs chooses from the library, which --data replaces; give only one")
    if request.encoder == STARTER and request.lora != LoraOptions(towers=request.lora.towers):
        raise ConfigError(
            "the starter learns heads, not LoRA; leave out --rank, --alpha, --target, "
            "--full-heads, --checkpointing and --dtype, or train another --encoder"
        )


def _kind(request: TrainRequest) -> PairKind:
    if request.pairs:
        return request.pairs
    if request.encoder == STARTER:
        return PairKind.THUMBNAIL_TITLE
    from tubeseek.encoders.factory import reads_clips

    return PairKind.CLIP_TITLE if reads_clips(request.encoder) else PairKind.THUMBNAIL_TITLE


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


def _retention_set(retention: Path | None) -> RetentionSet | None:
    if retention is None:
        return None
    name = retention.resolve().name
    # Outcomes are keyed by name, and the parts of the split have names too.
    return RetentionSet(f"{name} (retention)" if name in PARTS else name, read_pairs(retention))


def _name(encoder: str, pairs: PairSet, config: TrainConfig) -> str:
    return f"{Path(encoder).name}-{pairs.digest[:8]}-{config.seed}"
