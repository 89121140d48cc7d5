"""Stores vectors in a collection on a Qdrant server, which many processes may use at once.

Source: https://qdrant.tech/documentation/manage-data/collections/
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from qdrant_client import QdrantClient, models

from tubeseek.core.errors import StoreError
from tubeseek.core.filters import Filter
from tubeseek.core.types import EmbeddingBatch, EncoderSpec, Hit, Vector, Video
from tubeseek.stores.payload import (
    SEGMENT_FIELDS,
    check_batch,
    check_query,
    check_spec,
    conditions_of,
    payload_of,
    segment_from,
)
from tubeseek.stores.reading import batch_of, by_filter
from tubeseek.stores.server.collection import Collection, collection_name, connect, server_errors


def drop_collection(url: str, spec: EncoderSpec, api_key: str | None = None) -> None:
    """Delete the collection of an encoder, for every library that uses the server.

    Raises:
        StoreUnavailableError: The server cannot be reached.
        StoreError: It refuses.
    """
    client = connect(url, api_key)
    try:
        with server_errors(url):
            client.delete_collection(collection_name(spec))
    finally:
        client.close()


class ServerStore:
    """Implements `tubeseek.core.protocols.VectorStore`.

    Args:
        url: The server's, as `tubeseek.stores.factory.server_url` returns it.
        spec: The encoder; the collection that holds its vectors is made if it does not exist.
        api_key: What the server asks for, if it does.
        client: A client to use in place of a new one; `url` then only stands in messages.

    Raises:
        StoreUnavailableError: The server cannot be reached.
        EncoderMismatchError: The collection holds vectors of another encoder.
        StoreError: The server refuses.
    """

    def __init__(
        self,
        url: str,
        spec: EncoderSpec,
        *,
        api_key: str | None = None,
        client: QdrantClient | None = None,
    ) -> None:
        name = collection_name(spec)
        client = client or connect(url, api_key)
        self._collection = Collection(client, url, name, partial(_create, name=name, spec=spec))
        where = f"collection {name} at {url}"
        try:
            self.spec = _kept_spec(self._collection.metadata, where)
            check_spec(self.spec, spec, where)
        except BaseException:
            self._collection.close()
            raise

    def add(self, batch: EmbeddingBatch, payload: Mapping[str, Video]) -> None:
        check_batch(self.spec, batch, payload)
        points = [
            models.PointStruct(
                id=str(segment.id),
                vector=vector.tolist(),
                payload=payload_of(segment, payload[segment.video_id]),
            )
            for segment, vector in zip(batch.segments, batch.vectors, strict=True)
        ]
        self._collection.add(points)

    def search(self, vector: Vector, limit: int, where: Filter | None = None) -> list[Hit]:
        check_query(self.spec, vector)
        conditions = conditions_of(where)
        if conditions is None or limit < 1:
            return []
        points = self._collection.search(vector.tolist(), limit, conditions, SEGMENT_FIELDS)
        return [Hit(segment_from(p.payload or {}), p.score) for p in points]

    def read_videos(self, video_ids: Sequence[str]) -> EmbeddingBatch:
        pages = (
            page
            for group in by_filter(video_ids)
            for page in self._collection.scroll(group, SEGMENT_FIELDS, with_vectors=True)
        )
        return batch_of(pages, video_ids, self.spec.dim)

    def update_video(self, video: Video) -> None:
        self._collection.update_video(video)

    def remove_video(self, video_id: str) -> None:
        self._collection.remove_video(video_id)

    def video_ids(self) -> set[str]:
        return self._collection.video_ids()

    def count(self) -> int:
        return self._collection.count()

    def commit(self) -> None:
        """Do nothing: the server makes additions durable and optimises by itself."""

    def close(self) -> None:
        self._collection.close()


def _create(client: QdrantClient, name: str, spec: EncoderSpec) -> None:
    vectors = models.VectorParams(size=spec.dim, distance=models.Distance.DOT)
    metadata = {"encoder": asdict(spec) | {"languages": list(spec.languages)}}
    client.create_collection(name, vectors, metadata=metadata)


def _kept_spec(metadata: Mapping[str, Any], where: str) -> EncoderSpec:
    """Return the encoder that a collection's metadata name."""
    kept = metadata.get("encoder")
    if kept is None:
        raise StoreError(
            f"{where} does not say which encoder it belongs to: "
            "it was not made by tubeseek, or the server is older than Qdrant 1.16; "
            "update the server, or rename the collection"
        )
    return EncoderSpec(**kept | {"languages": tuple(kept["languages"])})
