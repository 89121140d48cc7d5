"""Runs commands on a library in this process, without the pauses that a real site is owed."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from tubeseek.catalog import Catalog
from tubeseek.cli.main import app

HASTE = {"SLEEP_REQUESTS": "0", "SLEEP_CAPTIONS": "0", "SLEEP_VIDEOS": "0", "BACKOFF": "0"}


class HastyLibrary:
    """A library on the command line of this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environment = {f"TUBESEEK_{name}": value for name, value in HASTE.items()}

    def run(self, *arguments: str) -> tuple[int, dict[str, int], list[str]]:
        """Return the exit code, the counts and the lines on stderr."""
        code, result = self.invoke(*arguments, "--json")
        return code, json.loads(result.stdout)["counts"], result.stderr.splitlines()

    def invoke(self, *arguments: str) -> tuple[int, Any]:
        """Return the exit code and what was printed."""
        command = ["--library", str(self.folder), *arguments]
        result = CliRunner().invoke(app, command, env=self._environment, catch_exceptions=False)
        return result.exit_code, result

    def gone(self) -> int:
        catalog = Catalog(self.folder / "catalog.sqlite")
        try:
            return catalog.counts()["gone"]
        finally:
            catalog.close()
