"""The server store against a real server: what local mode cannot show. Set QDRANT_URL to run.

The contract suite (tests/contract/test_vector_store.py) joins that server too when it is set.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import numpy as np
import pytest
from qdrant_client import QdrantClient

from tubeseek.core.filters import Filter
from tubeseek.core.types import EmbeddingBatch, EncoderSpec, Segment, SegmentKind, Video
from tubeseek.stores.payload import INDEXED
from tubeseek.stores.server.collection import collection_name
from tubeseek.stores.server.store import ServerStore

QDRANT_URL = os.environ.get("QDRANT_URL", "")
API_KEY = os.environ.get("QDRANT_API_KEY")

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not QDRANT_URL, reason="QDRANT_URL names no Qdrant server"),
]


@pytest.fixture
def client() -> Iterator[QdrantClient]:
    client = QdrantClient(url=QDRANT_URL, api_key=API_KEY, check_compatibility=False)
    yield client
    client.close()


@pytest.fixture
def spec(client: QdrantClient) -> Iterator[EncoderSpec]:
    """An encoder of this test's own, whose collection is dropped afterwards."""
    spec = EncoderSpec("live-test", uuid4().hex, dim=64, frames=1)
    yield spec
    client.delete_collection(collection_name(spec))


def batch(worker: int, videos: int) -> tuple[EmbeddingBatch, dict[str, Video]]:
    """Ten segments of each video."""
    vectors = np.random.default_rng(worker).standard_normal((10 * videos, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = [f"w{worker}-{i // 10}" for i in range(len(vectors))]
    segments = [Segment(name, SegmentKind.STILL, i, i) for i, name in enumerate(ids)]
    return EmbeddingBatch(segments, vectors), {n: Video(n, "", "", views=worker) for n in ids}


def test_workers_that_begin_at_once_fill_one_collection(spec: EncoderSpec, client: QdrantClient):
    def work(worker: int) -> None:
        store = ServerStore(QDRANT_URL, spec, api_key=API_KEY)
        store.add(*batch(worker, videos=60))
        store.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    store = ServerStore(QDRANT_URL, spec, api_key=API_KEY)
    assert store.count() == 4 * 600
    vectors = batch(2, videos=60)[0].vectors
    hits = store.search(vectors[5], 3, Filter(min_views=2))
    assert hits[0].score == pytest.approx(1, abs=1e-5)
    assert hits[0].segment == batch(2, videos=60)[0].segments[5]
    store.close()


def test_every_field_that_filters_ask_for_is_indexed(spec: EncoderSpec, client: QdrantClient):
    ServerStore(QDRANT_URL, spec, api_key=API_KEY).close()
    schema = client.get_collection(collection_name(spec)).payload_schema
    assert {name: field.data_type.value for name, field in schema.items()} == {
        name: kind.value for name, kind in INDEXED.items()
    }
