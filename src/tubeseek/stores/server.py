"""The shared store: one collection on a Qdrant server, which many processes may use at once.

Source: https://qdrant.tech/documentation/manage-data/collections/
"""

import re
from collections.abc import Mapping
from dataclasses import asdict

import numpy as np
from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import UnexpectedResponse

from tubeseek.errors import StoreError
from tubeseek.records import EmbeddingBatch, EncoderSpec, Filter, Hit, Vector, Video
from tubeseek.stores.checks import check_batch, check_query, check_spec
from tubeseek.stores.payload import (
    INDEXED,
    SEGMENT_FIELDS,
    conditions_of,
    facts_of,
    payload_of,
    reading_order,
    segment_from,
)
from tubeseek.stores.server_errors import server_errors
from tubeseek.stores.server_filter import of_video, server_filter

PREFIX = "tubeseek-"
TIMEOUT_SECONDS = 30
POINTS_PER_REQUEST = 256  # 3 MB of JSON at 512 dimensions; the server takes up to 32 MB


def collection_name(spec: EncoderSpec) -> str:
    """The collection of an encoder: one for each set of weights, so that none are mixed.

    >>> collection_name(EncoderSpec("openai/clip", "a1:b2", dim=4, frames=1))
    'tubeseek-openai_clip-a1_b2'
    """
    return PREFIX + re.sub(r"[^A-Za-z0-9.-]", "_", f"{spec.name[:80]}-{spec.fingerprint[:80]}")


def drop_collection(url: str, spec: EncoderSpec, api_key: str | None = None) -> None:
    """Deletes the collection of an encoder, for every library that uses the server.

    Raises:
        StoreUnavailableError: The server cannot be reached.
        StoreError: It refuses.
    """
    client = QdrantClient(
        url=url, api_key=api_key, timeout=TIMEOUT_SECONDS, check_compatibility=False
    )
    try:
        with server_errors(url):
            client.delete_collection(collection_name(spec))
    finally:
        client.close()


class ServerStore:
    """Implements `tubeseek.ports.VectorStore`.

    Args:
        url: Of the server, as `tubeseek.stores.locator.server_url` gives it.
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
        self._url = url
        self._name = collection_name(spec)
        self._client = client or QdrantClient(
            url=url, api_key=api_key, timeout=TIMEOUT_SECONDS, check_compatibility=False
        )
        try:
            with server_errors(url):
                self.spec = self._opened(spec)
            check_spec(self.spec, spec, f"collection {self._name} at {url}")
        except BaseException:
            self._client.close()
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
        with server_errors(self._url):
            for start in range(0, len(points), POINTS_PER_REQUEST):
                some = points[start : start + POINTS_PER_REQUEST]
                self._client.upsert(self._name, some, wait=True)

    def search(self, vector: Vector, limit: int, where: Filter | None = None) -> list[Hit]:
        check_query(self.spec, vector)
        conditions = conditions_of(where)
        if conditions is None or limit < 1:
            return []
        with server_errors(self._url):
            found = self._client.query_points(
                self._name,
                vector.tolist(),
                query_filter=server_filter(conditions),
                limit=limit,
                with_payload=SEGMENT_FIELDS,
            )
        return [Hit(segment_from(p.payload or {}), p.score) for p in found.points]

    def read_video(self, video_id: str) -> EmbeddingBatch:
        records: list[models.Record] = []
        offset = None
        with server_errors(self._url):
            while True:
                some, offset = self._client.scroll(
                    self._name,
                    of_video(video_id),
                    limit=POINTS_PER_REQUEST,
                    offset=offset,
                    with_payload=True,
                    with_vectors=True,
                )
                records += some
                if offset is None:
                    break
        rows = [(segment_from(r.payload or {}), r.vector) for r in records]
        rows.sort(key=lambda row: reading_order(row[0]))
        vectors = np.array([vector for _, vector in rows], np.float32)
        return EmbeddingBatch([s for s, _ in rows], vectors.reshape(-1, self.spec.dim))

    def update_video(self, video: Video) -> None:
        with server_errors(self._url):
            self._client.set_payload(self._name, facts_of(video), of_video(video.id), wait=True)

    def remove_video(self, video_id: str) -> None:
        with server_errors(self._url):
            self._client.delete(self._name, of_video(video_id), wait=True)

    def count(self) -> int:
        with server_errors(self._url):
            return self._client.count(self._name, exact=True).count

    def commit(self) -> None:
        """Does nothing: the server makes additions durable and optimises by itself."""

    def close(self) -> None:
        self._client.close()

    def _opened(self, spec: EncoderSpec) -> EncoderSpec:
        """Makes the collection and its payload indexes where needed; returns the spec it keeps."""
        if not self._client.collection_exists(self._name):
            self._create(spec)
        info = self._client.get_collection(self._name)
        for field, kind in INDEXED.items():
            if field not in info.payload_schema:
                schema = models.PayloadSchemaType(kind.value)
                self._client.create_payload_index(self._name, field, schema, wait=True)
        stored = (info.config.metadata or {}).get("encoder")
        if stored is None:
            raise StoreError(
                f"collection {self._name} at {self._url} does not say which encoder it belongs to: "
                "it was not made by tubeseek, or the server is older than Qdrant 1.16; "
                "update the server, or rename the collection"
            )
        return EncoderSpec(**stored | {"languages": tuple(stored["languages"])})

    def _create(self, spec: EncoderSpec) -> None:
        vectors = models.VectorParams(size=spec.dim, distance=models.Distance.DOT)
        metadata = {"encoder": asdict(spec) | {"languages": list(spec.languages)}}
        try:
            self._client.create_collection(self._name, vectors, metadata=metadata)
        except UnexpectedResponse as error:
            if error.status_code != 409:  # another process was faster
                raise
