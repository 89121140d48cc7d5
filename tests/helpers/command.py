"""Runs `tubeseek` as a user does: a process of its own, with a library and a home of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.helpers import forked
from tests.helpers.forked import ForkedCommand

TIMEOUT_SECONDS = 600


def heed_ctrl_c() -> None:
    """Let a child process react to Ctrl-C; shells make background processes ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass
class Command:
    """The command line on one library.

    Attributes:
        library: Its folder.
        environment: Variables for the commands, besides those of this process.
        own_interpreter: Whether each command starts as `python -m tubeseek`, instead of as a fork
            of a process that has imported what it needs.
    """

    library: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    own_interpreter: bool = not forked.AVAILABLE

    def start(self, *arguments: str, **options: Any) -> "subprocess.Popen[str] | ForkedCommand":
        """Start `tubeseek ARGUMENTS`; stdout and stderr are pipes by default."""
        arguments = ("--library", str(self.library), *arguments)
        if not self.own_interpreter:
            return ForkedCommand(arguments, self.surroundings(), **options)
        command = [sys.executable, "-m", "tubeseek", *arguments]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options
        return subprocess.Popen(command, env=self.surroundings(), preexec_fn=heed_ctrl_c, **streams)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `tubeseek ARGUMENTS` to its end."""
        with self.start(*arguments) as process:
            try:
                out, err = process.communicate(timeout=TIMEOUT_SECONDS)
            except BaseException:
                process.kill()
                raise
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def ok(self, *arguments: str) -> str:
        """Run a command and return its stdout; fail with its stderr unless it succeeds."""
        done = self.run(*arguments)
        assert done.returncode == 0, f"{arguments}: exit {done.returncode}\n{done.stderr}"
        return done.stdout

    def json(self, *arguments: str) -> Any:
        """Run a command with --json and return what it prints, parsed."""
        return json.loads(self.ok(*arguments, "--json"))

    def surroundings(self) -> dict[str, str]:
        """Return the environment variables of the process."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("TUBESEEK_")}
        hasty = {
            "TUBESEEK_SLEEP_REQUESTS": "0",
            "TUBESEEK_SLEEP_CAPTIONS": "0",
            "TUBESEEK_SLEEP_VIDEOS": "0",
            "TUBESEEK_BACKOFF": "0",
            "TUBESEEK_BACKEND": "torch",  # converting a model costs more than tests gain
            "TUBESEEK_THREADS": "1",  # tests run on every core already
        }
        home = {"XDG_CONFIG_HOME": str(self.library.parent / "config")}
        return clean | hasty | home | dict(self.environment)
