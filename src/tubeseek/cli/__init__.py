"""Runs the command line: a command parses its arguments, calls the library and renders."""

import sys

from tubeseek import __version__


def main() -> None:
    """Run the command line and exit with its status."""
    if sys.argv[1:] == ["--version"]:  # needs no parser
        print(f"tubeseek {__version__}")  # noqa: T201
        return
    from tubeseek.cli.main import main

    main()
