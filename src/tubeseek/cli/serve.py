"""`tubeseek serve` and `tubeseek app`."""

import webbrowser
from typing import Annotated

import typer

from tubeseek.api.server import run_app, serve_until_stopped
from tubeseek.cli import render
from tubeseek.cli.options import settings_of


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Where to listen; default 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="0: a free one.")] = None,
) -> None:
    """Own the library and answer searches over HTTP, until stopped."""
    settings = settings_of(context, host=host, port=port)
    serve_until_stopped(settings, lambda url: render.note(f"serving {settings.library} at {url}"))


def app(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: a free one.")] = 0,
    host: Annotated[str, typer.Option(help="Where the app listens.")] = "127.0.0.1",
    browser: Annotated[bool, typer.Option(help="Open it in the browser.")] = True,
) -> None:
    """Open the app in the browser; starts a server for the library when none runs."""

    def ready(url: str) -> None:
        render.say(f"The app is at {url} (Ctrl-C stops it)")
        if browser:
            webbrowser.open(url)

    run_app(settings_of(context), host, port, ready)
