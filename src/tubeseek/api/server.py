"""Runs the server, and the app with a server behind it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import tubeseek
from tubeseek.core.errors import ConfigError, StoreUnavailableError
from tubeseek.core.installation import install_command
from tubeseek.core.settings import Settings
from tubeseek.library.open import live_server, open_library

SERVER_URL_VARIABLE = "TUBESEEK_SERVER_URL"
START_SECONDS = 60.0  # imports take long on a slow, busy machine
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve_until_stopped(settings: Settings, ready: Callable[[str], None]) -> None:
    """Own the library and answer requests until the process is stopped.

    Args:
        settings: The library, and where to listen.
        ready: Called with the address of the server once it answers.

    Raises:
        ConfigError: The extra is not installed, or the address cannot be used.
        StoreLockedError: Another process owns the library.
    """
    _need("fastapi", "serve")
    _need("uvicorn", "serve")
    import uvicorn

    from tubeseek.api.app import create_api

    loopback = settings.host in LOOPBACK
    listening = listening_socket(settings.host, settings.port)
    try:
        library, ownership = open_library(settings, "tubeseek serve")
    except BaseException:
        listening.close()
        raise
    try:
        url = f"http://{_bracketed(settings.host)}:{listening.getsockname()[1]}"
        token = settings.token.get_secret_value() if settings.token else None
        api = create_api(
            library,
            loopback=loopback,
            token=token,
            allowed_hosts=(settings.host, *settings.allowed_hosts),
        )

        class Server(uvicorn.Server):
            """Announces its address once it answers."""

            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                if ownership:
                    ownership.announce(_own_url(url))
                ready(url)

        config = uvicorn.Config(api, log_level="warning", timeout_graceful_shutdown=3)
        Server(config).run(sockets=[listening])
    finally:
        library.close()
        listening.close()


@contextmanager
def background_server(settings: Settings) -> Iterator[str]:
    """Yield the address of the library's server, and start one meanwhile if none runs.

    Raises:
        StoreUnavailableError: The server does not start; the message names its log.
    """
    running = live_server(settings)
    if running is not None:
        yield running.url
        return
    server, url = start_server(settings)
    try:
        yield url
    finally:
        server.terminate()
        server.wait()


def start_server(settings: Settings) -> tuple[subprocess.Popen[bytes], str]:
    """Start a server for the library on loopback and wait until it answers.

    Returns:
        The process and the address of the server.

    Raises:
        StoreUnavailableError: The server does not start.
    """
    _need("fastapi", "serve")
    settings.library.mkdir(parents=True, exist_ok=True)
    log = settings.library / "serve.log"
    port = _free_port()
    command = [sys.executable, "-m", "tubeseek", "--library", str(settings.library), "serve"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    if settings.store:
        command += ["--store", settings.store]
    with log.open("wb") as file:
        server = subprocess.Popen(command, stdout=file, stderr=file, stdin=subprocess.DEVNULL)  # noqa: S603
    url = f"http://127.0.0.1:{port}"
    if not _answers(f"{url}/v1/health", server):
        server.kill()
        server.wait()
        lines = log.read_text(errors="replace").strip().splitlines() or ["it logged nothing"]
        raise StoreUnavailableError(f"the server did not start: {lines[-1]} (log: {log})")
    return server, url


def run_app(settings: Settings, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Run the Streamlit app, with a server behind it, until it is stopped.

    Raises:
        ConfigError: The extra is not installed.
        StoreUnavailableError: The server or the app does not start.
    """
    _need("streamlit", "app")
    port = port or _free_port()
    signal.signal(signal.SIGTERM, _leave)  # or its child processes would outlive this one
    main = Path(tubeseek.__file__).parent / "ui" / "main.py"
    command = [sys.executable, "-m", "streamlit", "run", str(main)]
    command += ["--server.address", host, "--server.port", str(port)]
    command += ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
    command += ["--server.fileWatcherType", "none"]
    with background_server(settings) as server_url:
        environment = os.environ | {
            SERVER_URL_VARIABLE: server_url,
            "TUBESEEK_LIBRARY": str(settings.library),
        }
        if settings.token:  # it may stand in tubeseek.toml
            environment["TUBESEEK_TOKEN"] = settings.token.get_secret_value()
        app = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
        try:
            url = f"http://{_bracketed(host)}:{port}"
            if not _answers(f"{url}/_stcore/health", app):
                raise StoreUnavailableError("the app did not start; its output is above")
            ready(url)
            app.wait()
        finally:
            app.terminate()
            app.wait()


def _leave(number: int, frame: object) -> None:
    raise SystemExit(128 + number)  # as shells report a process that a signal ended


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    """Wait until the address answers; return False if the process ends or takes too long."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(url, timeout=2):  # noqa: S310  our own address
                return True
        except (URLError, OSError):
            time.sleep(0.1)
    return False


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


def _free_port() -> int:
    with listening_socket("127.0.0.1", 0) as probe:
        return int(probe.getsockname()[1])


def _own_url(url: str) -> str:
    """Return the address at which commands on this machine reach the server."""
    return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _need(module: str, extra: str) -> None:
    if find_spec(module) is None:
        raise ConfigError(f"this needs {module}: {install_command(extra)}")
