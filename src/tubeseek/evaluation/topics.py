"""Reads queries and their right videos from judgements, titles or TREC files."""

import json
import math
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from tubeseek.core.errors import InputError
from tubeseek.core.schemas import VideoFacts


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
        """Return whether a moment is in the right place: its middle is inside.

        >>> Judgement("a fox", "v", 3, 6).holds("v", 5.0, 5.0)
        True
        >>> Judgement("a fox", "v", 3, 6).holds("v", 0.0, 30.0)
        False
        """
        return video_id == self.video_id and self.start <= (start + end) / 2 < self.end


def read_judgements(path: Path) -> list[Judgement]:
    """Read the judgements of a file.

    Raises:
        InputError: It cannot be read, or a line is no judgement; the message names the line.
    """
    try:
        # Not splitlines, which splits at characters that JSON allows within a string.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read ({error}); give a file of judgements") from error
    judgements = list(_parsed(path, lines))
    if not judgements:
        raise InputError(f"{path} holds no judgement; write one JSON object a line")
    return judgements


def _parsed(path: Path, lines: Iterable[str]) -> Iterable[Judgement]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield Judgement(**json.loads(line))
        except (TypeError, ValueError) as error:
            raise InputError(f"{path}, line {number}: {error}") from error


GROUP = "group"  # the dimension that a judgement names itself


@dataclass(frozen=True, slots=True)
class Topic:
    """A query with its right answers.

    Attributes:
        query: The text that is searched for.
        gains: The grade of each right video, by id; 1 unless the judgements are graded.
        groups: Its group in each dimension: {"category": "Music", "channel": "..."}.
    """

    query: str
    gains: Mapping[str, float]
    groups: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if not self.query.strip() or not self.gains:
            raise ValueError("a topic needs a query and a right answer")


def topics_of_judgements(judgements: Sequence[Judgement]) -> list[Topic]:
    """Return one topic for each query; judgements that share a query are its right answers."""
    gains: dict[tuple[str, str], dict[str, float]] = {}
    for judgement in judgements:
        key = (judgement.query, judgement.group)
        gains.setdefault(key, {})[judgement.video_id] = 1.0
    return [
        Topic(query, right, {GROUP: group} if group else {})
        for (query, group), right in gains.items()
    ]


def topics_of_titles(videos: Iterable[VideoFacts]) -> list[Topic]:
    """Return each title once, with the videos that have it; videos that are gone are left out."""
    gains: dict[str, tuple[str, dict[str, float]]] = {}
    for video in videos:
        # Without a title the source put the id there, which describes nothing.
        if not video.gone and video.title.strip() and video.title != video.id:
            key = " ".join(unicodedata.normalize("NFKC", video.title).casefold().split())
            gains.setdefault(key, (" ".join(video.title.split()), {}))[1][video.id] = 1.0
    return [Topic(title, right) for title, right in gains.values()]


def with_places(topics: Iterable[Topic], videos: Iterable[VideoFacts]) -> list[Topic]:
    """Add the category and channel of its first right video to each topic.

    Raises:
        InputError: A right video is not in the library.
    """
    by_id = {video.id: video for video in videos}
    topics = list(topics)
    absent = sorted({name for topic in topics for name in topic.gains if name not in by_id})
    if absent:
        raise InputError(
            f"{len(absent)} right answers are not in this library, such as {absent[0]!r}; "
            "add the videos that the judgements are about, or take the judgements of this library"
        )
    placed = []
    for topic in topics:
        video = by_id[next(iter(topic.gains))]
        places = {"category": video.category, "channel": video.channel}
        named = {dimension: name for dimension, name in places.items() if name}
        placed.append(replace(topic, groups=named | dict(topic.groups)))
    return placed


def without(topics: Iterable[Topic], learned: Container[str]) -> list[Topic]:
    """Return the topics that none of these videos answers."""
    return [topic for topic in topics if not any(video_id in learned for video_id in topic.gains)]


def read_trec(qrels: Path, topics: Path) -> list[Topic]:
    """Read topics and judgements in the form of TREC.

    Args:
        qrels: Lines of `topic 0 video_id grade`; grades of 0 and below are wrong answers.
        topics: Lines of `topic<TAB>query`.

    Raises:
        InputError: A line is not of this form, or nothing is judged; the message names the line.
    """
    queries: dict[str, str] = {}
    for number, line in _lines(topics):
        name, tab, query = line.partition("\t")
        if not tab or not query.strip():
            raise InputError(f"{topics}, line {number}: want `topic<TAB>query`, got {line!r}")
        queries[name.strip()] = query.strip()
    gains: dict[str, dict[str, float]] = {}
    for number, line in _lines(qrels):
        parts = line.split()
        try:
            name, _, video_id, grade = parts
            gain = float(grade)
        except ValueError as error:
            message = f"{qrels}, line {number}: want `topic 0 video_id grade`, got {line!r}"
            raise InputError(message) from error
        if name not in queries:
            raise InputError(f"{qrels}, line {number}: topic {name!r} is not in {topics}")
        if not math.isfinite(gain):
            raise InputError(f"{qrels}, line {number}: a grade is a number, got {grade!r}")
        if gain > 0:
            gains.setdefault(name, {})[video_id] = gain
    if not gains:
        raise InputError(f"{qrels} names no right answer; grades must be above 0")
    return [Topic(queries[name], right) for name, right in gains.items()]


def _lines(path: Path) -> Iterable[tuple[int, str]]:
    """Return the lines that are not blank, with their numbers."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read ({error}); give a text file in UTF-8") from error
    return [(n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]
