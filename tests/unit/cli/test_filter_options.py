"""The options of `tubeseek search` for filters are those of the model of filters."""

from datetime import date

import pytest
import typer
from typer.testing import CliRunner

from tubeseek.cli import search as search_module
from tubeseek.cli.commands import load_command
from tubeseek.cli.main import app
from tubeseek.cli.options import parse_seconds
from tubeseek.core.schemas import SearchAnswer, SearchRequest, Where

SEARCH = load_command("search")


@pytest.fixture
def requests(monkeypatch, tmp_path):
    """The requests that reach the library."""
    monkeypatch.setenv("TUBESEEK_LIBRARY", str(tmp_path))
    requests: list[SearchRequest] = []

    class Library:
        def search(self, request: SearchRequest) -> SearchAnswer:
            requests.append(request)
            return SearchAnswer(query=request.text, encoder="palette")

        def close(self) -> None:
            """Nothing is open."""

    monkeypatch.setattr(search_module, "connect", lambda *_: Library())
    return requests


@pytest.mark.parametrize("name", Where.model_fields)
def test_each_filter_is_an_option_with_its_help(name):
    (option,) = [param for param in SEARCH.params if param.name == name]
    assert option.opts == [f"--{name.replace('_', '-')}"]
    assert option.help.startswith(Where.model_fields[name].description)


def test_options_become_conditions(requests):
    arguments = ["search", "a", "cat", "--channel", "Pets", "--channel", "Zoo", "--min-views", "0"]
    arguments += ["--after", "2026-01-31", "--min-duration", "1:30", "--max-duration", "2h"]
    arguments += ["--min-honesty", "0.5", "--moment-before", "90s"]
    CliRunner().invoke(app, arguments, catch_exceptions=False)
    (request,) = requests
    assert request.text == "a cat"
    assert request.where == Where(
        channel=("Pets", "Zoo"),
        min_views=0,
        after=date(2026, 1, 31),
        min_duration=90,
        max_duration=7200,
        min_honesty=0.5,
        moment_before=90,
    )


def test_without_options_there_are_no_conditions(requests):
    CliRunner().invoke(app, ["search", "cat"], catch_exceptions=False)
    assert [request.where for request in requests] == [Where()]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--min-views", "-1"),
        ("--min-views", "many"),
        ("--min-honesty", "1.5"),
        ("--after", "yesterday"),
        ("--min-duration", "long"),
    ],
)
def test_values_out_of_bounds_are_usage_errors(requests, arguments):
    result = CliRunner().invoke(app, ["search", "cat", *arguments])
    assert result.exit_code == 2
    assert arguments[0] in result.stderr
    assert requests == []


@pytest.mark.parametrize("text", ["", "long", "1:x", "2d"])
def test_what_is_no_length(text):
    with pytest.raises(typer.BadParameter):
        parse_seconds(text)
