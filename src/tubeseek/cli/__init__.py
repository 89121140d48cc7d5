"""Runs the command line: a command parses its arguments, calls the library and renders."""

from tubeseek.cli.main import main

__all__ = ["main"]
