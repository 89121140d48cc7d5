"""Runs the server, by itself or with the pages of the app."""

import socket
from collections.abc import Callable
from contextlib import closing, suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING

from tubeseek.core.errors import ConfigError, StoreLockedError
from tubeseek.core.installation import install_command
from tubeseek.core.settings import Settings
from tubeseek.library.open import live_server, open_library

if TYPE_CHECKING:
    from tubeseek.api.app import MakePages

APP_PORT = 8501  # so that links to the app go on working
PORTS_TRIED = 20  # from there, for the apps of other libraries
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve_until_stopped(
    settings: Settings, ready: Callable[[str], None], sync_every_seconds: float | None = None
) -> None:
    """Own the library and answer requests until the process is stopped.

    Args:
        settings: The library, and where to listen.
        ready: Called with the address of the server once it answers.
        sync_every_seconds: How often to sync the library from now on, 0 for never; None to go on
            as before.

    Raises:
        ConfigError: The extra is not installed, or the address cannot be used.
        StoreLockedError: Another process owns the library.
    """
    _need("fastapi", "serve")
    _need("uvicorn", "serve")
    listening = listening_socket(settings.host, settings.port)
    _serve(settings, listening, "tubeseek serve", ready, sync_every_seconds=sync_every_seconds)


def running_app(settings: Settings) -> str | None:
    """Return the address of the app that runs for the library, or None.

    Raises:
        StoreLockedError: A server without the app owns the library.
    """
    running = live_server(settings)
    if running is None:
        return None
    if not running.health().app:
        raise StoreLockedError(
            f"`tubeseek serve` at {running.url} has this library open, without the app; stop it "
            "and start `tubeseek app`, which answers the same requests"
        )
    return running.url


def run_app(
    settings: Settings, port: int | None, ready: Callable[[str], None], make_pages: "MakePages"
) -> None:
    """Serve the library with the pages of the app until the process is stopped.

    Args:
        settings: The library, and the address to listen on.
        port: The port; None takes that of the settings, else the usual one or the next free one.
        ready: Called with the address of the app once it answers.
        make_pages: Makes the pages.

    Raises:
        ConfigError: The extra is not installed, or the address cannot be used.
        StoreLockedError: Another process owns the library.
    """
    for module, extra in (("fastapi", "serve"), ("uvicorn", "serve"), ("streamlit", "app")):
        _need(module, extra)
    listening = _app_socket(settings.host, settings.port or None if port is None else port)
    _serve(settings, listening, "tubeseek app", ready, make_pages)


def _serve(
    settings: Settings,
    listening: socket.socket,
    command: str,
    ready: Callable[[str], None],
    make_pages: "MakePages | None" = None,
    sync_every_seconds: float | None = None,
) -> None:
    """Own the library and answer on a socket, which is closed at the end."""
    import uvicorn

    from tubeseek.api.app import create_api

    with closing(listening):
        library, ownership = open_library(settings, command)
        try:
            if sync_every_seconds is not None:
                library.set_sync_every(sync_every_seconds)
            url = f"http://{_bracketed(settings.host)}:{listening.getsockname()[1]}"
            api = create_api(
                library,
                loopback=settings.host in LOOPBACK,
                token=settings.token.get_secret_value() if settings.token else None,
                allowed_hosts=(settings.host, *settings.allowed_hosts),
                url=own_url(url),
                make_pages=make_pages,
            )

            class Server(uvicorn.Server):
                """Announces its address once it answers."""

                async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                    await super().startup(sockets)
                    if ownership:
                        ownership.announce(own_url(url))
                    ready(url)

            ws = "auto" if make_pages else "none"
            config = uvicorn.Config(
                api, log_level="warning", access_log=False, ws=ws, timeout_graceful_shutdown=3
            )
            Server(config).run(sockets=[listening])
        finally:
            library.close()


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a socket that is bound to an address; port 0 takes a free one.

    Raises:
        ConfigError: The address cannot be used.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # asyncio sets TCP_NODELAY only on sockets whose protocol says TCP. Without it each answer
        # on a kept connection waits some 40 ms for the client's delayed ACK.
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError as error:
        raise ConfigError(
            f"cannot listen on {host}:{port}: {error.strerror}; choose another --port or --host"
        ) from error
    return listening


def _app_socket(host: str, port: int | None) -> socket.socket:
    """Return a socket on a port; without one on the app's usual port or the next free one.

    Raises:
        ConfigError: The address cannot be used.
    """
    if port is not None:
        return listening_socket(host, port)
    for usual in range(APP_PORT, APP_PORT + PORTS_TRIED - 1):
        with suppress(ConfigError):
            return listening_socket(host, usual)
    return listening_socket(host, APP_PORT + PORTS_TRIED - 1)


def own_url(url: str) -> str:
    """Return the address at which commands on this machine reach the server."""
    return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _need(module: str, extra: str) -> None:
    if find_spec(module) is None:
        raise ConfigError(f"this needs {module}: {install_command(extra)}")
