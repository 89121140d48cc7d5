"""What the columns of a dataset mean, and what their cells say."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def column_key(column: str) -> str:
    """A column name without case, spaces and underscores.

    >>> column_key("Channel_ID")
    'channelid'
    """
    return "".join(column.casefold().split()).replace("_", "")


class Cells:
    """The cells of a row, of which each is taken once; what nobody understood is the rest."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = dict(cells)

    def take(self, key: str, read: Callable[[str], T | None]) -> T | None:
        """The value of a cell, or None where it is empty or cannot be understood."""
        value = read(self._cells[key]) if key in self._cells else None
        if value is not None:
            del self._cells[key]
        return value

    def take_first(self, keys: Sequence[str], read: Callable[[str], T | None]) -> T | None:
        """The first of several cells that can be understood."""
        return next((v for key in keys if (v := self.take(key, read)) is not None), None)

    def rest(self) -> Iterator[tuple[str, str]]:
        """(column key, cell) of what was not taken."""
        return iter(self._cells.items())


def web_url(text: str) -> str | None:
    """Web addresses only: the link is shown to be clicked, so no `javascript:`."""
    return text if text.startswith(("https://", "http://")) and text.isprintable() else None


def one_line(text: str) -> str:
    return " ".join(text.split())


def tags(text: str) -> tuple[str, ...]:
    parts = text.split("|" if "|" in text else ",")
    return tuple(tag for part in parts if (tag := part.strip(' "#')))
