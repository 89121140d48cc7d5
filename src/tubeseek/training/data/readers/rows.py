"""What the forms of captions share: rows that name a picture, gathered by picture."""

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from tubeseek.core.errors import MediaError, SourceError
from tubeseek.sources.local.files import PICTURE_SUFFIXES, VIDEO_SUFFIXES
from tubeseek.training.data.readers.json_stream import is_broken
from tubeseek.training.data.titles import clean_caption


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture with its texts as a data set names them; nothing of it was opened yet."""

    id: str
    texts: tuple[str, ...]  # cleaned; where there is none, the row is left out
    picture: Path  # or a video file
    group: str
    category: str = ""
    start: float | None = None  # seconds, of a clip of a video file
    end: float | None = None


Found: TypeAlias = Iterator[Candidate | Exception]  # an error costs one row, and says which


_DEPTH = 3  # of folders below that of the data set: images/train2014/0/...
_LAST_NUMBER = re.compile(r"(\d+)\D*$")


@dataclass(frozen=True, slots=True)
class CaptionRow:
    """A line of a data set: words about a picture, of which other lines may say more."""

    place: str  # for messages: "captions.json, annotation 7"
    picture: str  # as the data set names it
    texts: tuple[str, ...]
    group: str = ""
    category: str = ""


class PictureFiles:
    """The pictures and videos below a folder, found by what data sets call them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._by_name: dict[str, list[Path]] = defaultdict(list)
        self._by_number: dict[int, list[Path]] = {}
        for path in _files(root):
            self._by_name[_name_key(path.name)].append(path)

    def named(self, name: str) -> Path:
        """The file of that name, or of that path inside the folder or inside one that is in it.

        Raises:
            MediaError: There is none, or there are several.
        """
        wanted = [_name_key(part) for part in PurePosixPath(name.replace("\\", "/")).parts]
        found = self._by_name.get(wanted[-1], []) if wanted else []
        if len(found) > 1:
            found = [path for path in found if _ends_with(path, wanted)]
        return self._only(found, name)

    def numbered(self, number: int, mark: str) -> Path:
        """The file whose name ends in a number, such as COCO_val2014_000000000042.jpg.

        Args:
            number: As data sets call it.
            mark: Of several files with that number, the one with this in its path: "val2014".

        Raises:
            MediaError: There is none, or there are several.
        """
        if not self._by_number:
            for path in (path for paths in self._by_name.values() for path in paths):
                if digits := _LAST_NUMBER.search(path.stem):
                    self._by_number.setdefault(int(digits[1]), []).append(path)
        found = self._by_number.get(number, [])
        if len(found) > 1:
            found = [path for path in found if mark and mark in str(path.relative_to(self._root))]
        return self._only(found, str(number))

    def id_of(self, path: Path) -> str:
        """A name of the file that is the same wherever the folder lies."""
        return path.relative_to(self._root).as_posix()

    def _only(self, found: list[Path], name: str) -> Path:
        if len(found) == 1:
            return found[0]
        if found:
            raise MediaError(f"{len(found)} pictures are called {name}; name its folder too")
        raise MediaError(f"no picture {name} is below {self._root}; put it there")


def gathered(
    rows: Iterable[CaptionRow | Exception], find: Callable[[str], Path], files: PictureFiles
) -> Found:
    """A candidate for each picture, with all texts of it; in order of first appearance.

    Each row that lacks its words or its picture comes out as one error. All texts are in memory
    before the first candidate is known, for the rows of a picture may stand anywhere.
    """
    texts: dict[Path, dict[str, None]] = {}
    first: dict[Path, CaptionRow] = {}
    for row in rows:
        if isinstance(row, Exception):
            yield row
            continue
        try:
            cleaned = _cleaned(row)
            picture = find(row.picture)
        except SourceError as error:
            yield error
            continue
        except MediaError as error:
            yield MediaError(f"{row.place}: {error}")
            continue
        first.setdefault(picture, row)
        texts.setdefault(picture, {}).update(dict.fromkeys(cleaned))
    for picture, row in first.items():
        name = files.id_of(picture)
        yield Candidate(name, tuple(texts[picture]), picture, row.group or name, row.category)


def _cleaned(row: CaptionRow) -> list[str]:
    if any(map(is_broken, (*row.texts, row.picture))):
        raise SourceError(f"{row.place}: not UTF-8; the row is left out")
    cleaned = [text for raw in row.texts if (text := clean_caption(raw))]
    if not cleaned:
        raise SourceError(f"{row.place}: there are no words; write some or remove it")
    return cleaned


def _files(root: Path) -> Iterator[Path]:
    """Links are followed, for large sets are often linked in; the depth bounds their loops."""
    base = len(root.parts)
    for folder, folders, names in os.walk(root, followlinks=True):
        deep = len(Path(folder).parts) - base >= _DEPTH
        folders[:] = [] if deep else sorted(n for n in folders if not n.startswith("."))
        for name in sorted(names):
            if name.lower().endswith((*PICTURE_SUFFIXES, *VIDEO_SUFFIXES)) and name[0] != ".":
                yield Path(folder, name)


def _name_key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _ends_with(path: Path, parts: list[str]) -> bool:
    return [_name_key(part) for part in path.parts[-len(parts) :]] == parts
