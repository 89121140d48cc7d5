"""The help says what each option does, and its examples are understood."""

import re
import shlex

import pytest
import typer
from typer.testing import CliRunner

from tubeseek.cli.commands import COMMANDS, load_command
from tubeseek.cli.main import app, main

GROUP = typer.main.get_command(app)
EXAMPLES = [line for command in COMMANDS for line in command.examples]


@pytest.mark.parametrize("line", EXAMPLES)
def test_examples_are_understood(line):
    _, name, *words = shlex.split(line)
    load_command(name).make_context(name, words, parent=GROUP.make_context("tubeseek", [name]))


@pytest.mark.parametrize("name", [*GROUP.commands])
def test_every_option_is_explained_by_a_sentence(name):
    for parameter in load_command(name).params:
        if parameter.name != "help":
            assert re.fullmatch(r"(?s)[A-Z'].*\.", parameter.help or ""), parameter.name
            assert len(re.split(r"\s+", parameter.help)) >= 3, parameter.name


@pytest.mark.parametrize("name", [*GROUP.commands])
def test_help_fits_eighty_columns_and_ends_with_examples(name):
    result = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "80", "TERM": "dumb"})
    assert result.exit_code == 0
    assert all(len(line) <= 80 for line in result.stdout.splitlines() if line.isascii())
    _, _, shown = result.stdout.rpartition("Examples:")
    assert f"tubeseek {name}" in shown


def test_commands_are_listed_in_groups():
    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "80", "TERM": "dumb"}).stdout
    places = [
        shown.index(f" {panel} ") for panel in dict.fromkeys(command.panel for command in COMMANDS)
    ]
    assert places == sorted(places)
    assert all(f" {name} " in shown for name in GROUP.commands)


def test_a_command_line_that_is_no_text_is_wrong_usage(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["tubeseek", "search", "a\udcffb"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    assert "word 2" in capsys.readouterr().err
