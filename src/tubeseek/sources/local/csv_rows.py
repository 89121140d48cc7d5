"""Reads rows from a CSV file that may be damaged: a bad row costs a message, not the file."""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count
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
    """Return the column names and an iterator over the rows, which keeps one row in memory.

    For a row that is not UTF-8, holds NULs, is too long or differs from the header in its number of
    cells, the iterator yields an error. An unclosed quote would swallow the rest of the file:
    therefore, if a row of several lines does not fit the header, only its first line is given up,
    and reading continues at its second.

    Args:
        file: Opened at its start; read once.
        name: The name of the file in messages.

    Raises:
        SourceError: There is no header that can be read.
    """
    lines = _lines(file)
    head = next(lines, None)
    if head is None or not head.data.strip():
        raise SourceError(f"{name} is empty; its first line must name the columns")
    if head.data.startswith(_UTF16_BOMS):
        raise SourceError(f"{name} is UTF-16; save it as CSV UTF-8")
    head = _Line(head.number, head.data.removeprefix(_BOM))
    columns = _cells(chain([head], lines), [])
    if isinstance(columns, str):
        raise SourceError(f"{name}, line 1, which names the columns: {columns}")
    return columns, _rows(lines, name, len(columns))


def _rows(lines: Iterator[_Line], name: str, width: int) -> Iterator[Row | SourceError]:
    again: deque[_Line] = deque()  # lines of a row that was given up
    reported_until = 0  # the last line that a message has covered

    def remaining() -> Iterator[_Line]:
        while (line := again.popleft() if again else next(lines, None)) is not None:
            yield line

    while True:
        read: list[_Line] = []
        cells = _cells(remaining(), read, width)
        if not read:
            return
        first = read[0].number
        if not isinstance(cells, str):
            if any(cells):
                yield Row(first, cells)
            continue
        if first > reported_until:
            yield SourceError(f"{name}, line {first}: {cells}; the row is left out")
            reported_until = read[-1].number
        again.extendleft(reversed(read[1:]))


def _cells(lines: Iterator[_Line], read: list[_Line], width: int | None = None) -> list[str] | str:
    """Read one row.

    The csv module reads further lines as long as a quote is open, so if it reads past the end of
    the file, a quote is never closed.

    Args:
        lines: What follows in the file.
        read: Receives the lines of the row; none at the end of the file.
        width: How many cells the row should have.

    Returns:
        The cells, or the reason why there are none. A blank line has no cells.
    """
    is_open = False

    def text() -> Iterator[str]:
        nonlocal is_open
        size = 0
        while size < MAX_ROW_BYTES and (line := next(lines, None)) is not None:
            read.append(line)
            size += len(line.data)
            yield line.data.decode(errors="surrogateescape")
        is_open = True

    row: list[str] | None
    try:
        row = next(csv.reader(text()), [])
    except csv.Error:
        row = None
    data = b"".join(line.data for line in read)
    if is_open and read:
        return "a quote opens and does not close"
    if len(data) >= MAX_ROW_BYTES:
        return f"longer than {MAX_ROW_BYTES // 1024} KiB"
    if b"\0" in data:
        return "holds NUL bytes"
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return f"not UTF-8 (byte {data[error.start]:#04x})"
    if row is None:  # of short rows, the csv module refuses no others
        return "holds a carriage return outside quotes"
    cells = [cell.strip() for cell in row]
    if any(cells) and width is not None and len(cells) != width:
        return (
            f"has {len(cells)} cells where the header has {width}"
            " (a comma inside a cell needs quotes around the cell)"
        )
    return cells


def _lines(file: BinaryIO) -> Iterator[_Line]:
    """Yield lines with their numbers; of a line that is too long, the beginning."""
    for number in count(1):
        data = file.readline(MAX_ROW_BYTES)
        if not data:
            return
        rest = data
        while len(rest) == MAX_ROW_BYTES and not rest.endswith(b"\n"):
            rest = file.readline(MAX_ROW_BYTES)
        yield _Line(number, data)
