"""Finds the pictures that rows of a data set name, and gathers the texts of each picture."""

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from tubeseek.core.errors import MediaError, SourceError
from tubeseek.core.json_stream import is_broken
from tubeseek.sources.local.files import PICTURE_SUFFIXES, VIDEO_SUFFIXES
from tubeseek.training.data.titles import clean_caption

_DEPTH = 3  # of folders below that of the data set: images/train2014/0/...
_LAST_NUMBER = re.compile(r"(\d+)\D*$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture and its texts as a data set names them; the picture was not opened yet."""

    id: str
    texts: tuple[str, ...]  # cleaned, at least one
    picture: Path  # or a video file
    group: str
    category: str = ""
    start: float | None = None  # seconds, of a clip of a video file; None for the whole file
    end: float | None = None


Candidates: TypeAlias = Iterator[Candidate | Exception]  # an error names the row that it costs


@dataclass(frozen=True, slots=True)
class CaptionRow:
    """A row of a data set: a picture and texts about it; other rows may name the same picture."""

    place: str  # for messages: "captions.json, annotation 7"
    picture: str  # as the data set names it
    texts: tuple[str, ...]
    group: str = ""
    category: str = ""


class PictureFiles:
    """Finds the pictures and videos below a folder by the names that data sets use."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._by_name: dict[str, list[Path]] = defaultdict(list)
        self._by_number: dict[int, list[Path]] = {}
        for path in _files(root):
            self._by_name[_name_key(path.name)].append(path)

    def by_name(self, name: str) -> Path:
        """Return the file with a name, or with a path that ends in several names.

        Raises:
            MediaError: No file or several files match.
        """
        parts = [_name_key(part) for part in PurePosixPath(name.replace("\\", "/")).parts]
        matches = self._by_name.get(parts[-1], []) if parts else []
        if len(matches) > 1:
            matches = [path for path in matches if _ends_with(path, parts)]
        return self._only(matches, name)

    def by_number(self, number: int, mark: str) -> Path:
        """Return the file whose name ends in a number, such as COCO_val2014_000000000042.jpg.

        Args:
            number: The number, without leading zeros.
            mark: Part of the path that selects among several files: "val2014".

        Raises:
            MediaError: No file or several files match.
        """
        if not self._by_number:
            for path in (path for paths in self._by_name.values() for path in paths):
                if digits := _LAST_NUMBER.search(path.stem):
                    self._by_number.setdefault(int(digits[1]), []).append(path)
        matches = self._by_number.get(number, [])
        if len(matches) > 1:
            matches = [p for p in matches if mark and mark in str(p.relative_to(self._root))]
        return self._only(matches, str(number))

    def id_of(self, path: Path) -> str:
        """Return a name of the file that does not depend on where the folder lies."""
        return path.relative_to(self._root).as_posix()

    def _only(self, matches: list[Path], name: str) -> Path:
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise MediaError(f"{len(matches)} pictures are called {name}; name the folder too")
        raise MediaError(f"no picture {name} below {self._root}; put it there")


def gather_by_picture(
    rows: Iterable[CaptionRow | Exception], find: Callable[[str], Path], files: PictureFiles
) -> Candidates:
    """Yield a candidate for each picture, with all its texts, in order of first appearance.

    Each row without words or without a picture gives one error. All rows are read before the first
    candidate is yielded, because the rows of a picture may stand anywhere.

    Args:
        rows: The rows; errors are passed on.
        find: Returns the file of a picture by the name in a row.
        files: The pictures of the data set.
    """
    texts: dict[Path, dict[str, None]] = {}
    first_rows: dict[Path, CaptionRow] = {}
    for row in rows:
        if isinstance(row, Exception):
            yield row
            continue
        try:
            cleaned = _clean_texts(row)
            picture = find(row.picture)
        except SourceError as error:
            yield error
            continue
        except MediaError as error:
            yield MediaError(f"{row.place}: {error}")
            continue
        first_rows.setdefault(picture, row)
        texts.setdefault(picture, {}).update(dict.fromkeys(cleaned))
    for picture, row in first_rows.items():
        name = files.id_of(picture)
        yield Candidate(name, tuple(texts[picture]), picture, row.group or name, row.category)


def _clean_texts(row: CaptionRow) -> list[str]:
    if any(map(is_broken, (*row.texts, row.picture))):
        raise SourceError(f"{row.place}: not UTF-8; save it as UTF-8")
    cleaned = [text for raw in row.texts if (text := clean_caption(raw))]
    if not cleaned:
        raise SourceError(f"{row.place}: there is no text; write one or remove the row")
    return cleaned


def _files(root: Path) -> Iterator[Path]:
    """Yield the pictures and videos below a folder.

    Links are followed, because large sets are often linked in; the depth bounds loops of links.
    """
    base = len(root.parts)
    for folder, folders, names in os.walk(root, followlinks=True):
        is_deepest = len(Path(folder).parts) - base >= _DEPTH
        folders[:] = [] if is_deepest else sorted(n for n in folders if not n.startswith("."))
        for name in sorted(names):
            if name.lower().endswith((*PICTURE_SUFFIXES, *VIDEO_SUFFIXES)) and name[0] != ".":
                yield Path(folder, name)


def _name_key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _ends_with(path: Path, parts: list[str]) -> bool:
    return [_name_key(part) for part in path.parts[-len(parts) :]] == parts
