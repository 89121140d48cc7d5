"""Reads the cells of a dataset's rows by column."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def column_key(column: str) -> str:
    """Return a column name in lower case, without spaces and underscores.

    >>> column_key("Channel_ID")
    'channelid'
    """
    return "".join(column.casefold().split()).replace("_", "")


class Cells:
    """The cells of a row, each of which is taken once; those not understood remain."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = dict(cells)

    def take(self, key: str, read: Callable[[str], T | None]) -> T | None:
        """Return the value of a cell, or None if it is empty or cannot be understood."""
        value = read(self._cells[key]) if key in self._cells else None
        if value is not None:
            del self._cells[key]
        return value

    def take_first(self, keys: Sequence[str], read: Callable[[str], T | None]) -> T | None:
        """Return the value of the first of several cells that can be understood, or None."""
        return next((v for key in keys if (v := self.take(key, read)) is not None), None)

    def rest(self) -> Iterator[tuple[str, str]]:
        """Return an iterator over (column key, cell) of the cells that were not taken."""
        return iter(self._cells.items())


def web_url(text: str) -> str | None:
    """Return a web address or None: the link is shown for clicking, so no `javascript:`."""
    return text if text.startswith(("https://", "http://")) and text.isprintable() else None


def one_line(text: str) -> str:
    return " ".join(text.split())


def tags(text: str) -> tuple[str, ...]:
    parts = text.split("|" if "|" in text else ",")
    return tuple(tag for part in parts if (tag := part.strip(' "#')))
