"""An encoder with the store of its vectors: the unit that can be filled and searched."""

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
                f"this index was made by {_name(store.spec)}, the encoder at hand is "
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
        """Encodes clips[i] as the vector of segments[i] and stores it; durable when it returns."""
        batch = EmbeddingBatch(segments, self._encoder.encode_clips(clips))
        self.store.add(batch, videos)

    def add_passages(self, passages: Sequence[Passage], videos: Mapping[str, Video]) -> None:
        """Encodes and stores words; durable when it returns."""
        vectors = self._encoder.encode_texts([passage.text for passage in passages])
        self.store.add(EmbeddingBatch([p.segment for p in passages], vectors), videos)

    def vector(self, query: Query) -> Vector:
        """The point in the encoder's space that a query means.

        Args:
            query: A sentence, a picture (1, height, width, 3) uint8, or a vector as it is.

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
        """The points that sentences mean: (len(texts), dim) float32, rows of unit length."""
        return self._encoder.encode_texts(texts)

    def search(self, query: Query, limit: int, where: Filter | None = None) -> list[Hit]:
        """The `limit` segments nearest to a query, best first."""
        return self.store.search(self.vector(query), limit, where)

    def vectors_by_video(
        self, video_ids: Sequence[str], where: Filter | None = None
    ) -> dict[str, Vectors]:
        """The vectors of each of these videos, (n, dim), read together.

        Args:
            video_ids: In the order of what is returned.
            where: Of a video, the segments that begin in the time that this names; None: all.
        """
        batch = self.store.read_videos(video_ids)
        rows: dict[str, list[int]] = {video_id: [] for video_id in video_ids}
        for row, segment in enumerate(batch.segments):
            if where is None or matches_moment(where, segment):
                rows[segment.video_id].append(row)
        return {video_id: batch.vectors[found] for video_id, found in rows.items()}

    def mean_of_video(self, video_id: str) -> Vector | None:
        """The direction that all segments of a video share; None for a video without any."""
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
