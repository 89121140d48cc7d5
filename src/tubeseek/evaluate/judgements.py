"""What should be found for a query: one JSON object a line.

    {"query": "a fox", "video_id": "stamps-forest-1", "start": 3.5, "end": 6.75, "group": "en"}

`start` and `end` (seconds) say where in the video; without them all of it counts. `group` is any
name under which figures are also reported by themselves.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tubeseek.errors import InputError


@dataclass(frozen=True, slots=True)
class Judgement:
    """A query, and the place that answers it."""

    query: str
    video_id: str
    start: float = 0.0
    end: float = float("inf")
    group: str = ""

    def __post_init__(self) -> None:
        if not all(isinstance(text, str) for text in (self.query, self.video_id, self.group)):
            raise TypeError("query, video_id and group are texts, in quotes")
        if not self.query.strip() or not self.video_id:
            raise ValueError("a judgement needs a query and a video_id")
        if not 0 <= self.start < self.end:
            raise ValueError(f"need 0 <= start < end, got {self.start=} {self.end=}")

    def holds(self, video_id: str, start: float, end: float) -> bool:
        """Whether a found moment is in the right place: its middle lies inside.

        >>> Judgement("a fox", "v", 3, 6).holds("v", 5.0, 5.0)
        True
        >>> Judgement("a fox", "v", 3, 6).holds("v", 0.0, 30.0)
        False
        """
        return video_id == self.video_id and self.start <= (start + end) / 2 < self.end


def read_judgements(path: Path) -> list[Judgement]:
    """The judgements of a file.

    Raises:
        InputError: It cannot be read, or a line is no judgement; the message names the line.
    """
    try:
        # Not splitlines: within a text JSON may have what that takes for the end of a line.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read ({error}); give a file of judgements") from error
    found = list(_parsed(path, lines))
    if not found:
        raise InputError(f"{path} holds no judgement; write one JSON object a line")
    return found


def _parsed(path: Path, lines: Iterable[str]) -> Iterable[Judgement]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield Judgement(**json.loads(line))
        except (TypeError, ValueError) as error:
            raise InputError(f"{path}, line {number}: {error}") from error
