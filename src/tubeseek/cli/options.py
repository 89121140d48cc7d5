"""Defines the options that several commands share, and makes settings of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from tubeseek.core.settings import Settings, load_settings

UNITS = {"s": 1, "m": 60, "h": 3600}  # in seconds

_WITH_VALUE = ("--library", "--store")
_ALONE = ("-v", "-vv", "--verbose", "-q", "--quiet")

Json = Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")]
Cookies = Annotated[
    Path | None,
    typer.Option(help="Give yt-dlp the cookies of this Netscape file. It is only read."),
]


@dataclass(frozen=True, slots=True)
class GlobalFlags:
    """The options that may stand before or after any command."""

    library: Path | None
    store: str | None
    quiet: bool

    def with_library(self, library: Path) -> "GlobalFlags":
        """Return the same flags for another library folder."""
        return replace(self, library=library)


def settings_of(context: typer.Context, **flags: Any) -> Settings:
    """Return the settings of this run.

    Global options and `flags`, the command's own, come before the environment and the file.
    """
    options: GlobalFlags = context.obj
    return load_settings({"library": options.library, "store": options.store} | flags)


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


def parse_seconds(text: str) -> float:
    """Return the seconds of a length: a number, m:ss, h:mm:ss, or a number with s, m or h.

    >>> parse_seconds("90"), parse_seconds("1:30"), parse_seconds("1.5m"), parse_seconds("1:00:00")
    (90.0, 90.0, 90.0, 3600.0)
    """
    try:
        total = 0.0
        for part in text.removesuffix("s").split(":"):
            unit = UNITS.get(part[-1:], 1)
            total = total * 60 + float(part.rstrip("mh")) * unit
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a length such as 90, 1:30 or 2h") from error
    return total
