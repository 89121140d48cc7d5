"""Puts the commands together, reads the global options and turns errors into exit codes."""

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from tubeseek import __version__
from tubeseek.cli import clip, doctor, export, library, render, search, serve, train
from tubeseek.cli.demo import command as demo_command
from tubeseek.cli.evaluate import command as eval_command
from tubeseek.cli.evaluate import prepare
from tubeseek.cli.options import GlobalFlags, with_globals_first
from tubeseek.cli.terminal import SafeFormatter, visible
from tubeseek.core.errors import InputError, TubeseekError

EXIT_FAILED = 1
EXIT_USAGE = 2

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Find YouTube videos, and moments in them, by describing what they show or say.\n\n"
        "Add a channel or a folder (tubeseek add https://www.youtube.com/@channel), make it "
        'searchable (tubeseek index), then search: tubeseek search "a cat plays the piano". '
        "tubeseek app does the same in the browser."
    ),
)


def _print_version(requested: bool) -> None:
    if requested:
        typer.echo(f"tubeseek {__version__}")
        raise typer.Exit


@app.callback()
def _globals(
    context: typer.Context,
    library: Annotated[
        Path | None,
        typer.Option(
            help="Use the library in this folder. The default is in your data folder.",
            envvar="TUBESEEK_LIBRARY",
        ),
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Keep vectors on this Qdrant server. The default is Qdrant Edge in the library.",
        ),
    ] = None,
    verbose: Annotated[
        int,
        typer.Option(
            "-v", "--verbose", count=True, help="Log what happens; -vv logs the details too."
        ),
    ] = 0,
    quiet: Annotated[
        bool, typer.Option("-q", "--quiet", help="Print results and errors only.")
    ] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    if not verbose:  # transformers warns of what only its developers can change
        os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(SafeFormatter("%(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])
    context.obj = GlobalFlags(library=library, store=store, quiet=quiet)


SEARCHING, LIBRARY, QUALITY = "Search", "The library", "Quality and training"

# Every command with the heading under which the help lists it, and lines that show how it is used.
COMMANDS: tuple[tuple[Callable[..., None], str, tuple[str, ...]], ...] = (
    (
        search.search,
        SEARCHING,
        (
            "tubeseek search a red sports car",
            "tubeseek search 고양이가 피아노를 친다 --channel Cats -n 5",
            "tubeseek search --image photo.jpg --format csv",
            "tubeseek search a goal --open 1",
            "tubeseek search a goal --min-fit weak --save goals",
        ),
    ),
    (
        clip.clip,
        SEARCHING,
        (
            "tubeseek clip file-holiday 1:23.5 1:35",
            "tubeseek clip file-holiday 0 12 -o beach.mkv",
        ),
    ),
    (serve.app, SEARCHING, ("tubeseek app", "tubeseek app --port 8501 --no-browser")),
    (demo_command.demo, SEARCHING, ("tubeseek demo", "tubeseek demo --no-app")),
    (
        library.add,
        LIBRARY,
        (
            "tubeseek add https://www.youtube.com/@channel --limit 50",
            "tubeseek add 'ytsearch20:고양이 피아노'",
            "tubeseek add ~/Videos",
        ),
    ),
    (
        library.index,
        LIBRARY,
        (
            "tubeseek index --encoder siglip2",
            "tubeseek index --encoder starter",
            "tubeseek index --off xclip",
        ),
    ),
    (library.sync, LIBRARY, ("tubeseek sync",)),
    (library.status, LIBRARY, ("tubeseek status", "tubeseek status --json")),
    (library.list_videos, LIBRARY, ("tubeseek list -n 50", "tubeseek list --offset 50")),
    (
        library.remove,
        LIBRARY,
        ("tubeseek remove dQw4w9WgXcQ", "tubeseek remove @channel --yes"),
    ),
    (doctor.doctor, LIBRARY, ("tubeseek doctor", "tubeseek doctor --repair")),
    (
        serve.serve,
        LIBRARY,
        ("tubeseek serve --port 8080", "tubeseek serve --host 0.0.0.0 --port 8080"),
    ),
    (
        eval_command.eval_library,
        QUALITY,
        (
            "tubeseek eval",
            "tubeseek eval judgements.jsonl --moments",
            "tubeseek eval --compare clip siglip2 --report report",
        ),
    ),
    (
        prepare.prepare,
        QUALITY,
        ("tubeseek prepare msrvtt MSRVTT_JSFUSION_test.csv --media videos --out msrvtt",),
    ),
    (train.train, QUALITY, ("tubeseek train --encoder siglip2 --out my-adapter",)),
    (export.export, QUALITY, ("tubeseek export my-adapter --out exported",)),
    (export.model, QUALITY, ("tubeseek model starter", "tubeseek model clip --graph clip.svg")),
)

for command, panel, examples in COMMANDS:
    app.command(
        name=command.__name__.removesuffix("_videos").removesuffix("_library"),
        rich_help_panel=panel,
        epilog="\n\n".join(("Examples:", *map(escape, examples))),
    )(command)


def main() -> None:
    """Run the command line and exit with its status."""
    try:
        app(args=with_globals_first(_as_text(sys.argv[1:])))
    except InputError as error:
        render.error(error)
        sys.exit(EXIT_USAGE)
    except TubeseekError as error:
        render.error(error)
        sys.exit(EXIT_FAILED)
    except BrokenPipeError:  # the reader, such as `head`, has closed the pipe
        sys.stderr.close()
        sys.exit(EXIT_FAILED)


def _as_text(arguments: list[str]) -> list[str]:
    """Return the arguments of the command line.

    Raises:
        InputError: One of them is not UTF-8, so it can be neither shown nor stored.
    """
    for number, word in enumerate(arguments, start=1):
        try:
            word.encode()
        except UnicodeEncodeError as error:
            raise InputError(
                f"word {number} of the command line, {visible(word)}, is not UTF-8; write it in "
                "UTF-8, or rename the file"
            ) from error
    return arguments
