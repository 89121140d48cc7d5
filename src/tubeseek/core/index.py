"""Pairs an encoder with the store of its vectors: what can be filled and searched."""

from collections.abc import Mapping, Sequence

import numpy as np

from tubeseek.core.errors import EncoderMismatchError
from tubeseek.core.filters import Filter, matches_moment
from tubeseek.core.protocols import Encoder, VectorStore
from tubeseek.core.types import (
    EmbeddingBatch,
    EncoderSpec,
    Frames,
    Hit,
    Passage,
    Query,
    Segment,
    Vector,
    Vectors,
    Video,
)


class Index:
    """Fills and searches one store with one encoder.

    Raises:
        EncoderMismatchError: The store was filled by another encoder or other weights.
    """

    def __init__(self, encoder: Encoder, store: VectorStore) -> None:
        if not store.spec.same_space(encoder.spec):
            raise EncoderMismatchError(
                f"this index was made by {_name(store.spec)}, but the encoder is now "
                f"{_name(encoder.spec)}; their vectors cannot be compared. Run `tubeseek index` to "
                "make an index for it, or name the old encoder with --encoder"
            )
        self._encoder, self.store = encoder, store

    @property
    def spec(self) -> EncoderSpec:
        return self._encoder.spec

    def add(
        self, segments: Sequence[Segment], clips: Sequence[Frames], videos: Mapping[str, Video]
    ) -> None:
        """Encode clips[i] as the vector of segments[i] and store it; durable on return."""
        batch = EmbeddingBatch(segments, self._encoder.encode_clips(clips))
        self.store.add(batch, videos)

    def add_passages(self, passages: Sequence[Passage], videos: Mapping[str, Video]) -> None:
        """Encode and store passages; durable on return."""
        vectors = self._encoder.encode_texts([passage.text for passage in passages])
        self.store.add(EmbeddingBatch([p.segment for p in passages], vectors), videos)

    def vector(self, query: Query) -> Vector:
        """Return the vector of a query.

        Args:
            query: A sentence, a picture (1, height, width, 3) uint8, or a vector (dim,), which is
                returned as float32.

        Returns:
            (dim,) float32 of unit length.
        """
        if isinstance(query, str):
            return _row(self._encoder.encode_texts([query]))
        if query.ndim == 1:
            return query.astype(np.float32, copy=False)
        # An encoder of many frames sees a still as a clip in which nothing moves.
        clip = np.repeat(query.astype(np.uint8, copy=False), self.spec.frames, axis=0)
        return _row(self._encoder.encode_clips([clip]))

    def text_vectors(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of sentences: (len(texts), dim) float32, rows of unit length."""
        return self._encoder.encode_texts(texts)

    def search(self, query: Query, limit: int, where: Filter | None = None) -> list[Hit]:
        """Return the `limit` segments nearest to a query, best first."""
        return self.store.search(self.vector(query), limit, where)

    def vectors_by_video(
        self, video_ids: Sequence[str], where: Filter | None = None
    ) -> dict[str, Vectors]:
        """Return the vectors of each of these videos, (n, dim), in one read.

        Args:
            video_ids: The videos; the result has them in this order.
            where: Only segments that meet its conditions on moments are returned; None: all.
        """
        batch = self.store.read_videos(video_ids)
        rows: dict[str, list[int]] = {video_id: [] for video_id in video_ids}
        for row, segment in enumerate(batch.segments):
            if where is None or matches_moment(where, segment):
                rows[segment.video_id].append(row)
        return {video_id: batch.vectors[numbers] for video_id, numbers in rows.items()}

    def mean_of_video(self, video_id: str) -> Vector | None:
        """Return the mean direction of a video's segments; None for a video without any."""
        vectors = self.store.read_videos([video_id]).vectors  # (segments, dim)
        if not len(vectors):
            return None
        mean = vectors.mean(axis=0)
        length = float(np.linalg.norm(mean))
        if length == 0:  # its segments point opposite ways
            return _row(vectors)
        unit: Vector = (mean / length).astype(np.float32)
        return unit


def _row(vectors: Vectors) -> Vector:
    row: Vector = vectors[0]
    return row


def _name(spec: EncoderSpec) -> str:
    return f"{spec.name} ({spec.fingerprint}, {spec.dim} dimensions, {spec.frames} frames)"
