"""Stores passages in a collection with one sparse vector on a Qdrant server.

Source: https://qdrant.tech/documentation/manage-data/vectors/#sparse-vectors
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from qdrant_client import QdrantClient, models

from tubeseek.core.bm25 import (
    BM25_SPEC,
    document_vector,
    idf_from_hit,
    shares_word,
    store_query,
    term_id,
    terms,
)
from tubeseek.core.filters import Filter
from tubeseek.core.types import Hit, Passage, Video
from tubeseek.stores.payload import (
    READ_FIELDS,
    Condition,
    check_passages,
    conditions_of,
    in_reading_order,
    passage_from,
    passage_payload,
)
from tubeseek.stores.server.collection import Collection, collection_name, connect

VECTOR = "words"
COLLECTION = collection_name(BM25_SPEC)
# Counts each term over the passages that are there now; without a corpus the server goes on
# counting removed ones until it optimises. A server that is too old to know this does just that.
EXACT_IDF = models.SearchParams(idf=models.IdfCorpusParams(corpus=models.Filter()))


class ServerPassages:
    """Implements `tubeseek.core.protocols.PassageStore`.

    Args:
        url: The server's, as `tubeseek.stores.factory.server_url` returns it.
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
        client = client or connect(url, api_key)
        self._collection = Collection(client, url, collection, partial(_create, name=collection))

    def add(self, passages: Sequence[Passage], payload: Mapping[str, Video]) -> None:
        check_passages(passages, payload)
        points = [_point(p, payload[p.segment.video_id]) for p in passages]
        self._collection.add(points)

    def search(
        self,
        text: str,
        limit: int,
        where: Filter | None = None,
        weights: Mapping[str, float] | None = None,
    ) -> list[Hit]:
        conditions = conditions_of(where)
        if conditions is None or limit < 1:
            return []
        query = store_query(text, weights, self.inverse_document_frequencies)
        hits = self._nearest(query, limit, conditions) if query else []
        return [hit for hit in hits if shares_word(text, hit.text)]

    def inverse_document_frequencies(self, terms: Iterable[str]) -> dict[str, float]:
        nearest = {term: self._nearest({term_id(term): 1.0}, 1, ()) for term in terms}
        return {term: idf_from_hit(term, hits[0]) for term, hits in nearest.items() if hits}

    def _nearest(
        self, query: Mapping[int, float], limit: int, conditions: Sequence[Condition]
    ) -> list[Hit]:
        points = self._collection.search(
            _sparse(query), limit, conditions, READ_FIELDS, using=VECTOR, params=EXACT_IDF
        )
        pairs = [(passage_from(point.payload or {}), point.score) for point in points]
        return [Hit(passage.segment, score, passage.text) for passage, score in pairs]

    def read_video(self, video_id: str) -> list[Passage]:
        pages = self._collection.scroll([video_id], READ_FIELDS)
        return in_reading_order([passage_from(r.payload or {}) for page in pages for r in page])

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


def _create(client: QdrantClient, name: str) -> None:
    sparse = {VECTOR: models.SparseVectorParams(modifier=models.Modifier.IDF)}
    client.create_collection(name, sparse_vectors_config=sparse)


def _point(passage: Passage, video: Video) -> models.PointStruct:
    """Return the point of a passage; without any word it has no vector and counts in no IDF."""
    weights = document_vector(terms(passage.text))
    return models.PointStruct(
        id=str(passage.segment.id),
        vector={VECTOR: _sparse(weights)} if weights else {},
        payload=passage_payload(passage, video),
    )


def _sparse(weights: Mapping[int, float]) -> models.SparseVector:
    return models.SparseVector(indices=list(weights), values=list(weights.values()))
