"""Puts the pages of points that a Qdrant store reads into one batch, in order."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np

from tubeseek.core.types import EmbeddingBatch, Segment, SegmentKind, Vectors
from tubeseek.stores.payload import Payload, segment_from

# Each page looks up all points that pass the filter: with all videos in one filter, the work would
# grow with the square of their number.
VIDEOS_PER_FILTER = 64
_KINDS = {kind: place for place, kind in enumerate(SegmentKind)}


class Record(Protocol):
    """A point as the client of a store returns it."""

    @property
    def payload(self) -> Payload | None: ...

    @property
    def vector(self) -> Any: ...


def by_filter(video_ids: Iterable[str]) -> Iterator[list[str]]:
    """Yield each video once, in groups for one filter each."""
    ids = list(dict.fromkeys(video_ids))
    for start in range(0, len(ids), VIDEOS_PER_FILTER):
        yield ids[start : start + VIDEOS_PER_FILTER]


def batch_of(
    pages: Iterable[Sequence[Record]], video_ids: Iterable[str], dim: int
) -> EmbeddingBatch:
    """Return points that come in any order as the batch that `read_videos` promises."""
    segments: list[Segment] = []
    rows = [np.empty((0, dim), np.float32)]
    for page in pages:
        # An array at once: as Python's numbers, a vector takes eight times the room.
        segments += [segment_from(record.payload or {}) for record in page]
        rows.append(np.array([record.vector for record in page], np.float32).reshape(-1, dim))
    return in_order(segments, np.concatenate(rows), video_ids)


def in_order(
    segments: Sequence[Segment], vectors: Vectors, video_ids: Iterable[str]
) -> EmbeddingBatch:
    """Sort by video in the order of `video_ids`, then by kind, time and track."""
    places = {video_id: place for place, video_id in enumerate(dict.fromkeys(video_ids))}

    def key(row: int) -> tuple[int, int, float, float, str]:
        s = segments[row]
        return places[s.video_id], _KINDS[s.kind], s.start, s.end, s.track

    order = sorted(range(len(segments)), key=key)
    return EmbeddingBatch([segments[row] for row in order], vectors[order])
