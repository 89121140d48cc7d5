"""The documents say what is so: commands, links, settings, encoders, names, paths and routes."""

import pkgutil
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

import tubeseek
from tests.helpers.painted_library import open_painted
from tubeseek.api.app import create_api
from tubeseek.cli.commands import load_command
from tubeseek.cli.global_options import with_globals_first
from tubeseek.cli.main import app
from tubeseek.core.encoder_names import ENCODER_NAMES
from tubeseek.core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
READMES = [ROOT / "README.md", ROOT / "README.ko.md"]
DOCS = ROOT / "docs"
PACKAGE = Path(tubeseek.__file__).parent
GROUP = typer.main.get_command(app)

each_document = pytest.mark.parametrize(
    "document",
    [*READMES, ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))],
    ids=lambda path: path.name,
)


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def shell_commands(document: Path) -> Iterator[list[str]]:
    """Each line of the fenced sh blocks as words, without comments."""
    for block in re.findall(r"^```sh\n(.*?)^```", text_of(document), re.M | re.S):
        for line in block.replace("\\\n", " ").splitlines():
            if words := shlex.split(line, comments=True):
                yield words


def first_column(table: str) -> list[str]:
    """What stands in backticks in the first cell of each row."""
    return [name for row in table.splitlines() for name in re.findall(r"`([^`]+)`", cell(row))]


def cell(row: str) -> str:
    return row.split("|")[1] if row.startswith("|") else ""


def table_after(document: Path, header: str) -> str:
    """The rows of the table whose header row starts so."""
    return text_of(document).split(f"\n{header}", maxsplit=1)[1].split("\n\n", maxsplit=1)[0]


@each_document
def test_commands_in_blocks_are_understood(document):
    for words in shell_commands(document):
        while re.match(r"[A-Z_]+=", words[0]):  # of the environment
            words = words[1:]
        if words[0] == "tubeseek":
            words = with_globals_first(words[1:])
            start = next((i for i, word in enumerate(words) if word in GROUP.commands), 0)
            context = GROUP.make_context("tubeseek", list(words))  # takes the global options
            name, command, rest = GROUP.resolve_command(context, words[start:])
            command.make_context(name, rest, parent=context)  # raises what the user would see


@each_document
def test_commands_in_sentences_exist(document):
    for command in re.findall(r"`tubeseek ([a-z][^`]*)`", text_of(document)):
        name, *words = command.split()
        flags = {flag for p in load_command(name).params for flag in (*p.opts, *p.secondary_opts)}
        assert {word for word in words if word.startswith("-")} <= flags | {"--help"}, command


@each_document
def test_links_lead_to_files(document):
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(document)):
        if "://" not in target and not target.startswith("#"):
            assert (document.parent / target.partition("#")[0]).exists(), target


def test_both_languages_show_the_same_commands_and_pictures():
    english, korean = ([*shell_commands(readme)] for readme in READMES)
    assert english == korean
    pictures = [re.findall(r"!\[[^]]*\]\(([^)]+)\)", text_of(readme)) for readme in READMES]
    assert [name.replace("-ko.", ".") for name in pictures[1]] == pictures[0]
    assert not any("-ko." in name for name in pictures[0])


def test_every_setting_is_described_once():
    table = table_after(DOCS / "usage.md", "| key | default | meaning |")
    assert sorted(first_column(table)) == sorted(Settings.model_fields)


@pytest.mark.parametrize("document", [*READMES, DOCS / "encoders.md"], ids=lambda path: path.name)
def test_every_encoder_is_described_once(document):
    assert sorted(first_column(table_after(document, "| `--encoder` |"))) == sorted(ENCODER_NAMES)


@each_document
def test_names_of_modules_and_what_is_in_them_exist(document):
    for name in re.findall(r"\b(?:tubeseek|benchmarks|tests)(?:\.\w+)+", text_of(document)):
        if name != "tubeseek.toml":
            pkgutil.resolve_name(name)


@each_document
def test_paths_exist(document):
    text = text_of(document)
    roots = r"(?:src|tests|docs|benchmarks|scripts)"
    for path in re.findall(rf"(?<![\w./]){roots}/[\w./-]*[\w/]", text):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"`([\w./-]+\.py)`", text):
        places = [ROOT / path, PACKAGE / path, *PACKAGE.rglob(path)]
        assert any(place.is_file() for place in places), path


def test_architecture_names_every_room():
    rooms = {place.name for place in PACKAGE.iterdir() if (place / "__init__.py").is_file()}
    text = text_of(DOCS / "architecture.md")
    assert rooms == {room for room in rooms if f"`{room}/`" in text}


def test_every_route_is_described(tmp_path):
    library = open_painted(tmp_path)
    paths = create_api(library, loopback=True).openapi()["paths"]
    library.close()
    routes = [f"{verb.upper()} {path}" for path, verbs in paths.items() for verb in verbs]
    described = first_column(table_after(DOCS / "api.md", "| route |"))
    assert sorted(described) == sorted(route.replace("{video_id}", "{id}") for route in routes)
