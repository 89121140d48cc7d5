"""Reads large JSON files item by item, so that memory holds one item and not the file."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO, TypeAlias

from tubeseek.core.errors import InputError
from tubeseek.core.text_files import encoding_of

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | float | bool | None
MAX_ITEM_CHARACTERS = 1 << 24  # 16 million; the longest real items have a few thousand
_CHUNK = 1 << 16
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"[-+.\deE]+")  # may continue in the next chunk
_BYTES_NOT_UTF8 = re.compile("[\ud800-\udfff]")


def json_items(path: Path) -> Iterator[tuple[str, Json]]:
    """Yield the items at the top level of a JSON file, in order.

    An object gives each member as (name, value); if the value is an array, each of its items as
    (name, item). An array at the top gives each item as ("", item). Bytes that are not UTF-8 do not
    end the reading: they are decoded as lone surrogates, which `is_broken` finds.

    Raises:
        InputError: The file cannot be read, or is not JSON; the message says where.
    """
    try:
        with path.open("rb") as data:
            encoding = encoding_of(data)
        encoding = encoding if encoding.startswith("utf-16") else "utf-8-sig"  # of PowerShell
        with path.open(encoding=encoding, errors="surrogateescape") as file:
            yield from _Reader(file, path.name).top()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); check it") from error


def is_broken(text: str) -> bool:
    """Return whether a text holds bytes that were not UTF-8."""
    return _BYTES_NOT_UTF8.search(text) is not None


class _Reader:
    """One pass over one file; `_text[_at:]` was read and is not parsed yet."""

    def __init__(self, file: TextIO, name: str) -> None:
        self._file, self._name = file, name
        self._text, self._at = "", 0
        self._before = 0  # characters of the file before `_text`
        self._ended = False
        self._decoder = json.JSONDecoder()

    def top(self) -> Iterator[tuple[str, Json]]:
        first = self._peek()
        if first == "[":
            yield from self._array("")
        elif first == "{":
            yield from self._object()
        else:
            raise self._problem("neither an object nor an array")
        if self._peek():
            raise self._problem("more data after the end")

    def _object(self) -> Iterator[tuple[str, Json]]:
        for _ in self._members("{", "}"):
            name = self._value()
            if not isinstance(name, str):
                raise self._problem("a name is expected here")
            self._take(":")
            if self._peek() == "[":
                yield from self._array(name)
            else:
                yield name, self._value()

    def _array(self, name: str) -> Iterator[tuple[str, Json]]:
        for _ in self._members("[", "]"):
            yield name, self._value()

    def _members(self, opening: str, closing: str) -> Iterator[None]:
        """Yield before each member; the caller reads the member before it goes on."""
        self._take(opening)
        if self._peek() == closing:
            self._take(closing)
            return
        while True:
            yield
            if self._peek() == closing:
                self._take(closing)
                return
            self._take(",")

    def _value(self) -> Json:
        self._peek()
        while True:
            number = _NUMBER.match(self._text, self._at)
            if self._ended or number is None or number.end() < len(self._text):
                try:
                    value: Json
                    value, self._at = self._decoder.raw_decode(self._text, self._at)
                except json.JSONDecodeError as error:
                    # A value that is cut off looks like a broken one until more is read.
                    if self._ended or len(self._text) - self._at > MAX_ITEM_CHARACTERS:
                        self._at = min(error.pos, len(self._text))
                        raise self._problem(error.msg) from error
                except RecursionError as error:
                    raise self._problem("nested too deeply") from error
                else:
                    return value
            self._read(max(_CHUNK, len(self._text) - self._at))

    def _take(self, expected: str) -> None:
        if self._peek() != expected:
            raise self._problem(f"{expected!r} is expected here")
        self._at += 1

    def _peek(self) -> str:
        """Return the next character that is not white space; "" at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._read(_CHUNK)

    def _read(self, characters: int) -> None:
        more = self._file.read(characters)
        self._ended = len(more) < characters
        self._before += self._at
        self._text, self._at = self._text[self._at :] + more, 0

    def _problem(self, fault: str) -> InputError:
        where = (
            "at its end"
            if self._ended and self._at >= len(self._text)
            else f"at character {self._before + self._at}"
        )
        return InputError(f"{self._name} is not valid JSON, {where}: {fault}; get the file again")
