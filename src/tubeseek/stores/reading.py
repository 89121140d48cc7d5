"""Segments of several videos as a Qdrant store reads them back: in pages, as one batch in order."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np

from tubeseek.core.types import EmbeddingBatch, Segment, SegmentKind, Vectors
from tubeseek.stores.payload import Payload, segment_from

# That one filter names. Each page looks up all points that pass: with all videos in one filter, the
# work would grow with the square of their number.
VIDEOS_PER_FILTER = 64
_KINDS = {kind: place for place, kind in enumerate(SegmentKind)}


class Record(Protocol):
    """A point as it was read."""

    @property
    def payload(self) -> Payload | None: ...

    @property
    def vector(self) -> Any: ...


def by_filter(video_ids: Iterable[str]) -> Iterator[list[str]]:
    """Each video once, as many together as one filter should name."""
    ids = list(dict.fromkeys(video_ids))
    for start in range(0, len(ids), VIDEOS_PER_FILTER):
        yield ids[start : start + VIDEOS_PER_FILTER]


def batch_of(
    pages: Iterable[Sequence[Record]], video_ids: Iterable[str], dim: int
) -> EmbeddingBatch:
    """The points of some videos, in whatever order they come, as `read_videos` promises them."""
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
    """Sorted by video as given, then by kind, then by time, those of one time by track."""
    places = {video_id: place for place, video_id in enumerate(dict.fromkeys(video_ids))}

    def key(row: int) -> tuple[int, int, float, float, str]:
        one = segments[row]
        return places[one.video_id], _KINDS[one.kind], one.start, one.end, one.track

    order = sorted(range(len(segments)), key=key)
    return EmbeddingBatch([segments[row] for row in order], vectors[order])
