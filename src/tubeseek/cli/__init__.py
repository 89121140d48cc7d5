"""The command line: each command parses, calls the library, and renders what it answers."""

from tubeseek.cli.main import main

__all__ = ["main"]
