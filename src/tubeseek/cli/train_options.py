"""Defines the options of `tubeseek train`, and makes a request of them."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Any

import typer

from tubeseek.core.encoder_names import DEFAULT_ENCODER, full_name
from tubeseek.core.lora_options import LoraOptions, Towers
from tubeseek.core.settings import Settings
from tubeseek.training.config import Loss, PairKind, TrainConfig
from tubeseek.training.request import TrainRequest, default_config
from tubeseek.training.run_folder import ADAPTERS
from tubeseek.training.tracking import ReportTo


class Dtype(StrEnum):
    """Number formats of the frozen weights."""

    AUTO = "auto"
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """One field for each option, in the order of `tubeseek train --help`.

    A field that is called like one of `TrainConfig` sets it; None keeps the method's default.
    """

    encoder: Annotated[
        str | None,
        typer.Option(help="Adapt this: starter, clip, siglip2, xclip, a hub id or a folder."),
    ] = None
    data: Annotated[
        Path | None,
        typer.Option(help="Train on this data set (metadata.csv, captions, VQA), not the library."),
    ] = None
    out: Annotated[
        Path | None,
        typer.Option(help="Write the adapter into this folder. Default: one in the library."),
    ] = None
    retention: Annotated[
        Path | None,
        typer.Option(help="Measure on this data set, too, whether the encoder got worse."),
    ] = None
    pairs: Annotated[
        PairKind | None,
        typer.Option(help="Pair this of the library. Default: clips for xclip, else thumbnails."),
    ] = None
    seed: Annotated[
        int, typer.Option(min=0, help="Seed the split and everything else that is random.")
    ] = 0
    epochs: Annotated[int | None, typer.Option(help="Train for at most this many epochs.")] = None
    batch: Annotated[
        int | None,
        typer.Option(help="Contrast this many pairs at a time; the last few may make it larger."),
    ] = None
    lr: Annotated[float | None, typer.Option(help="Set the highest learning rate.")] = None
    weight_decay: Annotated[float | None, typer.Option(help="Set the weight decay of AdamW.")] = (
        None
    )
    dropout: Annotated[
        float | None, typer.Option(help="Drop this share of the adapter's inputs in training.")
    ] = None
    patience: Annotated[
        int | None, typer.Option(help="Stop after this many epochs without a better validation.")
    ] = None
    temperature: Annotated[
        float | None, typer.Option(help="Start at this temperature. Default: the encoder's own.")
    ] = None
    learn_temperature: Annotated[bool, typer.Option(help="Learn the temperature, too.")] = False
    loss: Annotated[Loss, typer.Option(help="Minimize this loss.")] = Loss.CONTRASTIVE
    alignment_weight: Annotated[
        float, typer.Option(help="Weigh the term that pulls the two sides of a pair together.")
    ] = 1.0
    uniformity_weight: Annotated[
        float, typer.Option(help="Weigh the term that pushes everything apart.")
    ] = 1.0
    within_pictures: Annotated[
        float,
        typer.Option(
            metavar="WEIGHT", help="Weigh the loss between two views of a picture. 0: without."
        ),
    ] = 0.0
    within_texts: Annotated[
        float,
        typer.Option(
            metavar="WEIGHT", help="Weigh the loss between two dropouts of a text. 0: without."
        ),
    ] = 0.0
    towers: Annotated[Towers, typer.Option(help="Adapt these sides.")] = Towers.BOTH
    accumulate: Annotated[
        int, typer.Option(help="Add up the gradients of this many batches for one step.")
    ] = 1
    chunk: Annotated[
        int | None,
        typer.Option(help="Hold this many pairs in memory at a time; the result is the same."),
    ] = None
    validation: Annotated[
        float, typer.Option(help="Keep this share of the pairs to choose the best epoch by.")
    ] = 0.1
    test: Annotated[
        float, typer.Option(help="Keep this share of the pairs to report the gain on.")
    ] = 0.2
    rank: Annotated[int, typer.Option(help="Set the rank of LoRA.")] = 8
    alpha: Annotated[float, typer.Option(help="Set the scale of LoRA.")] = 16.0
    target: Annotated[
        list[str] | None,
        typer.Option(help="Put LoRA into this layer of every block. May be repeated."),
    ] = None
    full_heads: Annotated[
        bool, typer.Option(help="Train the projections of dual encoders in full, too.")
    ] = False
    checkpointing: Annotated[
        bool, typer.Option(help="Compute activations twice: less memory, but slower.")
    ] = False
    dtype: Annotated[Dtype, typer.Option(help="Hold the frozen weights in this number format.")] = (
        Dtype.AUTO
    )
    checkpoint_steps: Annotated[
        int | None,
        typer.Option(help="Save a checkpoint every so many steps, and after each epoch."),
    ] = None
    report_to: Annotated[ReportTo, typer.Option(help="Report to this tracker.")] = ReportTo.NONE

    def request(self, settings: Settings) -> TrainRequest:
        """Return the request that these options make.

        Raises:
            ConfigError: An option is out of range.
        """
        encoder = full_name(self.encoder or settings.encoder or DEFAULT_ENCODER)
        return TrainRequest(
            encoder=encoder,
            adapters=settings.library / ADAPTERS,
            config=self._config(default_config(encoder)),
            data=self.data,
            out=self.out,
            retention=self.retention,
            lora=self._lora(),
            pairs=self.pairs,
            device=settings.device,
            threads=settings.threads,
            report_to=self.report_to,
        )

    def _config(self, default: TrainConfig) -> TrainConfig:
        names = {field.name for field in fields(TrainConfig)} & {
            field.name for field in fields(self)
        }
        values = {name: getattr(self, name) for name in names}
        return replace(default, **{name: v for name, v in values.items() if v is not None})

    def _lora(self) -> LoraOptions:
        return LoraOptions(
            rank=self.rank,
            alpha=self.alpha,
            targets=tuple(self.target) if self.target else LoraOptions().targets,
            towers=self.towers,
            full_heads=self.full_heads,
            checkpointing=self.checkpointing,
            dtype=self.dtype.value,
        )


def with_train_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for each field of `TrainOptions`, for its parameter `options`."""
    parameters: list[Parameter] = []
    for parameter in signature(command).parameters.values():
        if parameter.name == "options":
            parameters += signature(TrainOptions).parameters.values()
        else:
            parameters.append(parameter)
    names = [field.name for field in fields(TrainOptions)]

    @wraps(command)
    def with_options(**values: Any) -> None:
        command(options=TrainOptions(**{name: values.pop(name) for name in names}), **values)

    with_options.__annotations__ = {each.name: each.annotation for each in parameters}
    vars(with_options)["__signature__"] = signature(command).replace(parameters=parameters)
    return with_options
