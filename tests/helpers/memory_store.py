"""The exact store: a dict and a matrix product. The other stores are tested against it."""

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import NamedTuple
from uuid import UUID

import numpy as np

from tubeseek.core.filters import Filter, matches, matches_moment
from tubeseek.core.types import (
    EmbeddingBatch,
    EncoderSpec,
    Hit,
    Segment,
    Vector,
    Vectors,
    Video,
)
from tubeseek.stores.payload import check_batch, check_query
from tubeseek.stores.reading import in_order


class _Row(NamedTuple):
    segment: Segment
    vector: Vector
    video: Video


class MemoryStore:
    """Implements `tubeseek.core.protocols.VectorStore`; forgets all on close."""

    def __init__(self, spec: EncoderSpec) -> None:
        self.spec = spec
        self._rows: dict[UUID, _Row] = {}
        self._table: tuple[list[_Row], Vectors] | None = None  # the rows stacked, until they change
        self._lock = Lock()

    def add(self, batch: EmbeddingBatch, payload: Mapping[str, Video]) -> None:
        check_batch(self.spec, batch, payload)
        pairs = zip(batch.segments, batch.vectors, strict=True)
        rows = {s.id: _Row(s, v.copy(), payload[s.video_id]) for s, v in pairs}
        with self._lock:
            self._rows.update(rows)
            self._table = None

    def search(self, vector: Vector, limit: int, where: Filter | None = None) -> list[Hit]:
        check_query(self.spec, vector)
        rows, vectors = self._stacked()
        conditions = where or Filter()
        kept = np.array(
            [matches(conditions, r.video) and matches_moment(conditions, r.segment) for r in rows],
            bool,
        )
        scores = np.where(kept, vectors @ vector, -np.inf)  # (n,)
        best = np.argsort(-scores, kind="stable")[: min(max(limit, 0), kept.sum())]
        return [Hit(rows[i].segment, float(scores[i])) for i in best]

    def read_videos(self, video_ids: Sequence[str]) -> EmbeddingBatch:
        rows, vectors = self._stacked()
        chosen = frozenset(video_ids)
        numbers = [number for number, row in enumerate(rows) if row.segment.video_id in chosen]
        return in_order([rows[number].segment for number in numbers], vectors[numbers], video_ids)

    def update_video(self, video: Video) -> None:
        with self._lock:
            for key, row in self._rows.items():
                if row.segment.video_id == video.id:
                    self._rows[key] = row._replace(video=video)
            self._table = None

    def remove_video(self, video_id: str) -> None:
        with self._lock:
            kept = {k: row for k, row in self._rows.items() if row.segment.video_id != video_id}
            self._rows, self._table = kept, None

    def video_ids(self) -> set[str]:
        return {row.segment.video_id for row in list(self._rows.values())}

    def count(self) -> int:
        return len(self._rows)

    def commit(self) -> None:
        """Does nothing: there is no faster form."""

    def close(self) -> None:
        with self._lock:
            self._rows, self._table = {}, None

    def _stacked(self) -> tuple[list[_Row], Vectors]:
        """All rows and their vectors, (n, dim)."""
        with self._lock:
            if self._table is None:
                rows = list(self._rows.values())
                vectors = np.array([row.vector for row in rows], np.float32)
                self._table = rows, vectors.reshape(-1, self.spec.dim)
            return self._table
