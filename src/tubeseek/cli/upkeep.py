"""Keeps a library up to date: watch, refresh, purge, and syncing again and again."""

import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from tubeseek.cli import render
from tubeseek.cli.jobs import INTERRUPTED, run_job
from tubeseek.cli.options import Cookies, CookiesFromBrowser, Json, settings_of
from tubeseek.cli.terminal import visible
from tubeseek.core.errors import InputError, TubeseekError
from tubeseek.core.files import absolute_if_exists
from tubeseek.core.periods import parse_period
from tubeseek.core.schemas import (
    IndexRequest,
    JobRequest,
    PurgeRequest,
    RefreshRequest,
    SearchRequest,
)
from tubeseek.core.settings import Settings
from tubeseek.library.open import connect

Places = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[LOCATOR...]",
        help="Only videos of these sources, as `tubeseek status` shows them.",
    ),
]
OlderThan = Annotated[
    str, typer.Option(metavar="PERIOD", help="The age of the facts, such as 30d; 30 means days.")
]


def refresh(
    context: typer.Context,
    older_than: OlderThan,
    places: Places = None,
    cookies: Cookies = None,
    cookies_from_browser: CookiesFromBrowser = None,
    as_json: Json = False,
) -> None:
    """Fetch titles, views and descriptions again that are older than a period.

    Only videos of sites are asked for. Those that are gone from their site are marked.
    """
    request = RefreshRequest(
        older_than_seconds=parse_period(older_than), locators=_full(places or [])
    )
    settings = settings_of(context, cookies=cookies, cookies_from_browser=cookies_from_browser)
    run_job(context, settings, request, "tubeseek refresh", as_json=as_json)


def purge(
    context: typer.Context,
    older_than: OlderThan,
    places: Places = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
    as_json: Json = False,
) -> None:
    """Remove videos of sites whose facts are older than a period, with all that is stored.

    `tubeseek refresh` makes facts young again. Your own files stay.
    """
    request = PurgeRequest(
        older_than_seconds=parse_period(older_than), locators=_full(places or [])
    )
    if not yes:
        if not sys.stdin.isatty():
            raise InputError("purge asks before it deletes, and nobody can answer; give --yes")
        places_named = ", ".join(map(visible, places or ["all sites"]))
        typer.confirm(f"Remove what is older than {older_than} of {places_named}?", abort=True)
    run_job(context, settings_of(context), request, "tubeseek purge", as_json=as_json)


def watch(
    context: typer.Context,
    query: Annotated[
        list[str] | None, typer.Argument(metavar="[QUERY]", help="The search to save.")
    ] = None,
    feed: Annotated[
        Path | None, typer.Option(help="Write what the search finds to this file, as Atom.")
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Forget the saved search.")] = False,
    as_json: Json = False,
) -> None:
    """Save a search, and write what is new in it to an Atom feed.

    Without a query, all saved searches are made again; so they are after each scheduled sync.
    """
    from tubeseek.library.watches import Watches

    settings = settings_of(context)
    watches, words = Watches(settings.library), " ".join(query or [])
    if remove:
        watches.remove(words)
        return
    if words and feed is None:
        raise InputError("give the file of the feed: tubeseek watch QUERY --feed FILE")
    with closing(connect(settings, "tubeseek watch")) as library:
        if words and feed is not None:
            library.search(SearchRequest(text=words, limit=1))  # one that is understood
            watches.save(words, feed.expanduser().absolute())
        new = watches.update(library.search)
    if as_json:
        render.as_json({"new": new})
        return
    for saved in watches.all():
        render.say(f"{new.get(saved.query, 0):,} new · {saved.query} · {saved.feed}")
    if not new:
        render.note('There is no saved search: tubeseek watch "a query" --feed FILE makes one.')


def repeat(
    context: typer.Context, settings: Settings, request: JobRequest, every: str, *, as_json: bool
) -> None:
    """Sync, index and update saved searches again and again, until Ctrl-C."""
    from tubeseek.library.watches import Watches

    pause = parse_period(every)
    try:
        while True:
            started = time.monotonic()
            for each in (request, IndexRequest(newest_first=True)):
                try:
                    run_job(context, settings, each, f"tubeseek {each.verb}", as_json=as_json)
                except typer.Exit as stop:  # something failed; it is tried again next time
                    if stop.exit_code == INTERRUPTED:
                        raise
                except TubeseekError as error:
                    render.error(error)
            watches = Watches(settings.library)
            if watches.all():
                with closing(connect(settings, "tubeseek watch")) as library:
                    watches.update(library.search)
            render.note(f"The next sync is in {every}. Ctrl-C ends this.")
            while (left := started + pause - time.monotonic()) > 0:
                time.sleep(min(left, 1.0))
    except KeyboardInterrupt as interrupt:
        raise typer.Exit(INTERRUPTED) from interrupt


def _full(places: list[str]) -> tuple[str, ...]:
    return tuple(map(absolute_if_exists, places))
