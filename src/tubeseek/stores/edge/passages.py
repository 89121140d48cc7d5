"""Stores passages in a folder, in Qdrant Edge with one sparse vector each.

Source: https://qdrant.tech/documentation/edge/edge-api/
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from threading import Lock

import qdrant_edge as qe

from tubeseek.core.bm25 import (
    BM25_SPEC,
    document_vector,
    idf_from_hit,
    shares_word,
    store_query,
    term_id,
    terms,
)
from tubeseek.core.filters import Filter
from tubeseek.core.types import Hit, Passage, Video
from tubeseek.stores.edge.config import index_fields
from tubeseek.stores.edge.filter import edge_filter, of_video
from tubeseek.stores.edge.folder import require_room
from tubeseek.stores.edge.points import count_points, scroll, stored_video_ids
from tubeseek.stores.edge.shard import OwnedShard
from tubeseek.stores.payload import (
    READ_FIELDS,
    Condition,
    check_passages,
    conditions_of,
    facts_of,
    in_reading_order,
    passage_from,
    passage_payload,
)

VECTOR = "words"
PASSAGES_PER_CALL = 32  # each call holds the GIL: about 3 ms
WHEN_CLOSED = "its index was being packed; nothing is lost, and the next commit packs it"
MOST_FREQUENCIES = 10_000  # of terms, remembered between searches
BUILD_FROM = 10_000  # so many passages outside the built index make opening take 0.1 s longer
# Counts each term over the passages that are there now. Without a corpus Qdrant goes on counting
# passages that were removed or replaced. 0.8 ms more at 50,000 passages.
EXACT_IDF = qe.SearchParams(idf=qe.IdfParams(corpus=qe.Filter()))


class EdgePassages:
    """Implements `tubeseek.core.protocols.PassageStore`. Many threads may search while one writes.

    Args:
        folder: Where the passages are kept; made if it does not exist.
        build_from: How many passages may be written before `commit` packs the index anew, in
            another process. Until then searches are as exact, but opening the folder takes longer.

    Raises:
        StoreLockedError: Another process has the folder open.
        EncoderMismatchError: The words in the folder were cut into terms in another way.
        StoreError: Anything else that Qdrant Edge or the disk reports.
    """

    def __init__(self, folder: Path, *, build_from: int = BUILD_FROM) -> None:
        self._build_from = build_from
        self._owned = OwnedShard(folder, BM25_SPEC, _create)
        self._idf: dict[str, float] = {}  # of terms that were asked for since the last change
        self._version = 0  # rises with each change
        self._idf_lock = Lock()

    def add(self, passages: Sequence[Passage], payload: Mapping[str, Video]) -> None:
        check_passages(passages, payload)
        points = [_point(p, payload[p.segment.video_id]) for p in passages]
        with self._owned.writing, self._owned.use() as shard:
            self._owned.note_loose(len(points))
            for start in range(0, len(points), PASSAGES_PER_CALL):
                require_room(self._owned.folder)
                batch = points[start : start + PASSAGES_PER_CALL]
                shard.update(qe.UpdateOperation.upsert_points(batch))
        self._forget_frequencies()

    def search(
        self,
        text: str,
        limit: int,
        where: Filter | None = None,
        weights: Mapping[str, float] | None = None,
    ) -> list[Hit]:
        conditions = conditions_of(where)
        if conditions is None or limit < 1:
            return []
        query = store_query(text, weights, self.inverse_document_frequencies)
        hits = self._nearest(query, limit, conditions) if query else []
        return [hit for hit in hits if shares_word(text, hit.text)]

    def inverse_document_frequencies(self, terms: Iterable[str]) -> dict[str, float]:
        unique = set(terms)
        with self._idf_lock:
            version = self._version
            frequencies = {term: self._idf[term] for term in unique & self._idf.keys()}
        for term in unique - frequencies.keys():
            hits = self._nearest({term_id(term): 1.0}, 1, ())
            frequencies[term] = idf_from_hit(term, hits[0]) if hits else 0.0
        with self._idf_lock:
            if version == self._version:
                if len(self._idf) > MOST_FREQUENCIES:
                    self._idf = {}
                self._idf |= frequencies
        return {term: idf for term, idf in frequencies.items() if idf > 0}

    def _nearest(
        self, query: Mapping[int, float], limit: int, conditions: Sequence[Condition]
    ) -> list[Hit]:
        request = qe.QueryRequest(
            query=qe.Query.Nearest(_sparse(query), using=VECTOR),
            filter=edge_filter(conditions),
            limit=limit,
            params=EXACT_IDF,
            with_payload=READ_FIELDS,
        )
        with self._owned.use() as shard:
            points = shard.query(request)
        pairs = [(passage_from(point.payload or {}), point.score) for point in points]
        return [Hit(passage.segment, score, passage.text) for passage, score in pairs]

    def _forget_frequencies(self) -> None:
        with self._idf_lock:
            self._version += 1
            self._idf = {}

    def read_video(self, video_id: str) -> list[Passage]:
        with self._owned.use() as shard:
            pages = list(scroll(shard, of_video(video_id), READ_FIELDS))
        return in_reading_order([passage_from(r.payload or {}) for page in pages for r in page])

    def update_video(self, video: Video) -> None:
        with self._owned.writing, self._owned.use() as shard:
            require_room(self._owned.folder)
            facts = facts_of(video)
            shard.update(qe.UpdateOperation.set_payload_by_filter(of_video(video.id), facts))

    def remove_video(self, video_id: str) -> None:
        with self._owned.writing, self._owned.use() as shard:
            require_room(self._owned.folder)
            shard.update(qe.UpdateOperation.delete_points_by_filter(of_video(video_id)))
        self._forget_frequencies()

    def video_ids(self) -> set[str]:
        with self._owned.use() as shard:
            return stored_video_ids(shard)

    def count(self) -> int:
        with self._owned.use() as shard:
            return count_points(shard)

    def commit(self) -> None:
        """Write all additions to the disk, and pack the index when there are many.

        Searches go on meanwhile; writers wait, some seconds for 50,000 passages.
        """
        with self._owned.writing, self._owned.use():
            self._owned.write_card()
            self._owned.sync()
            if self._owned.card.loose >= self._build_from:
                self._pack()

    def close(self) -> None:
        """Release the folder and stop a running `commit`; closing twice is harmless."""
        self._owned.close()

    def _pack(self) -> None:
        """Pack a copy of the shard in another process, and put it in place."""
        self._owned.require_room_for_copy()
        try:
            packed = self._owned.build(self._owned.copy(), WHEN_CLOSED)
            self._owned.put_in_place(self._owned.card.following, packed)
        finally:
            self._owned.sweep()


def _create(folder: Path) -> qe.EdgeShard:
    """Create an empty shard whose sparse vector is weighted by IDF."""
    config = qe.EdgeConfig(
        sparse_vectors={VECTOR: qe.EdgeSparseVectorParams(modifier=qe.Modifier.Idf)},
        optimizers=qe.EdgeOptimizersConfig(default_segment_number=1, indexing_threshold=1_000),
        wal_enabled=True,  # without it there is no lock, and acknowledged points can be lost
    )
    shard = qe.EdgeShard.create(str(folder), config)
    index_fields(shard)
    return shard


def _point(passage: Passage, video: Video) -> qe.Point:
    """Return the point of a passage; without any word it has no vector and counts in no IDF."""
    weights = document_vector(terms(passage.text))
    vector: dict[str, qe.SparseVector | list[float] | list[list[float]]] = {}
    if weights:
        vector[VECTOR] = _sparse(weights)
    return qe.Point(str(passage.segment.id), vector, passage_payload(passage, video))


def _sparse(weights: Mapping[int, float]) -> qe.SparseVector:
    return qe.SparseVector(list(weights), list(weights.values()))
