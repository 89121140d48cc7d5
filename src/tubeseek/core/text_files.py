"""Reads text files of strangers line by line: detects the encoding, keeps one line in memory.

Encodings are UTF-8, UTF-16 (with or without a byte order mark) and CP949, in which Korean Windows
and its Excel save text.
"""

import re
import unicodedata
from codecs import getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import count
from typing import BinaryIO

REPLACEMENT = "\ufffd"
MAX_LINE_CHARACTERS = 1 << 17
_SAMPLE_BYTES = 1 << 16
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_NO_LETTERS = ("Cc", "Cn", "Co")  # control, unassigned, private
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its end, and its number in the file, counted from 1."""

    number: int
    text: str


def text_lines(
    file: BinaryIO, longest: int = MAX_LINE_CHARACTERS, *, in_pieces: bool = False
) -> Iterator[Line]:
    """Yield the lines of a file; of a line that is too long, the first `longest` characters.

    Bytes that do not belong to the encoding become lone surrogates, which `bad_byte` finds.

    Args:
        file: Opened at its start, and seekable.
        longest: How many characters of a line are kept.
        in_pieces: Whether the rest of a longer line follows, as lines with the same number.
    """
    encoding, line_end = _form(file)
    errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
    with TextIOWrapper(file, encoding, errors, newline=line_end) as lines:
        for number in count(1):
            text = lines.readline(longest)
            if not text:
                return
            yield Line(number, text.removesuffix("\r") + "\n" if line_end == "\r" else text)
            rest = text
            while len(rest) == longest and not rest.endswith(line_end):
                rest = lines.readline(longest)
                if in_pieces:
                    yield Line(number, rest)


def encoding_of(file: BinaryIO) -> str:
    """Return the encoding of a file, which is left at its start."""
    return _form(file)[0]


def bad_byte(text: str) -> int | None:
    """Return the first byte that did not belong to the encoding, or None."""
    match = _ESCAPED_BYTE.search(text)
    return ord(match[0]) - 0xDC00 if match else None


def storable(text: str) -> str:
    """Replace NUL and lone surrogates, which no database stores, by U+FFFD.

    >>> storable("a\\0b\\ud800")
    'a\ufffdb\ufffd'
    """
    return _NO_TEXT.sub(REPLACEMENT, text)


def _form(file: BinaryIO) -> tuple[str, str]:
    """Return the encoding and the end of lines, judged by the first bytes that are not ASCII."""
    head = file.read(_SAMPLE_BYTES)
    encoding = next((name for bom, name in _BOMS.items() if head.startswith(bom)), "")
    encoding = encoding or _utf16_without_bom(head)
    sample = head
    while not encoding and sample.isascii() and (more := file.read(_SAMPLE_BYTES)):
        sample = sample[-1:] + more  # a character may begin at the end of the chunk before
    file.seek(0)
    decoded = head.decode(encoding or "latin-1", errors="ignore")
    line_end = "\r" if "\r" in decoded and "\n" not in decoded else "\n"  # Excel for Macintosh
    return encoding or ("cp949" if _is_cp949(sample) else "utf-8"), line_end


def _utf16_without_bom(head: bytes) -> str:
    """Return "utf-16-le", "utf-16-be" or "": in text, one byte of ASCII characters is NUL."""
    if head.count(0) * 10 < len(head):
        return ""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        strange = sum(unicodedata.category(c) in _NO_LETTERS and not c.isspace() for c in text)
        if any(map(text.__contains__, ",;\t\n")) and strange * 100 <= len(text):
            return encoding
    return ""


def _is_cp949(sample: bytes) -> bool:
    """Return whether bytes are Korean in CP949, rather than UTF-8 that may be damaged in places."""
    as_utf8 = sample.decode(errors="replace")
    bad = as_utf8.count(REPLACEMENT)
    good = sum(not character.isascii() for character in as_utf8) - bad
    if bad <= 2 * good + 1:  # 1: a character that the sample cuts
        return False
    try:
        text = getincrementaldecoder("cp949")().decode(sample)
    except UnicodeDecodeError:
        return False
    letters = [character for character in text if character.isalpha() and not character.isascii()]
    hangul = sum(unicodedata.name(letter, "").startswith("HANGUL") for letter in letters)
    return hangul * 2 > len(letters)
