"""What every vector store promises. A new store joins by adding itself to `store`."""

from pathlib import Path

import numpy as np
import pytest

from tubeseek.ports import VectorStore
from tubeseek.records import EmbeddingBatch, EncoderSpec, Filter, Segment, SegmentKind, Video
from tubeseek.stores.edge import EdgeStore
from tubeseek.stores.memory import MemoryStore

SPEC = EncoderSpec("random", "v1", dim=16, frames=1)


@pytest.fixture(params=["memory", "edge"])
def store(request, tmp_path: Path):
    made = {
        "memory": lambda: MemoryStore(SPEC),
        "edge": lambda: EdgeStore(tmp_path / "s", SPEC),
    }[request.param]()
    yield made
    made.close()


def batch(n: int, seed: int = 0) -> EmbeddingBatch:
    vectors = np.random.default_rng(seed).standard_normal((n, SPEC.dim)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    segments = [Segment(f"v{i % 5}", SegmentKind.STILL, float(i), float(i)) for i in range(n)]
    return EmbeddingBatch(segments, vectors)


VIDEOS = {f"v{i}": Video(f"v{i}", "", f"Video {i}", views=i) for i in range(5)}


def test_finds_what_the_exact_store_finds(store: VectorStore):
    b, exact = batch(200), MemoryStore(SPEC)
    for each in (store, exact):
        each.add(b, VIDEOS)
    store.commit()
    for query in batch(20, seed=1).vectors:
        expected, found = exact.search(query, 10), store.search(query, 10)
        assert [h.segment for h in found] == [h.segment for h in expected]
        assert [h.score for h in found] == pytest.approx([h.score for h in expected], abs=1e-5)


def test_views_that_become_unknown_stop_matching(store: VectorStore):
    store.add(batch(50), VIDEOS)
    where = Filter(min_views=3)
    assert {h.segment.video_id for h in store.search(batch(1).vectors[0], 50, where)} == {
        "v3",
        "v4",
    }
    store.update_video(Video("v3", "", "Video 3"))
    assert {h.segment.video_id for h in store.search(batch(1).vectors[0], 50, where)} == {"v4"}
    assert len(store.read_video("v3").segments) == 10
