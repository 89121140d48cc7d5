"""`tubeseek train`."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from tubeseek.cli import render
from tubeseek.cli.options import settings_of
from tubeseek.core.encoder_names import DEFAULT_ENCODER, full_name
from tubeseek.core.lora_options import LoraOptions, Towers
from tubeseek.training.config import Loss
from tubeseek.training.tracking import ReportTo

if TYPE_CHECKING:
    from tubeseek.training.dry_run import DryRun
    from tubeseek.training.run import TrainingRun

INTERRUPTED = 130


class Dtype(StrEnum):
    """Of the frozen weights."""

    AUTO = "auto"
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"


class Pairs(StrEnum):
    """What of the library is paired."""

    THUMBNAIL_TITLE = "thumbnail-title"
    CLIP_TITLE = "clip-title"
    STILL_CAPTION = "still-caption"


def train(
    context: typer.Context,
    encoder: Annotated[
        str | None, typer.Option(help="starter, clip, siglip2, xclip, a hub id or a folder.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="A data set: metadata.csv, captions, VQA. Default: the library's."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the adapter. Default: in the library.")
    ] = None,
    retention: Annotated[
        Path | None, typer.Option(help="A data set that must not be forgotten; only measured.")
    ] = None,
    pairs: Annotated[
        Pairs | None,
        typer.Option(help="Of the library. Default: clips for xclip, else thumbnails."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the split and of all that is random.")] = 0,
    epochs: Annotated[int | None, typer.Option(help="The most epochs.")] = None,
    batch: Annotated[
        int | None,
        typer.Option(help="Pairs told apart at a time; up to half more where few are left over."),
    ] = None,
    lr: Annotated[float | None, typer.Option(help="The highest learning rate.")] = None,
    weight_decay: Annotated[float | None, typer.Option(help="Of AdamW.")] = None,
    dropout: Annotated[float | None, typer.Option(help="Of what the adapter reads.")] = None,
    patience: Annotated[
        int | None, typer.Option(help="Epochs without a better validation before it stops.")
    ] = None,
    temperature: Annotated[float | None, typer.Option(help="Default: the encoder's own.")] = None,
    learn_temperature: Annotated[bool, typer.Option(help="Let it be learned.")] = False,
    loss: Annotated[Loss, typer.Option()] = Loss.CONTRASTIVE,
    alignment_weight: Annotated[float, typer.Option(help="Of what draws pairs together.")] = 1.0,
    uniformity_weight: Annotated[float, typer.Option(help="Of what drives all apart.")] = 1.0,
    within_pictures: Annotated[
        float,
        typer.Option(
            metavar="WEIGHT", help="Of what tells pictures apart, seen in two ways. 0: without."
        ),
    ] = 0.0,
    within_texts: Annotated[
        float,
        typer.Option(
            metavar="WEIGHT", help="Of what tells texts apart, under two dropouts. 0: without."
        ),
    ] = 0.0,
    towers: Annotated[Towers, typer.Option(help="Which sides learn.")] = Towers.BOTH,
    accumulate: Annotated[int, typer.Option(help="Batches for one step.")] = 1,
    chunk: Annotated[
        int | None, typer.Option(help="Pairs in memory at a time; the result is the same.")
    ] = None,
    validation: Annotated[float, typer.Option(help="Share that chooses the epoch.")] = 0.1,
    test: Annotated[float, typer.Option(help="Share that is reported.")] = 0.2,
    rank: Annotated[int, typer.Option(help="Of LoRA.")] = 8,
    alpha: Annotated[float, typer.Option(help="Scale of LoRA.")] = 16.0,
    target: Annotated[
        list[str] | None, typer.Option(help="A layer that gets a LoRA, in every block.")
    ] = None,
    full_heads: Annotated[
        bool, typer.Option(help="Also train the projections in full (dual encoders).")
    ] = False,
    checkpointing: Annotated[bool, typer.Option(help="Less memory, slower.")] = False,
    dtype: Annotated[Dtype, typer.Option(help="Of what is frozen.")] = Dtype.AUTO,
    checkpoint_steps: Annotated[
        int | None, typer.Option(help="Steps between checkpoints, beside one an epoch.")
    ] = None,
    report_to: Annotated[ReportTo, typer.Option(help="A tracker.")] = ReportTo.NONE,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what it would cost in time and memory.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One object on stdout.")] = False,
) -> None:
    """Adapt an encoder to your videos, and measure on channels it has not seen whether it helped.

    Run the same command again to go on with a run that was stopped.
    """
    from tubeseek.library.open import library_pairs
    from tubeseek.training.open import TrainRequest, open_training
    from tubeseek.training.run_folder import ADAPTERS

    settings = settings_of(context)
    encoder = encoder or settings.encoder or DEFAULT_ENCODER
    lora = LoraOptions(
        rank=rank,
        alpha=alpha,
        targets=tuple(target) if target else LoraOptions().targets,
        towers=towers,
        full_heads=full_heads,
        checkpointing=checkpointing,
        dtype=dtype.value,
    )
    chosen = {
        "epochs": epochs,
        "batch": batch,
        "lr": lr,
        "weight_decay": weight_decay,
        "dropout": dropout,
        "patience": patience,
        "temperature": temperature,
        "chunk": chunk,
        "checkpoint_steps": checkpoint_steps,
    }
    request = TrainRequest(
        encoder=full_name(encoder),
        adapters=settings.library / ADAPTERS,
        data=data,
        out=out,
        retention=retention,
        changes={name: value for name, value in chosen.items() if value is not None}
        | {
            "seed": seed,
            "learn_temperature": learn_temperature,
            "loss": loss,
            "alignment_weight": alignment_weight,
            "uniformity_weight": uniformity_weight,
            "within_pictures": within_pictures,
            "within_texts": within_texts,
            "accumulate": accumulate,
            "validation": validation,
            "test": test,
        },
        lora=lora,
        device=settings.device,
        threads=settings.threads,
        report_to=report_to,
        pairs=pairs.value if pairs else None,
    )
    training = open_training(request, lambda kind: library_pairs(settings, kind))
    quiet = context.obj.quiet or not training.is_main
    if retention is None and not quiet:
        render.note("Without --retention nothing checks whether other kinds of pictures get worse.")
    if dry_run:
        cost = training.rehearse()
        if training.is_main:
            _show_cost(cost, as_json=as_json)
        return
    try:
        with _ended_as_by_ctrl_c():
            render.run(training.run(), quiet=quiet)
    except KeyboardInterrupt as interrupt:
        if training.is_main:
            render.note("Stopped. Run the same command again to go on from the last checkpoint.")
        raise typer.Exit(INTERRUPTED) from interrupt
    if not training.is_main:
        return
    if as_json:
        render.as_json(training.record().to_dict())
        return
    _show(training)


@contextmanager
def _ended_as_by_ctrl_c() -> Iterator[None]:
    """SIGTERM, by which torchrun and schedulers end a process, is taken as Ctrl-C."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except BaseException:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it ends by itself, once it has said why
        raise
    signal.signal(signal.SIGTERM, before)


def _show_cost(cost: "DryRun", *, as_json: bool) -> None:
    if as_json:
        render.as_json(asdict(cost) | {"seconds_per_epoch": cost.seconds_per_epoch})
        return
    memory = f"{cost.memory_bytes / 1e9:.1f} GB" if cost.memory_bytes else "memory is not known"
    render.say(
        f"{cost.seconds_per_step:.2f} s a step, {cost.steps_per_epoch} steps or "
        f"{cost.seconds_per_epoch / 60:.1f} minutes an epoch, at most {cost.epochs} epochs; "
        f"{memory}"
    )


def _show(training: "TrainingRun") -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("set", "pictures", "recall@10 before", "after", "gain", "p"):
        table.add_column(name)
    for name, outcome in training.outcomes.items():
        gain = outcome.gain
        table.add_row(
            name,
            str(outcome.before.pictures),
            str(outcome.before.interval()),
            str(outcome.after.interval()),
            f"{gain.gain.value:+.3f} [{gain.gain.low:+.3f}, {gain.gain.high:+.3f}]",
            f"{gain.p_value:.4f}",
        )
    render.stdout.print(table, markup=False)
    render.say(f"adapter: {training.out}")
    render.note(f"Next: `tubeseek index --adapter {training.out}` makes an index with it.")
