"""Uses one collection on a Qdrant server, and translates the client's errors.

Both stores on a server work with one of these, and decide what a point holds.
Source: https://qdrant.tech/documentation/manage-data/collections/
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import (
    ApiException,
    ResponseHandlingException,
    UnexpectedResponse,
)

from tubeseek.core.errors import StoreError, StoreUnavailableError
from tubeseek.core.types import EncoderSpec, Video
from tubeseek.stores.payload import INDEXED, Condition, facts_of
from tubeseek.stores.server.filter import of_video, of_videos, server_filter

UNAVAILABLE = {408, 429, 502, 503, 504}  # a proxy's or the server's "not now"


@contextmanager
def server_errors(url: str) -> Iterator[None]:
    """Turn what the client raises into our errors."""
    try:
        yield
    except ResponseHandlingException as error:
        raise StoreUnavailableError(
            f"no answer from the Qdrant server at {url} ({error.source}); "
            "start it, or correct the address"
        ) from error
    except UnexpectedResponse as error:
        answer = f"the Qdrant server at {url} answered {error.status_code} {error.reason_phrase}"
        if error.status_code in UNAVAILABLE:
            raise StoreUnavailableError(f"{answer}; try again in a while") from error
        if error.status_code in (401, 403):
            raise StoreError(
                f"{answer}; give the right API key in TUBESEEK_QDRANT_API_KEY"
            ) from error
        detail = " ".join(error.content.decode(errors="replace").split())[:300]
        raise StoreError(f"{answer}: {detail}; see the log of the server") from error
    except (ApiException, QdrantException) as error:
        raise StoreUnavailableError(
            f"the Qdrant server at {url} does not take requests now ({error}); try again in a while"
        ) from error


PREFIX = "tubeseek-"
TIMEOUT_SECONDS = 30
POINTS_PER_REQUEST = 256  # 3 MB of JSON at 512 dimensions; the server takes up to 32 MB


def collection_name(spec: EncoderSpec) -> str:
    """Return the name of an encoder's collection; each set of weights has its own.

    >>> collection_name(EncoderSpec("openai/clip", "a1:b2", dim=4, frames=1))
    'tubeseek-openai_clip-a1_b2'
    """
    return PREFIX + re.sub(r"[^A-Za-z0-9.-]", "_", f"{spec.name[:80]}-{spec.fingerprint[:80]}")


def connect(url: str, api_key: str | None) -> QdrantClient:
    """Return a client of the server, which sends nothing yet."""
    return QdrantClient(
        url=url, api_key=api_key, timeout=TIMEOUT_SECONDS, check_compatibility=False
    )


class Collection:
    """A collection with an index on each field that filters test; made if it does not exist.

    Args:
        client: The server's; closed with the collection.
        url: What messages call the server.
        name: Of the collection.
        create: Makes the empty collection.

    Attributes:
        metadata: The collection's metadata; empty on servers before Qdrant 1.16.

    Raises:
        StoreUnavailableError: The server cannot be reached.
        StoreError: The server refuses.
    """

    def __init__(
        self, client: QdrantClient, url: str, name: str, create: Callable[[QdrantClient], object]
    ) -> None:
        self._client = client
        self._url = url
        self._name = name
        try:
            with server_errors(url):
                self.metadata: Mapping[str, Any] = self._opened(create).config.metadata or {}
        except BaseException:
            client.close()
            raise

    def add(self, points: Sequence[models.PointStruct]) -> None:
        with server_errors(self._url):
            for start in range(0, len(points), POINTS_PER_REQUEST):
                batch = points[start : start + POINTS_PER_REQUEST]
                self._client.upsert(self._name, batch, wait=True)

    def search(
        self,
        vector: list[float] | models.SparseVector,
        limit: int,
        conditions: Iterable[Condition],
        fields: list[str],
        *,
        using: str | None = None,
        params: models.SearchParams | None = None,
    ) -> list[models.ScoredPoint]:
        """Return the nearest points that pass, best first.

        Args:
            vector: The query.
            limit: The most points to return.
            conditions: All of them must hold.
            fields: The fields of the payload to return.
            using: The name of the vector to compare; None for the one without a name.
            params: How to search; None for the server's default.
        """
        with server_errors(self._url):
            answer = self._client.query_points(
                self._name,
                vector,
                using=using,
                query_filter=server_filter(conditions),
                search_params=params,
                limit=limit,
                with_payload=fields,
            )
        return answer.points

    def scroll(
        self, video_ids: Sequence[str], fields: list[str], *, with_vectors: bool = False
    ) -> Iterator[list[models.Record]]:
        """Yield all points of these videos, page by page, in no order."""
        offset = None
        while True:
            with server_errors(self._url):
                records, offset = self._client.scroll(
                    self._name,
                    of_videos(video_ids),
                    limit=POINTS_PER_REQUEST,
                    offset=offset,
                    with_payload=fields,
                    with_vectors=with_vectors,
                )
            yield records
            if offset is None:
                return

    def update_video(self, video: Video) -> None:
        with server_errors(self._url):
            self._client.set_payload(self._name, facts_of(video), of_video(video.id), wait=True)

    def remove_video(self, video_id: str) -> None:
        with server_errors(self._url):
            self._client.delete(self._name, of_video(video_id), wait=True)

    def video_ids(self) -> set[str]:
        most = max(1, self.count())
        with server_errors(self._url):
            facet = self._client.facet(self._name, "video_id", limit=most, exact=True)
        return {str(hit.value) for hit in facet.hits if hit.count}

    def count(self) -> int:
        with server_errors(self._url):
            return self._client.count(self._name, exact=True).count

    def close(self) -> None:
        self._client.close()

    def _opened(self, create: Callable[[QdrantClient], object]) -> models.CollectionInfo:
        """Make the collection and its payload indexes where needed."""
        if not self._client.collection_exists(self._name):
            try:
                create(self._client)
            except UnexpectedResponse as error:
                if error.status_code != 409:  # another process was faster
                    raise
        info = self._client.get_collection(self._name)
        for field, kind in INDEXED.items():
            if field not in info.payload_schema:
                schema = models.PayloadSchemaType(kind.value)
                self._client.create_payload_index(self._name, field, schema, wait=True)
        return info
