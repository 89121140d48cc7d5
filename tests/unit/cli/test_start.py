"""What commands import when they start, and the list of commands that spares them the rest."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.helpers.api_server import serving
from tests.helpers.painted_library import open_painted
from tubeseek import __version__
from tubeseek.api.app import create_api
from tubeseek.cli.commands import COMMANDS, CommandEntry, load_command
from tubeseek.cli.main import app
from tubeseek.library.owner import Ownership

PROGRAM = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
from tubeseek.cli import main
main()
"""
HEAVY = {"numpy", "PIL", "av", "torch", "transformers", "yt_dlp", "qdrant_edge", "fastapi"}
SLOW = {"asyncio", "filelock", "pydantic_settings", "sqlite3", "subprocess"}


def modules_of(*arguments: str) -> set[str]:
    """Run a command, which must succeed, and return what it has imported."""
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_the_version_needs_the_package_alone() -> None:
    modules = modules_of("--version")
    assert {name for name in modules if name.startswith("tubeseek")} == {"tubeseek", "tubeseek.cli"}
    assert not modules & (HEAVY | SLOW | {"typer", "rich", "pydantic", "logging"})


def test_the_help_imports_no_command() -> None:
    modules = modules_of("--help")
    assert not modules & (HEAVY | {"asyncio", "pydantic", "platformdirs"})
    assert not modules & {command.function.split(":")[0] for command in COMMANDS}


def test_a_command_that_a_server_answers_imports_the_client_only(tmp_path: Path) -> None:
    library = open_painted(tmp_path)
    owner = Ownership(tmp_path, "test")
    with serving(create_api(library, loopback=True)) as url:
        owner.announce(url)
        modules = modules_of("--library", str(tmp_path), "status")
    owner.release()
    library.close()
    assert "tubeseek.library.remote" in modules
    assert not modules & (HEAVY | {"asyncio", "filelock", "pydantic_settings"})
    assert "tubeseek.library.library" not in modules


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_the_list_has_the_first_line_of_each_help(entry: CommandEntry) -> None:
    command = load_command(entry.name)
    assert command.name == entry.name
    assert command.help.split("\n\n")[0] == entry.summary


def test_the_version_is_printed_beside_other_options_too() -> None:
    assert CliRunner().invoke(app, ["-q", "--version"]).output == f"tubeseek {__version__}\n"
