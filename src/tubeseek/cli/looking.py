"""The commands that look at a library: status and list."""

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from tubeseek.app import connect
from tubeseek.cli import render
from tubeseek.cli.globals import settings_of

SHOWN_FAILURES = 10


def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One object on stdout.")] = False,
) -> None:
    """What the library holds, and what is still to be done."""
    library = connect(settings_of(context), "tubeseek status", uses_vectors=False)
    try:
        answer = library.status()
    finally:
        library.close()
    if as_json:
        render.as_json(answer)
        return
    render.say(f"library  {answer.library}")
    render.say(f"vectors  {answer.store}")
    gone = f", {answer.gone:,} gone from their source" if answer.gone else ""
    render.say(f"videos   {answer.videos:,}{gone}")
    for source in answer.sources:
        render.say(f"source   {source.locator} ({source.kind})")
    for index in answer.indexes:
        active = ", answers searches" if index.active else ""
        render.say(
            f"index    {index.encoder}: {index.videos:,} videos, {index.segments:,} segments, "
            f"{index.pending:,} pending{active}"
        )
    if answer.failed or answer.failed_for_good:
        render.say(
            f"failed   {answer.failed:,} to be tried again, {answer.failed_for_good:,} for good"
        )
    for failure in answer.failures[:SHOWN_FAILURES]:
        render.say(f"         {failure.video_id}: {failure.reason}")
    if len(answer.failures) > SHOWN_FAILURES:
        render.note(f"... and {len(answer.failures) - SHOWN_FAILURES:,} more: status --json")


def list_videos(
    context: typer.Context,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, max=100_000)] = 20,
    offset: Annotated[int, typer.Option(min=0, help="How many to pass over.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One object on stdout.")] = False,
) -> None:
    """The videos of the library, newest addition first."""
    library = connect(settings_of(context), "tubeseek list", uses_vectors=False)
    try:
        answer = library.list(limit, offset)
    finally:
        library.close()
    if as_json:
        render.as_json(answer)
        return
    if not answer.total:
        render.note("This library is empty: add a channel or a folder with `tubeseek add`.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("id", no_wrap=True)
    table.add_column("title", ratio=3, overflow="fold")
    table.add_column("channel", ratio=1, style="cyan", no_wrap=True, overflow="ellipsis")
    table.add_column("length", justify="right", style="dim")
    for video in answer.videos:
        title = escape(video.title) + (" [dim](gone)[/]" if video.gone else "")
        length = render.duration(video.duration_seconds)
        table.add_row(escape(video.id), title, escape(video.channel), length)
    render.stdout.print(table)
    rest = answer.total - offset - len(answer.videos)
    if rest > 0:
        render.note(f"... and {rest:,} more: list --offset {offset + len(answer.videos)}")
