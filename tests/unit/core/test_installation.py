"""Each hint for an extra names the command that fits how tubeseek was installed."""

import json
import shlex
import sys
from pathlib import Path

import pytest

from tubeseek.core.installation import install_command

CLONE = {"url": "file:///home/mina/my%20code/tubeseek"}
FOLDER = "/home/mina/my code/tubeseek"
PIP = [sys.executable, "-m", "pip", "install"]
MADE = Path("~/.local/share/tubeseek-env").expanduser()


@pytest.mark.parametrize(
    ("noted", "prefix", "words"),
    [
        ("", "/venv", [*PIP, "tubeseek[app]"]),  # a package index
        (CLONE | {"dir_info": {"editable": True}}, "/venv", [*PIP, "-e", f"{FOLDER}[app]"]),
        (CLONE | {"dir_info": {}}, "/venv", [*PIP, f"{FOLDER}[app]"]),
        (
            CLONE | {"dir_info": {}},
            str(MADE),
            ["cd", FOLDER, "&&", "make", "install", "EXTRAS=app"],
        ),
        (
            CLONE | {"dir_info": {}},
            "/opt/share/tubeseek-env",
            ["cd", FOLDER, "&&", "make", "install", "EXTRAS=app", "PREFIX=/opt"],
        ),
        (
            {"url": "file:///tmp/tubeseek.whl", "archive_info": {}},
            "/venv",
            [*PIP, "tubeseek[app] @ file:///tmp/tubeseek.whl"],
        ),
        (
            {"url": "https://example.org/t", "vcs_info": {"vcs": "git"}},
            "/venv",
            [*PIP, "tubeseek[app] @ git+https://example.org/t"],
        ),
    ],
)
def test_the_command_fits_the_installation(noted, prefix, words):
    command = install_command("app", json.dumps(noted) if noted else "", prefix)
    assert shlex.split(command) == words


def test_a_checkout_that_is_not_installed_is_known():
    command = shlex.split(install_command("train"))
    assert command[:4] == PIP or command[0] == "cd"
