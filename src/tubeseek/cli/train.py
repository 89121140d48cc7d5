"""Runs `tubeseek train`."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from tubeseek.cli import render
from tubeseek.cli.options import settings_of
from tubeseek.cli.terminal import stdout
from tubeseek.cli.train_options import TrainOptions, with_train_options

if TYPE_CHECKING:
    from tubeseek.training.dry_run import DryRun
    from tubeseek.training.run import TrainingRun

INTERRUPTED = 130


@with_train_options
def train(
    context: typer.Context,
    options: TrainOptions,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only estimate the cost in time and memory.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the record as one JSON object.")
    ] = False,
) -> None:
    """Adapt an encoder to your videos, and measure the gain on channels it did not learn from.

    Run the same command again to go on with a run that was stopped.
    """
    from tubeseek.library.open import library_pairs
    from tubeseek.training.open import open_training

    settings = settings_of(context)
    request = options.request(settings)
    training = open_training(request, lambda kind: library_pairs(settings, kind))
    quiet = context.obj.quiet or not training.is_main
    if options.retention is None and not quiet:
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
    """Take SIGTERM, by which torchrun and schedulers end a process, as Ctrl-C."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except BaseException:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the error ends the process
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
    stdout.print(table, markup=False)
    render.say(f"adapter: {training.out}")
    render.note(f"Next: `tubeseek index --adapter {training.out}` makes an index with it.")
