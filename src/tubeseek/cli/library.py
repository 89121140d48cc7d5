"""Fills a library and shows what it holds: add, sync, index, status, list, remove."""

import sys
from contextlib import closing
from typing import Annotated

import typer

from tubeseek.cli import render
from tubeseek.cli.completion import complete_encoders, complete_ids
from tubeseek.cli.jobs import run_job
from tubeseek.cli.options import Cookies, CookiesFromBrowser, Json, settings_of
from tubeseek.cli.terminal import visible
from tubeseek.core.errors import InputError
from tubeseek.core.files import absolute_if_exists
from tubeseek.core.schemas import (
    AddRequest,
    IndexRequest,
    RemoveRequest,
    SwitchRequest,
    SyncRequest,
)
from tubeseek.core.settings import Settings
from tubeseek.library.open import connect, encoder_name

FETCHING, WHICH_INDEXES = "Fetching videos", "Which indexes are searched"  # headings of the help


def add(
    context: typer.Context,
    locators: Annotated[
        list[str],
        typer.Argument(
            metavar="LOCATOR...",
            help="A YouTube URL, @handle, playlist id or video id; 'ytsearch20:words' for a "
            "search of YouTube; a folder of videos or pictures; a dataset; or a file that lists "
            "videos or channels.",
        ),
    ],
    limit: Annotated[
        int | None, typer.Option(min=1, help="Add at most this many videos of each locator.")
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="COLUMN=FIELD",
            help="Take this column of a dataset for this field: id, title, channel, published, "
            "views, file and more. May be repeated.",
        ),
    ] = None,
    cookies: Cookies = None,
    cookies_from_browser: CookiesFromBrowser = None,
    as_json: Json = False,
) -> None:
    """Add channels, playlists, videos, folders, datasets or lists to the library.

    Only their listing is fetched. `tubeseek index` then makes the videos searchable.

    Lists are text with an address on each line, yt-dlp's archive.txt, files of Google Takeout
    (subscriptions, playlists, watch history), OPML, and what `yt-dlp -j` or `-J` prints.
    """
    request = AddRequest(
        locators=tuple(map(absolute_if_exists, locators)),
        limit=limit,
        columns=dict(map(_column_and_field, columns or ())),
    )
    settings = settings_of(context, cookies=cookies, cookies_from_browser=cookies_from_browser)
    counts = run_job(context, settings, request, "tubeseek add", as_json=as_json)
    if counts.get("new") and not as_json:
        render.note("Next: `tubeseek index` makes them searchable.")


def _column_and_field(text: str) -> tuple[str, str]:
    column, equals, field = text.rpartition("=")
    if not equals or not column.strip() or not field.strip():
        raise typer.BadParameter(f"{text!r} is not COLUMN=FIELD, such as headline=title")
    return column.strip(), field.strip()


def sync(
    context: typer.Context,
    accept_gone: Annotated[
        bool,
        typer.Option(
            "--accept-gone",
            help="Mark missing videos as gone at once, also where a place was listed in part.",
        ),
    ] = False,
    every: Annotated[
        str | None,
        typer.Option(
            metavar="PERIOD",
            help="Sync again and again, each 6h for instance, and index what is new each time.",
        ),
    ] = None,
    cookies: Cookies = None,
    cookies_from_browser: CookiesFromBrowser = None,
    as_json: Json = False,
) -> None:
    """Update the library from everything that was added to it.

    New videos are added, changed ones updated, and those that are gone marked: of a site once two
    complete listings agree. `tubeseek index` then makes the new ones searchable.
    """
    settings = settings_of(context, cookies=cookies, cookies_from_browser=cookies_from_browser)
    request = SyncRequest(accept_gone=accept_gone)
    if every:
        from tubeseek.cli.upkeep import repeat

        repeat(context, settings, request, every, as_json=as_json)
        return
    run_job(context, settings, request, "tubeseek sync", as_json=as_json)


def index(
    context: typer.Context,
    encoder: Annotated[
        str | None,
        typer.Option(
            help="Embed with this encoder: clip, siglip2, xclip, starter, a Hugging Face id or a "
            "folder. The default is the library's own, and clip in a new library.",
            autocompletion=complete_encoders,
        ),
    ] = None,
    adapter: Annotated[
        str | None,
        typer.Option(
            help="Embed with this adapter, which `tubeseek train` made: a folder or a Hugging "
            "Face id."
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=64,
            help="Fetch and read ahead in this many threads. The default is 4.",
            rich_help_panel=FETCHING,
        ),
    ] = None,
    retry: Annotated[
        bool,
        typer.Option(
            "--retry", help="Also retry videos that failed for good.", rich_help_panel=FETCHING
        ),
    ] = False,
    download: Annotated[
        bool | None,
        typer.Option(
            "--download/--no-download",
            help="Download each YouTube video, small and without sound, cut stills and clips from "
            "it, and remove it again.",
            rich_help_panel=FETCHING,
        ),
    ] = None,
    keep: Annotated[
        bool | None,
        typer.Option(
            "--keep/--no-keep",
            help="Keep the videos that --download fetches.",
            rich_help_panel=FETCHING,
        ),
    ] = None,
    beside: Annotated[
        bool,
        typer.Option(
            help="Search the new index as well as the one that it would replace.",
            rich_help_panel=WHICH_INDEXES,
        ),
    ] = False,
    rebuild: Annotated[
        bool,
        typer.Option(help="Delete the vectors first and make them again from what was fetched."),
    ] = False,
    on: Annotated[
        list[str] | None,
        typer.Option(
            help="Include this index in searches. May be repeated.",
            rich_help_panel=WHICH_INDEXES,
            autocompletion=complete_encoders,
        ),
    ] = None,
    off: Annotated[
        list[str] | None,
        typer.Option(
            help="Leave this index out of searches, but keep it. May be repeated.",
            rich_help_panel=WHICH_INDEXES,
            autocompletion=complete_encoders,
        ),
    ] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option(
            help="Delete this index. May be repeated.",
            rich_help_panel=WHICH_INDEXES,
            autocompletion=complete_encoders,
        ),
    ] = None,
    cookies: Cookies = None,
    cookies_from_browser: CookiesFromBrowser = None,
    as_json: Json = False,
) -> None:
    """Fetch and embed all pending videos, so that searches find them.

    Stop it at any time; run it again to go on.
    With --on, --off or --drop it only changes which indexes exist and are searched.
    """
    if on or off or drop:
        switch = SwitchRequest(on=tuple(on or ()), off=tuple(off or ()), drop=tuple(drop or ()))
        run_job(context, settings_of(context), switch, "tubeseek index", as_json=as_json)
        return
    settings = settings_of(context, cookies=cookies, cookies_from_browser=cookies_from_browser)
    if _is_empty(settings):
        raise InputError("this library is empty; add a channel or a folder with `tubeseek add`")
    request = IndexRequest(
        encoder=encoder_name(encoder, adapter),
        workers=workers,
        retry=retry,
        beside=beside,
        rebuild=rebuild,
        download=download,
        keep=keep,
    )
    run_job(context, settings, request, "tubeseek index", as_json=as_json)


def status(context: typer.Context, as_json: Json = False) -> None:
    """Show what the library holds and what is pending or failed."""
    with closing(connect(settings_of(context), "tubeseek status", uses_vectors=False)) as library:
        answer = library.status()
    if as_json:
        render.as_json(answer)
    else:
        render.status(answer)


def list_videos(
    context: typer.Context,
    limit: Annotated[
        int, typer.Option("-n", "--limit", min=1, max=100_000, help="Show this many videos.")
    ] = 20,
    offset: Annotated[int, typer.Option(min=0, help="Skip this many videos first.")] = 0,
    as_json: Json = False,
) -> None:
    """List the videos of the library, the latest additions first."""
    with closing(connect(settings_of(context), "tubeseek list", uses_vectors=False)) as library:
        answer = library.list(limit, offset)
    if as_json:
        render.as_json(answer)
    else:
        render.videos(answer, offset)


def remove(
    context: typer.Context,
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="VIDEO_ID|LOCATOR...",
            help="Ids of videos as `tubeseek list` shows them, or sources as `tubeseek status` "
            "shows them.",
            autocompletion=complete_ids,
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
) -> None:
    """Remove videos from the library, or a source with the videos that only it brought.

    What the library fetched and computed of them is deleted; your own files stay.
    """
    request = RemoveRequest(names=tuple(map(absolute_if_exists, names)))
    if not yes:
        if not sys.stdin.isatty():
            raise InputError("remove asks before it deletes, and nobody can answer; give --yes")
        typer.confirm(f"Remove {', '.join(map(visible, names))} from the library?", abort=True)
    with closing(connect(settings_of(context), "tubeseek remove")) as library:
        answer = library.remove(request)
    if answer.removed:
        render.say(f"removed {', '.join(answer.removed)}")
    if answer.unknown:
        render.note(f"not in this library: {', '.join(answer.unknown)}")
        raise typer.Exit(1)


def _is_empty(settings: Settings) -> bool:
    """Return whether there is nothing to index, nor an index that may need sweeping."""
    with closing(connect(settings, "tubeseek index", uses_vectors=False)) as library:
        return not library.list(1, 0).total and not library.status().indexes
