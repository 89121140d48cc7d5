"""The embedded store: Qdrant Edge, in this process, in one folder that one process may open.

Source: https://qdrant.tech/documentation/edge/edge-api/
"""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from subprocess import Popen
from threading import Lock

import numpy as np
import qdrant_edge as qe

from tubeseek.errors import StoreError
from tubeseek.records import EmbeddingBatch, EncoderSpec, Filter, Hit, Vector, Video
from tubeseek.stores.checks import check_batch, check_query, check_spec
from tubeseek.stores.edge_build import finish_build, start_build
from tubeseek.stores.edge_config import create_shard
from tubeseek.stores.edge_filter import edge_filter, of_video
from tubeseek.stores.edge_folder import (
    Card,
    copy_shard,
    edge_errors,
    own,
    read_card,
    require_room,
    sweep,
    sync_all,
    write_card,
)
from tubeseek.stores.edge_points import count_points, in_steps, points_of, replay, scroll
from tubeseek.stores.edge_search import search_params
from tubeseek.stores.payload import (
    SEGMENT_FIELDS,
    conditions_of,
    facts_of,
    reading_order,
    segment_from,
)

SCANNED_VALUES = 50_000_000  # 97,656 vectors of 512 dimensions: one exact search takes 10 ms
SCANNED_FILTERED = 4  # a point that a filter must look at takes about four times as long
FEW_VIDEOS = 100  # so many are brought over while writers wait


class EdgeStore:
    """Implements `tubeseek.ports.VectorStore`. Many threads may search while one writes.

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
        self._folder = folder
        self._hnsw_from = SCANNED_VALUES // spec.dim if hnsw_from is None else hnsw_from
        self._writing = Lock()
        self._committing = Lock()  # taken before _writing
        self._changed: set[str] | None = None  # videos written since a running build was begun
        self._build: Popen[bytes] | None = None
        self._closing = False
        self._lock = own(folder)
        try:
            self._card = read_card(folder) or self._begin(spec)
            check_spec(self._card.spec, spec, str(folder))
            with edge_errors(folder):
                sweep(folder)
                require_room(folder)
                shard = qe.EdgeShard.load(str(folder / self._card.shard))
                outside = count_points(shard) - shard.info().indexed_vectors_count
            # The card may be older than the last writes, if the program was killed.
            self._card = replace(self._card, loose=max(self._card.loose, outside))
        except BaseException:
            self._lock.release()
            raise
        self._shard: qe.EdgeShard | None = shard

    @property
    def spec(self) -> EncoderSpec:
        return self._card.spec

    def add(self, batch: EmbeddingBatch, payload: Mapping[str, Video]) -> None:
        check_batch(self.spec, batch, payload)
        points = points_of(batch, payload)
        with self._writing, edge_errors(self._folder):
            shard = self._open_shard()
            self._note({s.video_id for s in batch.segments}, len(points))
            for operation in in_steps(points, self.spec.dim):
                require_room(self._folder)
                shard.update(operation)

    def search(self, vector: Vector, limit: int, where: Filter | None = None) -> list[Hit]:
        check_query(self.spec, vector)
        conditions = conditions_of(where)
        if conditions is None or limit < 1:
            return []
        wanted = edge_filter(conditions)
        with edge_errors(self._folder):
            shard = self._open_shard()
            request = qe.QueryRequest(
                query=qe.Query.Nearest(vector.tolist()),
                filter=wanted,
                limit=limit,
                params=search_params(shard, wanted, self._hnsw_from // SCANNED_FILTERED),
                with_payload=SEGMENT_FIELDS,
            )
            found = shard.query(request)
        return [Hit(segment_from(p.payload or {}), p.score) for p in found]

    def read_video(self, video_id: str) -> EmbeddingBatch:
        with edge_errors(self._folder):
            records = scroll(self._open_shard(), of_video(video_id))
        rows = [(segment_from(r.payload or {}), r.vector) for r in records]
        rows.sort(key=lambda row: reading_order(row[0]))
        vectors = np.array([vector for _, vector in rows], np.float32)
        return EmbeddingBatch([s for s, _ in rows], vectors.reshape(-1, self.spec.dim))

    def update_video(self, video: Video) -> None:
        same = of_video(video.id)
        with self._writing, edge_errors(self._folder):
            shard = self._open_shard()
            self._note({video.id}, count_points(shard, same))
            require_room(self._folder)
            shard.update(qe.UpdateOperation.set_payload_by_filter(same, facts_of(video)))

    def remove_video(self, video_id: str) -> None:
        with self._writing, edge_errors(self._folder):
            shard = self._open_shard()
            self._note({video_id}, 0)
            require_room(self._folder)
            shard.update(qe.UpdateOperation.delete_points_by_filter(of_video(video_id)))

    def count(self) -> int:
        with edge_errors(self._folder):
            return count_points(self._open_shard())

    def indexed_count(self) -> int:
        """How many segments the search graph holds, among them ones removed since."""
        with edge_errors(self._folder):
            return self._open_shard().info().indexed_vectors_count

    def commit(self) -> None:
        """Brings all additions onto the disk, and builds the graph when it would speed up search.

        Until this returns, additions survive a killed program but not a power cut.
        """
        with self._committing, edge_errors(self._folder):
            with self._writing:
                self._open_shard()
                write_card(self._folder, self._card)
            # Not flush(): that holds the GIL for half a second.
            sync_all(self._folder / self._card.shard)
            if self._card.loose >= self._hnsw_from:
                self._rebuild()

    def close(self) -> None:
        """Gives the folder back, breaking off a running `commit`; closing twice is harmless."""
        self._closing = True
        build = self._build
        if build is not None:
            build.kill()
        with self._committing, self._writing, edge_errors(self._folder), ExitStack() as last:
            shard, self._shard = self._shard, None
            if shard is not None:
                last.callback(self._lock.release)
                last.callback(shard.close)
                write_card(self._folder, self._card)

    def _rebuild(self) -> None:
        """Builds the graph in a copy of the shard, brings over what changed, puts it in place."""
        require_room(self._folder, for_copies_of=self._folder / self._card.shard)
        try:
            with self._writing:  # a copy made while something is written would not be whole
                old, before = self._open_shard(), self._card
                self._changed = set()
                folder = self._folder / before.following.shard
                copy_shard(self._folder / before.shard, folder)
            self._run_build(folder)
            sync_all(folder)  # else loading waits for the disk, and holds the GIL meanwhile
            new = qe.EdgeShard.load(str(folder))
            while len(self._changed or ()) > FEW_VIDEOS:
                with self._writing:
                    changed = self._take_changed()
                replay(old, new, changed, self.spec.dim)
            with self._writing:
                replay(old, new, self._take_changed(), self.spec.dim)
                sync_all(folder)
                loose = self._card.loose - before.loose
                self._put_in_place(replace(before.following, loose=loose), new)
        finally:
            self._changed = None
            # A searcher may still be about to ask the old shard; it closes when the last lets go.
            sweep(self._folder)

    def _put_in_place(self, card: Card, shard: qe.EdgeShard) -> None:
        try:
            write_card(self._folder, card)
        finally:  # whatever came in between, Ctrl-C say: the card on the disk decides
            if read_card(self._folder) == card:
                self._card, self._shard = card, shard

    def _run_build(self, folder: Path) -> None:
        self._build = start_build(folder)
        try:
            if self._closing:  # between the two lines above
                self._build.kill()
            finish_build(self._build)
        except StoreError as error:
            if not self._closing:
                raise
            raise StoreError(
                f"{self._folder} was closed while its search graph was being built; "
                "nothing is lost, and the next commit builds it"
            ) from error
        finally:
            self._build = None

    def _note(self, video_ids: set[str], points: int) -> None:
        """Notes what is about to be written, for a running build and for the next one.

        Whenever any fact of a point is written, the point moves out of the graph.
        """
        if self._changed is not None:
            self._changed |= video_ids
        self._card = replace(self._card, loose=self._card.loose + points)

    def _take_changed(self) -> set[str]:
        changed, self._changed = self._changed or set(), set()
        return changed

    def _begin(self, spec: EncoderSpec) -> Card:
        card = Card(spec, generation=1, loose=0)
        with edge_errors(self._folder):
            sweep(self._folder)
            require_room(self._folder)
            create_shard(self._folder / card.shard, spec).close()
            write_card(self._folder, card)
        return card

    def _open_shard(self) -> qe.EdgeShard:
        """The shard that counts now. Take it once for each call: `commit` puts another in place."""
        if self._shard is None:
            raise StoreError(f"{self._folder} was closed; open the store again")
        return self._shard
