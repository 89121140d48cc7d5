"""Serves a library: `tubeseek serve` over HTTP, `tubeseek app` in the browser."""

import webbrowser
from typing import TYPE_CHECKING, Annotated

import typer

from tubeseek.api.server import run_app, running_app, serve_until_stopped
from tubeseek.cli import render
from tubeseek.cli.options import settings_of
from tubeseek.core.periods import parse_period

if TYPE_CHECKING:
    from tubeseek.api.app import Pages
    from tubeseek.api.hosted import HostedLibrary


def serve(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option(help="Listen on this address. The default is 127.0.0.1.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Listen on this port. The default is a free one."),
    ] = None,
    sync_every: Annotated[
        str | None,
        typer.Option(
            metavar="PERIOD",
            help="Sync and index each 6h for instance, also after a restart; `never` ends that.",
        ),
    ] = None,
) -> None:
    """Serve the library over HTTP until stopped.

    Other commands find the server and use it, so that several can run at once.
    Its page /docs describes the API.
    """
    settings = settings_of(context, host=host, port=port)
    every = None
    if sync_every:
        every = 0.0 if sync_every == "never" else parse_period(sync_every)
    serve_until_stopped(
        settings, lambda url: render.note(f"serving {settings.library} at {url}"), every
    )


def app(
    context: typer.Context,
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="Listen on this port; 0 takes a free one. The default is 8501 or the next free "
            "one.",
        ),
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="Listen on this address. The default is 127.0.0.1.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the app in the browser.")] = True,
) -> None:
    """Open the app in the browser.

    It is `tubeseek serve` with pages: other commands find its server and use it.
    """

    settings = settings_of(context, host=host)

    def announce(url: str) -> None:
        render.say(f"The app is at {url} (Ctrl-C stops it)")
        if browser:
            webbrowser.open(url)

    url = running_app(settings)
    if url is None:
        run_app(settings, port, announce, _make_pages)
        return
    render.say(f"The app is running already, at {url}")
    if browser:
        webbrowser.open(url)


def _make_pages(library: "HostedLibrary") -> "Pages":
    from tubeseek.ui.hosting import create_pages

    return create_pages(library)
