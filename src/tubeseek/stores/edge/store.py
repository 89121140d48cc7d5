"""Stores vectors in Qdrant Edge, in one folder that one process may open.

Source: https://qdrant.tech/documentation/edge/edge-api/
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import qdrant_edge as qe

from tubeseek.core.filters import Filter
from tubeseek.core.types import EmbeddingBatch, EncoderSpec, Hit, Vector, Video
from tubeseek.stores.edge.config import create_shard, search_params
from tubeseek.stores.edge.filter import edge_filter, of_video, of_videos
from tubeseek.stores.edge.folder import require_room, sync_all
from tubeseek.stores.edge.points import (
    count_points,
    in_steps,
    points_of,
    replay,
    scroll,
    stored_video_ids,
)
from tubeseek.stores.edge.shard import OwnedShard
from tubeseek.stores.payload import (
    SEGMENT_FIELDS,
    check_batch,
    check_query,
    conditions_of,
    facts_of,
    segment_from,
)
from tubeseek.stores.reading import batch_of, by_filter

SCANNED_VALUES = 50_000_000  # 97,656 vectors of 512 dimensions: one exact search takes 10 ms
SCANNED_FILTERED = 4  # a point that a filter must look at takes about four times as long
FEW_VIDEOS = 100  # so many are brought over while writers wait
WHEN_CLOSED = "its search graph was being built; nothing is lost, and the next commit builds it"


class EdgeStore:
    """Implements `tubeseek.core.protocols.VectorStore`. Many threads may search while one writes.

    Args:
        folder: Where the vectors are kept; made if it does not exist.
        spec: The encoder. A folder that exists must hold vectors of the same space.
        hnsw_from: How many segments may stand outside the graph before `commit` builds it anew;
            below, search is exact. By default what can be scanned in about 10 ms.

    Raises:
        StoreLockedError: Another process has the folder open.
        EncoderMismatchError: The folder holds vectors of another encoder.
        StoreError: Anything else that Qdrant Edge or the disk reports.
    """

    def __init__(self, folder: Path, spec: EncoderSpec, *, hnsw_from: int | None = None) -> None:
        self._hnsw_from = SCANNED_VALUES // spec.dim if hnsw_from is None else hnsw_from
        self._changed: set[str] | None = None  # videos written since a running build was begun
        create = partial(create_shard, spec=spec)
        self._owned = OwnedShard(folder, spec, create, _outside_the_graph)

    @property
    def spec(self) -> EncoderSpec:
        return self._owned.card.spec

    def add(self, batch: EmbeddingBatch, payload: Mapping[str, Video]) -> None:
        check_batch(self.spec, batch, payload)
        points = points_of(batch, payload)
        with self._owned.writing, self._owned.use() as shard:
            self._note({s.video_id for s in batch.segments}, len(points))
            for operation in in_steps(points, self.spec.dim):
                require_room(self._owned.folder)
                shard.update(operation)

    def search(self, vector: Vector, limit: int, where: Filter | None = None) -> list[Hit]:
        check_query(self.spec, vector)
        conditions = conditions_of(where)
        if conditions is None or limit < 1:
            return []
        filters = edge_filter(conditions)
        with self._owned.use() as shard:
            request = qe.QueryRequest(
                query=qe.Query.Nearest(vector.tolist()),
                filter=filters,
                limit=limit,
                params=search_params(shard, filters, self._hnsw_from // SCANNED_FILTERED),
                with_payload=SEGMENT_FIELDS,
            )
            points = shard.query(request)
        return [Hit(segment_from(p.payload or {}), p.score) for p in points]

    def read_videos(self, video_ids: Sequence[str]) -> EmbeddingBatch:
        with self._owned.use() as shard:
            pages = (
                page
                for group in by_filter(video_ids)
                for page in scroll(shard, of_videos(group), SEGMENT_FIELDS)
            )
            return batch_of(pages, video_ids, self.spec.dim)

    def update_video(self, video: Video) -> None:
        same = of_video(video.id)
        with self._owned.writing, self._owned.use() as shard:
            self._note({video.id}, count_points(shard, same))
            require_room(self._owned.folder)
            shard.update(qe.UpdateOperation.set_payload_by_filter(same, facts_of(video)))

    def remove_video(self, video_id: str) -> None:
        with self._owned.writing, self._owned.use() as shard:
            self._note({video_id}, 0)
            require_room(self._owned.folder)
            shard.update(qe.UpdateOperation.delete_points_by_filter(of_video(video_id)))

    def video_ids(self) -> set[str]:
        with self._owned.use() as shard:
            return stored_video_ids(shard)

    def count(self) -> int:
        with self._owned.use() as shard:
            return count_points(shard)

    def indexed_count(self) -> int:
        """Return how many segments the search graph holds, including removed ones."""
        with self._owned.use() as shard:
            return shard.info().indexed_vectors_count

    def commit(self) -> None:
        """Write all additions to the disk, and build the graph when it would speed up search.

        Until this returns, additions survive a killed program but not a power cut.
        """
        with self._owned.committing, self._owned.use() as shard:
            with self._owned.writing:
                self._owned.write_card()
            self._owned.sync()
            if self._owned.card.loose >= self._hnsw_from:
                self._rebuild(shard)

    def close(self) -> None:
        """Release the folder and stop a running `commit`; closing twice is harmless."""
        self._owned.close()

    def _rebuild(self, old: qe.EdgeShard) -> None:
        """Build the graph in a copy of the shard, bring over what changed, put it in place."""
        owned, dim = self._owned, self.spec.dim
        owned.require_room_for_copy()
        try:
            with owned.writing:  # a copy made while something is written would not be whole
                before = owned.card
                self._changed = set()
                folder = owned.copy()
            new = owned.build(folder, WHEN_CLOSED)
            while len(self._changed or ()) > FEW_VIDEOS:
                with owned.writing:
                    changed = self._take_changed()
                replay(old, new, changed, dim)
            with owned.writing:
                replay(old, new, self._take_changed(), dim)
                sync_all(folder)
                loose = owned.card.loose - before.loose
                owned.put_in_place(replace(before.following, loose=loose), new)
        finally:
            self._changed = None
            owned.sweep()

    def _note(self, video_ids: set[str], points: int) -> None:
        """Note what is about to be written, for a running build and for the next one.

        Whenever any fact of a point is written, the point moves out of the graph.
        """
        if self._changed is not None:
            self._changed |= video_ids
        self._owned.note_loose(points)

    def _take_changed(self) -> set[str]:
        changed, self._changed = self._changed or set(), set()
        return changed


def _outside_the_graph(shard: qe.EdgeShard) -> int:
    return count_points(shard) - shard.info().indexed_vectors_count
