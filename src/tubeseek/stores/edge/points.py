"""Writes, reads and copies points of Qdrant Edge shards.

Every call holds the GIL for as long as it runs, so each takes only as much as keeps a searcher in
another thread waiting for a few milliseconds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import qdrant_edge as qe

from tubeseek.core.types import EmbeddingBatch, Video
from tubeseek.stores.edge.filter import of_video
from tubeseek.stores.payload import payload_of

VALUES_PER_CALL = 32 * 1024  # 64 points of 512 dimensions take about 3 ms
READ_PER_CALL = 256


def points_of(batch: EmbeddingBatch, payload: Mapping[str, Video]) -> list[qe.Point]:
    """Return the point of each segment."""
    return [
        qe.Point(str(segment.id), vector.tolist(), payload_of(segment, payload[segment.video_id]))
        for segment, vector in zip(batch.segments, batch.vectors, strict=True)
    ]


def in_steps(points: Sequence[qe.Point], dim: int) -> Iterator[qe.UpdateOperation]:
    """Yield the writes of these points; each is in the log when `update` returns."""
    step = max(1, VALUES_PER_CALL // dim)
    for start in range(0, len(points), step):
        yield qe.UpdateOperation.upsert_points(list(points[start : start + step]))


def count_points(shard: qe.EdgeShard, where: qe.Filter | None = None) -> int:
    """Return how many points there are, or pass a filter."""
    # Not info().points_count, which may count a point twice after a crash.
    return shard.count(qe.CountRequest(filter=where, exact=True))


def stored_video_ids(shard: qe.EdgeShard) -> set[str]:
    """Return the videos that have any point."""
    most = max(1, count_points(shard))
    facet = shard.facet(qe.FacetRequest(key="video_id", limit=most, exact=True))
    return {str(hit.value) for hit in facet.hits if hit.count}


def scroll(
    shard: qe.EdgeShard, where: qe.Filter, fields: bool | list[str] = True
) -> Iterator[list[qe.Record]]:
    """Yield all points that pass, page by page, with vector and these payload fields."""
    offset = None
    while True:
        request = qe.ScrollRequest(
            offset=offset, limit=READ_PER_CALL, filter=where, with_payload=fields, with_vector=True
        )
        records, offset = shard.scroll(request)
        yield records
        if offset is None:
            return


def replay(source: qe.EdgeShard, target: qe.EdgeShard, video_ids: Iterable[str], dim: int) -> None:
    """Make these videos in `target` what they are in `source`: added, changed or gone."""
    for video_id in video_ids:
        records = [record for page in scroll(source, of_video(video_id)) for record in page]
        target.update(qe.UpdateOperation.delete_points_by_filter(of_video(video_id)))
        points = [qe.Point(r.id, r.vector or [], r.payload) for r in records]
        for operation in in_steps(points, dim):
            target.update(operation)
