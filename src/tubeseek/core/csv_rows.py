"""Reads rows from a CSV file that may be damaged: a bad row costs a message, not the file.

Cells are separated by commas, semicolons or tabs, whichever gives rows of one width, and Excel's
line `sep=;` is understood. Encodings are those of `core.text_files`.
"""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from tubeseek.core.errors import SourceError
from tubeseek.core.text_files import MAX_LINE_CHARACTERS, Line, bad_byte, text_lines

MAX_ROW_CHARACTERS = MAX_LINE_CHARACTERS  # also the longest cell that the csv module reads
_DELIMITERS = ",;\t"
_SAMPLE_LINES, _SAMPLE_CHARACTERS = 200, 1 << 18  # that the delimiter is told by
_STATED_DELIMITER = re.compile(r'"?sep=([,;\t])"?\s*')
_WORKBOOKS = ("PK\x03\x04", "\udcd0\udccf\x11\udce0")  # how .xlsx and .xls begin


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, and the line of the file (counted from 1) that it starts on."""

    line: int
    cells: list[str]


def read_table(file: BinaryIO, name: str) -> tuple[list[str], Iterator[Row | SourceError]]:
    """Return the column names and an iterator over the rows, which keeps one row in memory.

    For a row that is not in the file's encoding, holds NULs, is too long or differs from the header
    in its number of cells, the iterator yields an error. An unclosed quote would swallow the rest
    of the file: therefore, if a row of several lines does not fit the header, only its first line
    is given up, and reading continues at its second.

    Args:
        file: Opened at its start, and seekable.
        name: The name of the file in messages.

    Raises:
        SourceError: There is no header that can be read.
    """
    lines, delimiter = _delimited(text_lines(file))
    head = next(lines, None)
    if head is None or not head.text.strip():
        raise SourceError(f"{name} is empty; its first line must name the columns")
    if head.text.startswith(_WORKBOOKS):
        raise SourceError(f"{name} is an Excel workbook; save it as CSV UTF-8")
    columns = _cells(chain([head], lines), [], delimiter)
    if isinstance(columns, str):
        raise SourceError(f"{name}, line {head.number}, which names the columns: {columns}")
    return columns, _rows(lines, name, delimiter, len(columns))


def read_rows(file: BinaryIO, name: str) -> Iterator[Row | SourceError]:
    """Return an iterator over all rows of a table that may have no header, of any width."""
    lines, delimiter = _delimited(text_lines(file))
    return _rows(lines, name, delimiter, None)


def _delimited(lines: Iterator[Line]) -> tuple[Iterator[Line], str]:
    """Return the lines of a table and what separates its cells."""
    first = next(lines, None)
    if first is None:
        return lines, ","
    if stated := _STATED_DELIMITER.fullmatch(first.text):
        return lines, stated[1]
    sample, size = [first], len(first.text)
    for line in lines:
        sample.append(line)
        size += len(line.text)
        if len(sample) >= _SAMPLE_LINES or size >= _SAMPLE_CHARACTERS:
            break
    texts = [line.text for line in sample]
    return chain(sample, lines), max(_DELIMITERS, key=lambda delimiter: _fit(texts, delimiter))


def _fit(texts: Iterable[str], delimiter: str) -> tuple[float, int]:
    """Return the share of rows that are as wide as the first, and that width; (0, 1) if it is 1."""
    widths: list[int] = []
    with suppress(csv.Error):  # of a row that `_rows` reports
        for cells in csv.reader(texts, delimiter=delimiter):
            widths += [len(cells)] if cells else []
    if not widths or widths[0] == 1:
        return 0.0, 1
    return widths.count(widths[0]) / len(widths), widths[0]


def _rows(
    lines: Iterator[Line], name: str, delimiter: str, width: int | None
) -> Iterator[Row | SourceError]:
    again: deque[Line] = deque()  # lines of a row that was given up
    reported_until = 0  # the last line that a message has covered

    def remaining() -> Iterator[Line]:
        while (line := again.popleft() if again else next(lines, None)) is not None:
            yield line

    while True:
        read: list[Line] = []
        cells = _cells(remaining(), read, delimiter, width)
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


def _cells(
    lines: Iterator[Line], read: list[Line], delimiter: str, width: int | None = None
) -> list[str] | str:
    """Read one row.

    The csv module reads further lines as long as a quote is open, so if it reads past the end of
    the file, a quote is never closed.

    Args:
        lines: What follows in the file.
        read: Receives the lines of the row; none at the end of the file.
        delimiter: What separates cells.
        width: How many cells the row should have.

    Returns:
        The cells, or the reason why there are none. A blank line has no cells.
    """
    is_open = False

    def texts() -> Iterator[str]:
        nonlocal is_open
        size = 0
        while size < MAX_ROW_CHARACTERS and (line := next(lines, None)) is not None:
            read.append(line)
            size += len(line.text)
            yield line.text
        is_open = True

    row: list[str] | None
    try:
        row = next(csv.reader(texts(), delimiter=delimiter), [])
    except csv.Error:
        row = None
    text = "".join(line.text for line in read)
    if is_open and read:
        return "a quote opens and does not close"
    if len(text) >= MAX_ROW_CHARACTERS:
        return f"longer than {MAX_ROW_CHARACTERS // 1024} KiB"
    if "\0" in text:
        return "holds NUL bytes"
    if (byte := bad_byte(text)) is not None:
        return f"not UTF-8 (byte {byte:#04x})"
    if row is None:  # of short rows, the csv module refuses no others
        return "holds a carriage return outside quotes"
    cells = [cell.strip() for cell in row]
    if any(cells) and width is not None and len(cells) != width:
        return (
            f"has {len(cells)} cells where the header has {width}"
            f" (a {_NAMES[delimiter]} inside a cell needs quotes around the cell)"
        )
    return cells


_NAMES = {",": "comma", ";": "semicolon", "\t": "tab"}
