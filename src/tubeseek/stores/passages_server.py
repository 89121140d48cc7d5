"""The shared store of passages: one collection with one sparse vector on a Qdrant server.

Source: https://qdrant.tech/documentation/manage-data/vectors/#sparse-vectors
"""

from collections.abc import Mapping, Sequence

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import UnexpectedResponse

from tubeseek.records import Filter, Hit, Passage, Video
from tubeseek.stores.passages_payload import (
    READ_FIELDS,
    check_passages,
    in_reading_order,
    passage_from,
    passage_payload,
)
from tubeseek.stores.payload import INDEXED, conditions_of, facts_of
from tubeseek.stores.server import POINTS_PER_REQUEST, TIMEOUT_SECONDS, collection_name
from tubeseek.stores.server_errors import server_errors
from tubeseek.stores.server_filter import of_video, server_filter
from tubeseek.words import WORDS, document_vector, query_vector, shares_word, terms

VECTOR = "words"
COLLECTION = collection_name(WORDS)
# Counts each term over the passages that are there now; without a corpus the server goes on
# counting removed ones until it optimises. A server that is too old to know this does just that.
EXACT_IDF = models.SearchParams(idf=models.IdfCorpusParams(corpus=models.Filter()))


class ServerPassages:
    """Implements `tubeseek.ports.PassageStore`.

    Args:
        url: Of the server, as `tubeseek.stores.locator.server_url` gives it.
        api_key: What the server asks for, if it does.
        collection: Where the passages are kept; made if it does not exist.
        client: A client to use in place of a new one; `url` then only stands in messages.

    Raises:
        StoreUnavailableError: The server cannot be reached.
        StoreError: The server refuses.
    """

    def __init__(
        self,
        url: str,
        *,
        api_key: str | None = None,
        collection: str = COLLECTION,
        client: QdrantClient | None = None,
    ) -> None:
        self._url = url
        self._name = collection
        self._client = client or QdrantClient(
            url=url, api_key=api_key, timeout=TIMEOUT_SECONDS, check_compatibility=False
        )
        try:
            with server_errors(url):
                self._open()
        except BaseException:
            self._client.close()
            raise

    def add(self, passages: Sequence[Passage], payload: Mapping[str, Video]) -> None:
        check_passages(passages, payload)
        points = [_point(p, payload[p.segment.video_id]) for p in passages]
        with server_errors(self._url):
            for start in range(0, len(points), POINTS_PER_REQUEST):
                some = points[start : start + POINTS_PER_REQUEST]
                self._client.upsert(self._name, some, wait=True)

    def search(self, text: str, limit: int, where: Filter | None = None) -> list[Hit]:
        asked = query_vector(terms(text))
        conditions = conditions_of(where)
        if conditions is None or limit < 1 or not asked:
            return []
        with server_errors(self._url):
            found = self._client.query_points(
                self._name,
                _sparse(asked),
                using=VECTOR,
                query_filter=server_filter(conditions),
                search_params=EXACT_IDF,
                limit=limit,
                with_payload=READ_FIELDS,
            )
        pairs = [(passage_from(point.payload or {}), point.score) for point in found.points]
        return [Hit(p.segment, score, p.text) for p, score in pairs if shares_word(text, p.text)]

    def read_video(self, video_id: str) -> list[Passage]:
        records: list[models.Record] = []
        offset = None
        with server_errors(self._url):
            while True:
                some, offset = self._client.scroll(
                    self._name,
                    of_video(video_id),
                    limit=POINTS_PER_REQUEST,
                    offset=offset,
                    with_payload=READ_FIELDS,
                )
                records += some
                if offset is None:
                    break
        return in_reading_order([passage_from(record.payload or {}) for record in records])

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

    def _open(self) -> None:
        """Makes the collection and its payload indexes where needed."""
        if not self._client.collection_exists(self._name):
            self._create()
        info = self._client.get_collection(self._name)
        for field, kind in INDEXED.items():
            if field not in info.payload_schema:
                schema = models.PayloadSchemaType(kind.value)
                self._client.create_payload_index(self._name, field, schema, wait=True)

    def _create(self) -> None:
        sparse = {VECTOR: models.SparseVectorParams(modifier=models.Modifier.IDF)}
        try:
            self._client.create_collection(self._name, sparse_vectors_config=sparse)
        except UnexpectedResponse as error:
            if error.status_code != 409:  # another process was faster
                raise


def _point(passage: Passage, video: Video) -> models.PointStruct:
    """A passage without any word gets no vector: it is kept, and counts in no IDF."""
    weights = document_vector(terms(passage.text))
    return models.PointStruct(
        id=str(passage.segment.id),
        vector={VECTOR: _sparse(weights)} if weights else {},
        payload=passage_payload(passage, video),
    )


def _sparse(weights: dict[int, float]) -> models.SparseVector:
    return models.SparseVector(indices=list(weights), values=list(weights.values()))
