"""The embedded store: Qdrant Edge, in this process, in one folder that one process may open.

Source: https://qdrant.tech/documentation/edge/edge-api/
"""

from collections.abc import Mapping
from pathlib import Path
from threading import Lock

import numpy as np
import qdrant_edge as qe

from tubeseek.errors import StoreError
from tubeseek.records import EmbeddingBatch, EncoderSpec, Filter, Hit, Vector, Video
from tubeseek.stores.checks import check_batch, check_query, check_spec
from tubeseek.stores.edge_config import create_shard
from tubeseek.stores.edge_filter import edge_filter, of_video
from tubeseek.stores.edge_folder import (
    SHARD,
    Card,
    edge_errors,
    own,
    read_card,
    sweep,
    write_card,
)
from tubeseek.stores.payload import (
    conditions_of,
    facts_of,
    payload_of,
    reading_order,
    segment_from,
)

HNSW_FROM = 100_000  # segments; scanning so many vectors of 512 dimensions takes 9 ms
VALUES_PER_CALL = 64 * 1024  # every call holds the GIL: 128 points of 512 take about 4 ms
READ_PER_CALL = 256
SEARCH = qe.SearchParams(
    hnsw_ef=64, quantization=qe.QuantizationSearchParams(rescore=True, oversampling=2.0)
)


class EdgeStore:
    """Implements `tubeseek.ports.VectorStore`. Many threads may search while one writes.

    Args:
        folder: Where the vectors are kept; made if it does not exist.
        spec: The encoder. A folder that exists must hold vectors of the same space.
        hnsw_from: How many segments may stand outside the graph before `commit` builds it.

    Raises:
        StoreLockedError: Another process has the folder open.
        EncoderMismatchError: The folder holds vectors of another encoder.
        StoreError: Anything else that Qdrant Edge or the disk reports.
    """

    def __init__(self, folder: Path, spec: EncoderSpec, *, hnsw_from: int = HNSW_FROM) -> None:
        self._folder = folder
        self._hnsw_from = hnsw_from
        self._writing = Lock()
        self._lock = own(folder)
        try:
            self._card = read_card(folder) or self._begin(spec)
            check_spec(self._card.spec, spec, str(folder))
            with edge_errors(folder):
                sweep(folder, keep=self._card.shard)
                self._shard: qe.EdgeShard | None = qe.EdgeShard.load(str(folder / self._card.shard))
        except BaseException:
            self._lock.release()
            raise

    @property
    def spec(self) -> EncoderSpec:
        return self._card.spec

    def add(self, batch: EmbeddingBatch, payload: Mapping[str, Video]) -> None:
        check_batch(self.spec, batch, payload)
        step = max(1, VALUES_PER_CALL // self.spec.dim)
        with self._writing, edge_errors(self._folder):
            for start in range(0, len(batch.segments), step):
                points = [
                    qe.Point(str(s.id), v.tolist(), payload_of(s, payload[s.video_id]))
                    for s, v in zip(
                        batch.segments[start : start + step],
                        batch.vectors[start : start + step],
                        strict=True,
                    )
                ]
                self._open_shard().update(qe.UpdateOperation.upsert_points(points))

    def search(self, vector: Vector, limit: int, where: Filter | None = None) -> list[Hit]:
        check_query(self.spec, vector)
        conditions = conditions_of(where)
        if conditions is None or limit < 1:
            return []
        request = qe.QueryRequest(
            query=qe.Query.Nearest(vector.tolist()),
            filter=edge_filter(conditions),
            limit=limit,
            params=SEARCH,
            with_payload=["video_id", "kind", "start", "end"],
        )
        with edge_errors(self._folder):
            found = self._open_shard().query(request)
        return [Hit(segment_from(p.payload or {}), p.score) for p in found]

    def read_video(self, video_id: str) -> EmbeddingBatch:
        with edge_errors(self._folder):
            records = scroll(self._open_shard(), of_video(video_id))
        rows = [(segment_from(r.payload or {}), r.vector) for r in records]
        rows.sort(key=lambda row: reading_order(row[0]))
        vectors = np.array([vector for _, vector in rows], np.float32)
        return EmbeddingBatch([s for s, _ in rows], vectors.reshape(-1, self.spec.dim))

    def update_video(self, video: Video) -> None:
        with self._writing, edge_errors(self._folder):
            self._open_shard().update(
                qe.UpdateOperation.set_payload_by_filter(of_video(video.id), facts_of(video))
            )

    def remove_video(self, video_id: str) -> None:
        with self._writing, edge_errors(self._folder):
            self._open_shard().update(
                qe.UpdateOperation.delete_points_by_filter(of_video(video_id))
            )

    def count(self) -> int:
        with edge_errors(self._folder):
            return int(self._open_shard().count(qe.CountRequest(exact=True)))

    def commit(self) -> None:
        with self._writing, edge_errors(self._folder):
            self._open_shard().flush()

    def close(self) -> None:
        """Gives the folder back; closing twice is harmless."""
        with self._writing, edge_errors(self._folder):
            if self._shard is not None:
                self._shard.close()
            self._shard = None
            self._lock.release()

    def _begin(self, spec: EncoderSpec) -> Card:
        card = Card(spec, generation=1)
        with edge_errors(self._folder):
            sweep(self._folder, keep=None)
            create_shard(self._folder / f"{SHARD}1", spec).close()
            write_card(self._folder, card)
        return card

    def _open_shard(self) -> qe.EdgeShard:
        """The shard that counts now. Take it once for each call: `commit` puts another in place."""
        if self._shard is None:
            raise StoreError(f"{self._folder} was closed; open the store again")
        return self._shard


def scroll(shard: qe.EdgeShard, where: qe.Filter) -> list[qe.Record]:
    """All points that pass, with payload and vector."""
    found: list[qe.Record] = []
    offset = None
    while True:
        request = qe.ScrollRequest(
            offset=offset, limit=READ_PER_CALL, filter=where, with_payload=True, with_vector=True
        )
        records, offset = shard.scroll(request)
        found += records
        if offset is None:
            return found
