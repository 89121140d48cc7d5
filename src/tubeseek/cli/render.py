"""Renders answers to stdout; progress, notes and errors to stderr."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager

from pydantic import BaseModel
from rich.cells import cell_len
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from tubeseek.cli import terminal
from tubeseek.cli.terminal import json_text, safe, stderr, stdout
from tubeseek.core.events import Event, EventKind
from tubeseek.core.schemas import ListAnswer, Status
from tubeseek.core.times import clock

EXCERPT_CHARACTERS = 30  # shown on each side of the error in a query
SHOWN_FAILURES = 10
TABLE_COLUMNS = 70  # of a terminal: narrower ones have no room for a table of videos


def error(problem: Exception) -> None:
    stderr.print(
        f"[bold red]Error:[/] {safe(str(problem), lines=True)}", soft_wrap=True, highlight=False
    )
    for remark in getattr(problem, "__notes__", ()):
        stderr.print(safe(remark, lines=True), soft_wrap=True, highlight=False)


def excerpt(text: str, column: int) -> str:
    """Return the part of a text around a column, counted from 1, with a caret below it.

    >>> print(excerpt('빨간 "car', 4))
      빨간 "car
           ^
    """
    line = "".join(" " if c.isspace() else c for c in text)
    start = max(0, column - 1 - EXCERPT_CHARACTERS)
    before, after = line[start : column - 1], line[column - 1 : column - 1 + EXCERPT_CHARACTERS]
    return f"  {before}{after}\n  {' ' * cell_len(before)}^"


def note(text: str) -> None:
    stderr.print(safe(text, lines=True), style="dim", soft_wrap=True, highlight=False)


def say(text: str) -> None:
    stdout.print(safe(text, lines=True), soft_wrap=True, highlight=False)


def as_json(answer: BaseModel | dict[str, object]) -> None:
    facts = answer.model_dump(mode="json") if isinstance(answer, BaseModel) else answer
    stdout.file.write(json_text(facts) + "\n")


def status(answer: Status) -> None:
    """Print what a library holds, a line for each fact, and its first failures."""
    say(f"library  {answer.library}")
    say(f"vectors  {answer.store}")
    gone = f", {answer.gone:,} gone from their source" if answer.gone else ""
    say(f"videos   {answer.videos:,}{gone}")
    for source in answer.sources:
        say(f"source   {source.locator} ({source.kind})")
    if answer.sync_every_seconds:
        hours = f"{answer.sync_every_seconds / 3600:g}"
        say(f"schedule a sync each {hours} hours while a server runs")
    for index in answer.indexes:
        active = ", answers searches" if index.active else ""
        say(
            f"index    {index.encoder}: {index.videos:,} videos, {index.segments:,} segments, "
            f"{index.pending:,} pending{active}"
        )
    if answer.failed or answer.failed_for_good:
        say(f"failed   {answer.failed:,} to be tried again, {answer.failed_for_good:,} for good")
    for failure in answer.failures[:SHOWN_FAILURES]:
        say(f"         {failure.video_id}: {failure.reason}")
    if len(answer.failures) > SHOWN_FAILURES:
        note(f"... and {len(answer.failures) - SHOWN_FAILURES:,} more: status --json")


def videos(answer: ListAnswer, offset: int) -> None:
    """Print a page of the library, which begins after `offset` videos."""
    if not answer.total:
        note("This library is empty: add a channel or a folder with `tubeseek add`.")
        return
    if terminal.stdout.is_terminal and terminal.stdout.width < TABLE_COLUMNS:
        _show_narrow(answer)
    else:
        _show_table(answer)
    rest = answer.total - offset - len(answer.videos)
    if rest > 0:
        note(f"... and {rest:,} more: list --offset {offset + len(answer.videos)}")


def _show_table(answer: ListAnswer) -> None:
    table = plain_table()
    table.add_column("id", no_wrap=True)
    table.add_column("title", ratio=3, overflow="fold")
    table.add_column("channel", ratio=1, style="cyan", no_wrap=True, overflow="ellipsis")
    table.add_column("length", justify="right", style="dim")
    for video in answer.videos:
        title = safe(video.title) + (" [dim](gone)[/]" if video.gone else "")
        length = duration(video.duration_seconds)
        table.add_row(safe(video.id), title, safe(video.channel), length)
    terminal.stdout.print(table)


def _show_narrow(answer: ListAnswer) -> None:
    """Print the title of each video, and its facts below, for terminals without room."""
    for video in answer.videos:
        terminal.stdout.print(f"[bold]{safe(video.title)}[/]", highlight=False)
        facts = (video.id, video.channel, duration(video.duration_seconds), "gone" * video.gone)
        line = " · ".join(safe(fact) for fact in facts if fact)
        terminal.stdout.print(Padding(f"[cyan]{line}[/]", (0, 0, 0, 2)), highlight=False)


def plain_table(*headers: str) -> Table:
    """Return an empty table without lines."""
    return Table(*headers, box=None, pad_edge=False, header_style="dim")


def duration(seconds: float | None) -> str:
    """Return a length as players show it.

    >>> duration(3723.4), duration(59.6), duration(None)
    ('1:02:03', '1:00', '')
    """
    return "" if seconds is None else clock(round(seconds))


@contextmanager
def progress(label: str, total: int | None, *, quiet: bool) -> Iterator[Callable[[], None]]:
    """Show a bar, which each call of the yielded function moves by one."""
    bar = _bar(quiet=quiet)
    with bar:
        task = bar.add_task(label, total=total)
        yield lambda: bar.advance(task)


def run(events: Generator[Event, None, None], *, quiet: bool) -> tuple[dict[str, int], bool]:
    """Show a job while it runs.

    Args:
        events: The events of the job; closed at the end, also by Ctrl-C, so that it stops cleanly.
        quiet: Whether to show failures only.

    Returns:
        The sum of all counts, and whether any item failed.
    """
    counts: dict[str, int] = {}
    bar = _bar(quiet=quiet)
    failed = False
    try:
        with bar:
            task = bar.add_task("")
            for event in events:
                if event.kind is EventKind.STARTED:
                    label = safe(event.message) or "fetching and embedding"
                    bar.update(task, description=label, total=event.total, completed=0)
                elif event.kind is EventKind.ADVANCED:
                    bar.update(task, completed=event.done)
                elif event.kind is EventKind.FAILED:
                    failed = True
                    stderr.print(f"[red]failed:[/] {safe(event.message)}", soft_wrap=True)
                elif event.kind is EventKind.NOTICE and not quiet:
                    note(event.message)
                elif event.kind is EventKind.FINISHED:
                    for name, number in event.counts.items():
                        counts[name] = counts.get(name, 0) + number
    finally:
        events.close()
    return counts, failed


def summary(counts: dict[str, int]) -> str:
    """Return the counts that are not zero, as a line.

    >>> summary({"new": 3, "changed": 0, "failed": 1})
    '3 new, 1 failed'
    """
    return ", ".join(f"{n:,} {name}" for name, n in counts.items() if n) or "nothing to do"


def _bar(*, quiet: bool) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=stderr,
        disable=quiet or not stderr.is_terminal,
    )
