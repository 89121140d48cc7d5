"""Rows of CSV files, whole and damaged, against what Python's own writer and reader say."""

import csv
from io import BytesIO, StringIO

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tubeseek.core.csv_rows import MAX_ROW_CHARACTERS, Row, read_rows, read_table
from tubeseek.core.errors import SourceError

COLUMNS = ["Id", "Title", "Description"]
cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
rows = st.lists(st.lists(cells, min_size=3, max_size=3), max_size=8)


def written(table: list[list[str]], line_end: str = "\n") -> bytes:
    text = StringIO(newline="")
    csv.writer(text, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(table)
    return text.getvalue().encode()


def read(data: bytes) -> tuple[list[str], list[Row], list[str]]:
    columns, items = read_table(BytesIO(data), "t.csv")
    everything = list(items)
    good = [item for item in everything if isinstance(item, Row)]
    return columns, good, [str(item) for item in everything if isinstance(item, SourceError)]


def stripped(table: list[list[str]]) -> list[list[str]]:
    trimmed = [[cell.strip() for cell in row] for row in table]
    return [row for row in trimmed if any(row)]


@given(rows, st.sampled_from(["\n", "\r\n"]), st.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_what_was_written_comes_back(table: list[list[str]], line_end: str, bom: bytes) -> None:
    columns, good, errors = read(bom + written([COLUMNS, *table], line_end))
    assert columns == COLUMNS
    assert [row.cells for row in good] == stripped(table)
    assert not errors


def test_a_row_knows_the_line_that_it_starts_on() -> None:
    _, good, _ = read(b'Id,Title\na,"two\nlines"\n\nb,"""quoted"""\n')
    assert [(row.line, row.cells) for row in good] == [
        (2, ["a", "two\nlines"]),
        (5, ["b", '"quoted"']),
    ]


def test_a_quote_inside_a_cell_is_a_quote() -> None:
    _, good, errors = read(b'Id,Title\na,a 5" screen\nb,next\n')
    assert [row.cells for row in good] == [["a", 'a 5" screen'], ["b", "next"]]
    assert not errors


plain = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=8)
DAMAGED = st.sampled_from(
    [
        b'x,"never closed,y',
        b'"never closed',
        b"too,few",
        b"one,cell,too,many",
        b"caf\xe9,\xff,z",
        b"n,u\0l,l",
        b"\xf0\x9f\x98,cut,short",
    ]
)


@given(st.lists(st.one_of(st.lists(plain, min_size=3, max_size=3), DAMAGED), max_size=10))
def test_undamaged_rows_come_out_between_damaged_ones(lines: list[list[str] | bytes]) -> None:
    """One damaged row among whole ones is one message; a stray quote swallows nothing."""
    assume(lines.count(b'x,"never closed,y') < 2)  # two of them are a whole row of several lines
    data = b"Id,Title,Description\n"
    for line in lines:
        data += (line if isinstance(line, bytes) else ",".join(line).encode()) + b"\n"
    whole = [line for line in lines if not isinstance(line, bytes)]
    _, good, errors = read(data)
    assert [row.cells for row in good] == whole
    assert bool(errors) == (len(whole) < len(lines))
    assert len(errors) <= len(lines) - len(whole)


@given(rows, st.binary(max_size=40), st.floats(0, 1), st.integers(0, 30))
def test_any_damage_is_a_message(
    table: list[list[str]], noise: bytes, place: float, deleted: int
) -> None:
    """Rows that lie before the damage are not touched by it, whatever it is."""
    data = written([COLUMNS, *table])
    head = len(written([COLUMNS]))
    at = head + int(place * (len(data) - head))
    before = []
    for row in table:
        head += len(written([row]))
        if head <= at:
            before.append(row)
    _, good, errors = read(data[:at] + noise + data[at + deleted :])
    assert [row.cells for row in good][: len(stripped(before))] == stripped(before)
    assert all("t.csv, line " in error for error in errors)


def test_a_line_without_end_is_not_read_into_memory() -> None:
    class Endless(BytesIO):
        """Counts the most that was asked for at once."""

        most = 0

        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            self.most = max(self.most, len(data))
            return data

        read1 = read

    file = Endless(b"Id\n" + b"x" * (20 * MAX_ROW_CHARACTERS) + b"\nz\n")
    _, items = read_table(file, "t.csv")
    error, last = items
    assert isinstance(error, SourceError)
    assert isinstance(last, Row)
    assert last.cells == ["z"]
    assert 0 < file.most <= MAX_ROW_CHARACTERS


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"Id;Title;Views\na;one, two;3\nb;x;4\n", 2),
        (b"Id\tTitle\tViews\na\tone, two\t3\nb\tx\t4\n", 2),
        (b'Id,Title,Views\na,"one, two",3\nb,x,4\n', 2),
        (b"sep=;\r\nId;Title;Views\r\na;one, two;3\r\nb;x;4\r\n", 3),
        ("Id\tTitle\tViews\na\tone, two\t3\nb\tx\t4\n".encode("utf-16"), 2),
        (b"Id;Title;Views\na;one, two;3\n\nb;x;4\n", 2),
    ],
)
def test_what_separates_cells_is_detected(data: bytes, line: int) -> None:
    columns, [first, second], errors = read(data)
    assert columns == ["Id", "Title", "Views"]
    assert (first.line, first.cells) == (line, ["a", "one, two", "3"])
    assert second.cells == ["b", "x", "4"]
    assert not errors


def test_a_table_of_any_width() -> None:
    items = list(read_rows(BytesIO(b'PL1,Mine\n\nVideo Id\n a1,"x"\nb,"open\n'), "t.csv"))
    good = [(item.line, item.cells) for item in items if isinstance(item, Row)]
    assert good == [(1, ["PL1", "Mine"]), (3, ["Video Id"]), (4, ["a1", "x"])]
    assert [isinstance(item, SourceError) for item in items[3:]] == [True]
