"""The exact store of passages: a dict and the formula. The others are tested against it."""

from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from tubeseek.core.bm25 import (
    document_vector,
    inverse_document_frequency,
    shares_word,
    term_id,
    terms,
)
from tubeseek.core.filters import Filter, matches, matches_moment
from tubeseek.core.types import Hit, Passage, Video
from tubeseek.stores.payload import check_passages, in_reading_order


class _Row(NamedTuple):
    passage: Passage
    weights: dict[int, float]
    video: Video


class MemoryPassages:
    """Implements `tubeseek.core.protocols.PassageStore`; forgets all on close."""

    def __init__(self) -> None:
        self._rows: dict[UUID, _Row] = {}
        self._lock = Lock()

    def add(self, passages: Sequence[Passage], payload: Mapping[str, Video]) -> None:
        check_passages(passages, payload)
        rows = {
            p.segment.id: _Row(p, document_vector(terms(p.text)), payload[p.segment.video_id])
            for p in passages
        }
        with self._lock:
            self._rows = self._rows | rows

    def search(
        self,
        text: str,
        limit: int,
        where: Filter | None = None,
        weights: Mapping[str, float] | None = None,
    ) -> list[Hit]:
        rows = [row for row in self._rows.values() if row.weights]
        if weights is None:
            weights = self.inverse_document_frequencies(terms(text))
        by_id = {term_id(term): weight for term, weight in weights.items()}
        conditions = where or Filter()
        hits: list[Hit] = []
        for row in rows:
            score = sum(weight * row.weights.get(key, 0.0) for key, weight in by_id.items())
            segment = row.passage.segment
            if score > 0 and matches(conditions, row.video) and matches_moment(conditions, segment):
                hits.append(Hit(segment, score, row.passage.text))
        hits.sort(key=lambda hit: -hit.score)
        return [hit for hit in hits[: max(limit, 0)] if shares_word(text, hit.text)]

    def inverse_document_frequencies(self, terms: Iterable[str]) -> dict[str, float]:
        rows = [row for row in self._rows.values() if row.weights]
        holding = {term: sum(term_id(term) in row.weights for row in rows) for term in terms}
        return {
            term: inverse_document_frequency(len(rows), count)
            for term, count in holding.items()
            if count
        }

    def read_video(self, video_id: str) -> list[Passage]:
        rows = self._rows.values()
        return in_reading_order([r.passage for r in rows if r.passage.segment.video_id == video_id])

    def update_video(self, video: Video) -> None:
        with self._lock:
            self._rows = {
                key: row._replace(video=video) if row.video.id == video.id else row
                for key, row in self._rows.items()
            }

    def remove_video(self, video_id: str) -> None:
        with self._lock:
            self._rows = {k: row for k, row in self._rows.items() if row.video.id != video_id}

    def video_ids(self) -> set[str]:
        return {row.video.id for row in list(self._rows.values())}

    def count(self) -> int:
        return len(self._rows)

    def commit(self) -> None:
        """Does nothing: there is no faster form."""

    def close(self) -> None:
        with self._lock:
            self._rows = {}
