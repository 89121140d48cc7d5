"""Opening a library: which store the settings may name."""

import sys
from functools import partial
from pathlib import Path

import pytest

from tubeseek.cli.main import main
from tubeseek.core.errors import ConfigError
from tubeseek.core.settings import Settings
from tubeseek.library.open import connect, live_server, open_library

OPENING = {
    "connect": partial(connect, command="test"),
    "connect to look": partial(connect, command="test", uses_vectors=False),
    "own": partial(open_library, command="test"),
    "ask for a server": live_server,
}


@pytest.mark.parametrize("opening", OPENING.values(), ids=OPENING.keys())
def test_a_store_that_is_no_server_is_refused_before_the_library_is_touched(tmp_path, opening):
    library = tmp_path / "library"
    with pytest.raises(ConfigError):
        opening(Settings(library=library, store="vectors"))
    assert not library.exists()


@pytest.mark.parametrize(
    "command",
    [
        ["add", "."],
        ["sync"],
        ["index"],
        ["search", "cat"],
        ["status"],
        ["list"],
        ["remove", "--yes", "v"],
        ["doctor"],
        ["eval"],
        ["serve"],
    ],
    ids=lambda command: command[0],
)
def test_each_command_reports_such_a_store_as_wrong_usage(
    tmp_path: Path,
    command: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    arguments = ["tubeseek", "--library", str(tmp_path), "--store", "localhost:6333", *command]
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    assert "--store 'localhost:6333'" in capsys.readouterr().err
