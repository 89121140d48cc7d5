"""Defines the options that may stand before or after any command."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

_WITH_VALUE = ("--library", "--store")
_ALONE = ("-v", "-vv", "--verbose", "-q", "--quiet")


@dataclass(frozen=True, slots=True)
class GlobalFlags:
    """The options that may stand before or after any command."""

    library: Path | None
    store: str | None
    quiet: bool

    def with_library(self, library: Path) -> "GlobalFlags":
        """Return the same flags for another library folder."""
        return replace(self, library=library)


def with_globals_first(arguments: Sequence[str]) -> list[str]:
    """Move global options to the front, where the parser wants them.

    Users may put them anywhere before a `--`.

    >>> with_globals_first(["search", "cat", "--library", "films", "-n", "3", "--", "-q"])
    ['--library', 'films', 'search', 'cat', '-n', '3', '--', '-q']
    """
    front: list[str] = []
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            return [*front, *rest, word, *waiting]
        if word in _WITH_VALUE and waiting:
            front += [word, waiting.pop(0)]
        elif word in _ALONE or word.startswith(tuple(f"{flag}=" for flag in _WITH_VALUE)):
            front.append(word)
        else:
            rest.append(word)
    return front + rest
