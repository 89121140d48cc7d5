"""The commands that change a library: add, sync, index, remove."""

import os
from pathlib import Path
from typing import Annotated

import typer

from tubeseek.app import connect
from tubeseek.cli import render
from tubeseek.cli.globals import settings_of
from tubeseek.messages import (
    AddRequest,
    IndexRequest,
    JobRequest,
    RemoveRequest,
    SwitchRequest,
    SyncRequest,
)
from tubeseek.picking import ENCODER_NAMES, with_adapter
from tubeseek.settings import Settings

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
    request = AddRequest(locators=tuple(map(meant, locators)), limit=limit)
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
    if encoder and encoder not in ENCODER_NAMES:
        encoder = meant(encoder)
    if adapter:
        encoder = with_adapter(encoder, adapter)
    request = IndexRequest(
        encoder=encoder,
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
        answer = library.remove(RemoveRequest(names=tuple(map(meant, names))))
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


def meant(name: str) -> str:
    """A path in full: a server, or a later run, stands in another folder."""
    path = os.path.expanduser(name)  # noqa: PTH111  pathlib stumbles over long names
    return os.path.abspath(path) if os.path.exists(path) else name  # noqa: PTH100, PTH110
