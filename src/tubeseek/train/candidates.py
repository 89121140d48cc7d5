"""What the readers of data sets find, before it is known whether it is whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias


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
