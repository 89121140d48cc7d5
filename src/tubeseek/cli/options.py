"""Options that every command has, and the settings that come of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import typer

from tubeseek.core.settings import Settings, load_settings

_WITH_VALUE = ("--library", "--store")
_ALONE = ("-v", "-vv", "--verbose", "-q", "--quiet")


@dataclass(frozen=True, slots=True)
class GlobalFlags:
    """What was said before, or after, the command's own options."""

    library: Path | None
    store: str | None
    quiet: bool

    def with_library(self, library: Path) -> "GlobalFlags":
        """The same flags for another library folder."""
        return replace(self, library=library)


def settings_of(context: typer.Context, **flags: Any) -> Settings:
    """The settings of this run: global flags, the command's own, then environment and file."""
    given: GlobalFlags = context.obj
    return load_settings({"library": given.library, "store": given.store} | flags)


def with_globals_first(arguments: Sequence[str]) -> list[str]:
    """Global options may stand anywhere before a `--`; the parser wants them in front.

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
