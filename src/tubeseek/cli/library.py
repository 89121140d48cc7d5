"""The commands that change a library: add, sync, index, remove."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from tubeseek.cli import render
from tubeseek.cli.options import settings_of
from tubeseek.core.files import absolute_if_exists
from tubeseek.core.schemas import (
    AddRequest,
    IndexRequest,
    JobRequest,
    RemoveRequest,
    SwitchRequest,
    SyncRequest,
)
from tubeseek.core.settings import Settings
from tubeseek.library.open import connect, encoder_name

INTERRUPTED = 130  # as shells report a process that Ctrl-C ended

Json = Annotated[bool, typer.Option("--json", help="One object on stdout.")]
Cookies = Annotated[
    Path | None, typer.Option(help="A Netscape cookies file for yt-dlp; it is only read.")
]


def add(
    context: typer.Context,
    locators: Annotated[
        list[str],
        typer.Argument(
            metavar="LOCATOR...",
            help="A YouTube URL, @handle, playlist or video id, 'ytsearch20:words'; a folder of "
            "videos; a dataset folder.",
        ),
    ],
    limit: Annotated[int | None, typer.Option(min=1, help="The most videos of each.")] = None,
    cookies: Cookies = None,
    as_json: Json = False,
) -> None:
    """Add channels, playlists, videos or folders; `index` then makes them searchable."""
    request = AddRequest(locators=tuple(map(absolute_if_exists, locators)), limit=limit)
    settings = settings_of(context, cookies=cookies)
    counts = _run(context, settings, request, "tubeseek add", as_json=as_json)
    if counts.get("new") and not as_json:
        render.note("Next: `tubeseek index` makes them searchable.")


def sync(context: typer.Context, cookies: Cookies = None, as_json: Json = False) -> None:
    """Look again at everything added: what is new, changed or gone."""
    settings = settings_of(context, cookies=cookies)
    _run(context, settings, SyncRequest(), "tubeseek sync", as_json=as_json)


def index(
    context: typer.Context,
    encoder: Annotated[
        str | None,
        typer.Option(help="clip, siglip2, starter, a Hugging Face id or a folder."),
    ] = None,
    adapter: Annotated[
        str | None, typer.Option(help="What `train` made: a folder or a Hugging Face id.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Threads that fetch and read ahead.")
    ] = None,
    retry: Annotated[bool, typer.Option(help="Also try again what failed for good.")] = False,
    download: Annotated[
        bool | None,
        typer.Option(
            "--download/--no-download",
            help="Download each YouTube video, small and without sound, to cut stills and clips "
            "from, and remove it afterwards.",
        ),
    ] = None,
    keep: Annotated[
        bool | None, typer.Option("--keep/--no-keep", help="Keep what --download fetches.")
    ] = None,
    beside: Annotated[
        bool, typer.Option(help="Searches ask it and the index it would take the place of.")
    ] = False,
    on: Annotated[list[str] | None, typer.Option(help="Have searches ask this index.")] = None,
    off: Annotated[list[str] | None, typer.Option(help="Keep it, but do not ask it.")] = None,
    drop: Annotated[list[str] | None, typer.Option(help="Delete this index.")] = None,
    cookies: Cookies = None,
    as_json: Json = False,
) -> None:
    """Fetch and embed what is pending. Stop it at any time; run it again to go on.

    With --on, --off or --drop it only chooses which indexes there are and which searches ask.
    """
    if on or off or drop:
        switch = SwitchRequest(on=tuple(on or ()), off=tuple(off or ()), drop=tuple(drop or ()))
        _run(context, settings_of(context), switch, "tubeseek index", as_json=as_json)
        return
    request = IndexRequest(
        encoder=encoder_name(encoder, adapter),
        workers=workers,
        retry=retry,
        beside=beside,
        download=download,
        keep=keep,
    )
    settings = settings_of(context, cookies=cookies)
    _run(context, settings, request, "tubeseek index", as_json=as_json)


def remove(
    context: typer.Context,
    names: Annotated[
        list[str], typer.Argument(metavar="VIDEO_ID|LOCATOR...", help="As `list` shows them.")
    ],
) -> None:
    """Forget videos, or a source with every video that only it brought."""
    library = connect(settings_of(context), "tubeseek remove")
    try:
        answer = library.remove(RemoveRequest(names=tuple(map(absolute_if_exists, names))))
    finally:
        library.close()
    if answer.removed:
        render.say(f"removed {', '.join(answer.removed)}")
    if answer.unknown:
        render.note(f"not in this library: {', '.join(answer.unknown)}")
        raise typer.Exit(1)


def _run(
    context: typer.Context,
    settings: Settings,
    request: JobRequest,
    command: str,
    *,
    as_json: bool,
) -> dict[str, int]:
    library = connect(settings, command)
    try:
        counts, failed = render.run(library.run(request), quiet=context.obj.quiet)
    except KeyboardInterrupt as interrupt:
        render.note("Stopped. What was reported as done is kept; run the command again to go on.")
        raise typer.Exit(INTERRUPTED) from interrupt
    finally:
        library.close()
    if as_json:
        render.as_json({"verb": request.verb, "counts": counts, "failed": failed})
    else:
        render.say(render.summary(counts))
    if failed:
        raise typer.Exit(1)
    return counts


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
