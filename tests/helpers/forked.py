"""Runs the command line in forks of an interpreter that has imported what commands need.

Importing torch and transformers takes several seconds, and hundreds of commands are tested. Each
is still a process of its own, with its own environment, streams, signals and exit status.
"""

import atexit
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from types import TracebackType
from typing import IO, Self

AVAILABLE = sys.platform == "linux"  # elsewhere a fork of a process with frameworks is not safe


@cache
def _server() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    # "pytest": a child process imports the main module of its parent
    context.set_forkserver_preload(["pytest", "tests.helpers.preload"])
    return context


class ForkedCommand:
    """A running command, with the methods of `subprocess.Popen[str]` that tests use.

    Args:
        arguments: What follows `tubeseek`.
        environment: All environment variables of the process.
        stdout: A file descriptor, a file, `subprocess.DEVNULL` or `subprocess.PIPE`.
        stderr: The same.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        stdout: int | IO[str] = subprocess.PIPE,
        stderr: int | IO[str] = subprocess.PIPE,
    ) -> None:
        self.args = arguments
        self.stdout, out = _stream(stdout)
        self.stderr, err = _stream(stderr)
        ready, begun = _server().Pipe(duplex=False)
        command = (list(arguments), dict(environment), Path.cwd())
        with ready, begun, out, err:
            self._process = _server().Process(target=_run, args=(*command, begun, out, err))
            self._process.start()
            begun.close()
            with suppress(EOFError):  # it has ended already
                ready.recv_bytes()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close_streams()
        self.wait()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Read both streams to their end; a process that takes longer is killed."""
        with ThreadPoolExecutor(2) as readers:
            texts = [readers.submit(s.read) for s in (self.stdout, self.stderr) if s is not None]
            try:
                self.wait(timeout)
            except BaseException:
                self.kill()
                raise
        self._close_streams()
        out, err = [text.result() for text in texts]
        return out, err

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _close_streams(self) -> None:
        for stream in (self.stdout, self.stderr):
            if stream is not None:
                stream.close()


def _stream(kind: int | IO[str]) -> tuple[IO[str] | None, Connection]:
    """Return the end that tests read, if there is one, and the end that the process writes."""
    if kind == subprocess.PIPE:
        reading, writing = os.pipe()
        return os.fdopen(reading, encoding="utf-8"), Connection(writing, readable=False)
    if kind == subprocess.DEVNULL:
        return None, Connection(os.open(os.devnull, os.O_WRONLY), readable=False)
    descriptor = kind if isinstance(kind, int) else kind.fileno()
    return None, Connection(os.dup(descriptor), readable=False)


def _run(
    arguments: list[str],
    environment: dict[str, str],
    folder: Path,
    begun: Connection,
    out: Connection,
    err: Connection,
) -> None:
    """Become `tubeseek ARGUMENTS` in a process that was forked."""
    os.dup2(out.fileno(), sys.stdout.fileno())
    os.dup2(err.fileno(), sys.stderr.fileno())
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path[:0] = filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))
    sys.argv = ["tubeseek", *arguments]
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        begun.send_bytes(b"")
        for connection in (begun, out, err):
            connection.close()
        from tubeseek.cli import main

        main()
    except KeyboardInterrupt:  # it ends as an interpreter ends that nothing else handles it in
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    finally:
        atexit._run_exitfuncs()
