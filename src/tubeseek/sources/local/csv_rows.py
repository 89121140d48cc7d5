"""Rows out of a CSV file that may be damaged: one bad row costs one message, not the file."""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import count
from typing import BinaryIO

from tubeseek.core.errors import SourceError

MAX_ROW_BYTES = 1 << 17  # 128 KiB; also the longest cell that the csv module reads
_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, and the line of the file (counted from 1) that it starts on."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    data: bytes


def read_table(file: BinaryIO, name: str) -> tuple[list[str], Iterator[Row | SourceError]]:
    """The column names, and the rows as they are read: never more than one row is held.

    A row that is no UTF-8, holds NULs, is too long or has another number of cells than the header
    comes out as the error that says so. A quote that opens and never closes would swallow all that
    follows: a row of several lines that does not fit the header is therefore given up at its first
    line, and reading goes on at its second.

    Args:
        file: Opened at its start; read once.
        name: What messages call it.

    Raises:
        SourceError: There is no header that can be read.
    """
    lines = _lines(file)
    head = next(lines, None)
    if head is None or not head.data.strip():
        raise SourceError(f"{name} is empty; its first line must name the columns")
    if head.data.startswith(_UTF16_BOMS):
        raise SourceError(f"{name} is UTF-16; save it as CSV UTF-8")
    columns = _cells(head.data.removeprefix(_BOM))
    if isinstance(columns, str):
        raise SourceError(f"{name}, line 1, which names the columns: {columns}")
    return columns, _rows(lines, name, len(columns))


def _rows(lines: Iterator[_Line], name: str, width: int) -> Iterator[Row | SourceError]:
    again: deque[_Line] = deque()  # lines of a row that was given up
    told_until = 0  # the last line that a message has covered

    def next_line() -> _Line | None:
        return again.popleft() if again else next(lines, None)

    while (first := next_line()) is not None:
        parts = [first]
        size, inside = len(first.data), _ends_inside_quotes(first.data, inside=False)
        while inside and size < MAX_ROW_BYTES and (line := next_line()) is not None:
            parts.append(line)
            size += len(line.data)
            inside = _ends_inside_quotes(line.data, inside=True)
        cells = "a quote opens and does not close" if inside else _cells(_join(parts), width)
        if not isinstance(cells, str):
            if any(cells):
                yield Row(first.number, cells)
            continue
        if first.number > told_until:
            yield SourceError(f"{name}, line {first.number}: {cells}; the row is left out")
            told_until = parts[-1].number
        again.extendleft(reversed(parts[1:]))


def _join(parts: list[_Line]) -> bytes:
    return b"".join(part.data for part in parts)


def _cells(data: bytes, width: int | None = None) -> list[str] | str:
    """The cells of one row, or the reason why there are none. A blank line has no cells."""
    if len(data) >= MAX_ROW_BYTES:
        return f"longer than {MAX_ROW_BYTES // 1024} KiB"
    if b"\0" in data:
        return "holds NUL bytes"
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return f"not UTF-8 (byte {data[error.start]:#04x})"
    try:
        rows = list(csv.reader(StringIO(text, newline="")))
    except csv.Error as error:
        return str(error)
    if len(rows) > 1:
        return "holds a carriage return outside quotes"
    cells = [cell.strip() for cell in rows[0]] if rows else []
    if any(cells) and width is not None and len(cells) != width:
        return (
            f"has {len(cells)} cells where the header has {width}"
            " (a comma inside a cell needs quotes around the cell)"
        )
    return cells


def _lines(file: BinaryIO) -> Iterator[_Line]:
    """Lines with their numbers; of a line that is too long, the beginning."""
    for number in count(1):
        data = file.readline(MAX_ROW_BYTES)
        if not data:
            return
        rest = data
        while len(rest) == MAX_ROW_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(MAX_ROW_BYTES)
        yield _Line(number, data)


def _ends_inside_quotes(data: bytes, *, inside: bool) -> bool:
    """Whether a quoted cell is open behind these bytes, by the rules of the csv module.

    A quote opens a cell only as its first character; inside, two quotes are one that is meant.
    Bytes are enough: in UTF-8 no other character contains the byte of a quote or a comma.
    """
    at = data.find(b'"')
    while at >= 0:
        if not inside:
            inside = at == 0 or data[at - 1 : at] == b","
        elif data[at + 1 : at + 2] == b'"':
            at += 1
        else:
            inside = False
        at = data.find(b'"', at + 1)
    return inside
