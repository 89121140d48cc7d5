"""Puts the commands together, reads the global options and turns errors into exit codes."""

import logging
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from tubeseek import __version__
from tubeseek.cli.commands import CommandGroup
from tubeseek.cli.global_options import GlobalFlags, with_globals_first
from tubeseek.core.errors import InputError, TubeseekError

EXIT_FAILED = 1
EXIT_USAGE = 2

app = typer.Typer(
    cls=CommandGroup,
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
    from tubeseek.cli.terminal import SafeFormatter

    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    if not verbose:  # transformers warns of what only its developers can change
        os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(SafeFormatter("%(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])
    context.obj = GlobalFlags(library=library, store=store, quiet=quiet)


def main() -> None:
    """Run the command line and exit with its status."""
    try:
        app(args=with_globals_first(_as_text(sys.argv[1:])))
    except TubeseekError as error:
        from tubeseek.cli import render

        render.error(error)
        sys.exit(EXIT_USAGE if isinstance(error, InputError) else EXIT_FAILED)
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
            from tubeseek.cli.terminal import visible

            raise InputError(
                f"word {number} of the command line, {visible(word)}, is not UTF-8; write it in "
                "UTF-8, or rename the file"
            ) from error
    return arguments
