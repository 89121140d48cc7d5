"""The command line. A command parses its arguments, calls the library and renders the answer."""

from tubeseek.cli.main import main

__all__ = ["main"]
