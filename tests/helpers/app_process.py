"""Runs commands of tubeseek, and the app with its server, as a user does."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.command import Command, heed_ctrl_c
from tubeseek.core.settings import Settings
from tubeseek.library.open import live_server
from tubeseek.library.remote import RemoteLibrary

# Upper bounds that keep a test from hanging; a busy machine starts programs slowly.
START_SECONDS = 180
STOP_SECONDS = 120


@dataclass(frozen=True, slots=True)
class RunningApp:
    """A running app.

    Attributes:
        url: The address of the app.
        library: The folder of its library.
        log: The file with its output.
    """

    url: str
    library: Path
    log: Path


def tubeseek(library: Path, *arguments: str) -> str:
    """Run one command to its end and return its stdout; fail unless it succeeds."""
    return Command(library).ok(*arguments)


@contextmanager
def running_app(library: Path, log: Path, **environment: str) -> Iterator[RunningApp]:
    """Run `tubeseek app` on a library; stop it and all its child processes at the end."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tubeseek", "--library", str(library)]
    command += ["app", "--no-browser", "--port", str(port)]
    with log.open("wb") as file:
        app = subprocess.Popen(
            command,
            stdout=file,
            stderr=file,
            env=os.environ | environment,
            preexec_fn=heed_ctrl_c,
            start_new_session=True,  # so that leftover child processes can be killed as a group
        )
    try:
        _wait_for(log, "The app is at", app)
        yield RunningApp(f"http://127.0.0.1:{port}", library, log)
    finally:
        app.send_signal(signal.SIGINT)
        try:
            app.wait(STOP_SECONDS)
        finally:
            _kill_group(app.pid)
            app.wait()


def server_of(library: Path) -> RemoteLibrary:
    """Return the server that an app runs for its library."""
    server = live_server(Settings(library=library))
    assert server is not None
    return server


def _wait_for(log: Path, words: str, app: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while words not in log.read_text(errors="replace"):
        assert app.poll() is None, f"the app did not start: {log.read_text(errors='replace')}"
        assert time.monotonic() < end, f"no {words!r} in {log.read_text(errors='replace')!r}"
        time.sleep(0.1)


def _kill_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return  # nothing is left
