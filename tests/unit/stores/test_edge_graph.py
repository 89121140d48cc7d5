"""The search graph of the embedded store: what it finds, and what happens while it is built."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.memory_store import MemoryStore
from tubeseek.core.errors import StoreError
from tubeseek.core.filters import Filter
from tubeseek.core.types import (
    EmbeddingBatch,
    EncoderSpec,
    Segment,
    SegmentKind,
    Vectors,
    Video,
)
from tubeseek.stores.edge.folder import read_card
from tubeseek.stores.edge.store import EdgeStore

pytestmark = pytest.mark.slow  # hundreds of searches beside a build

SPEC = EncoderSpec("random", "v1", dim=512, frames=1)
SIZE = 5_400  # Qdrant builds no graph for vectors of less than 10 MB
PER_VIDEO = 10


def clustered(n: int, seed: int) -> Vectors:
    """Vectors in clusters of about fifty, as those of real pictures are."""
    centres = np.random.default_rng(0).standard_normal((SIZE // 50, SPEC.dim))
    rng = np.random.default_rng(seed)
    vectors = centres[rng.integers(len(centres), size=n)]
    vectors = vectors + 0.5 * rng.standard_normal((n, SPEC.dim))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def video(number: int, views: int | None = None) -> Video:
    channel = f"channel {number % 7}"
    return Video(f"v{number}", "", "", channel=channel, views=number if views is None else views)


def batch(numbers: range, seed: int) -> EmbeddingBatch:
    """The segments of these videos."""
    segments = [
        Segment(f"v{number}", SegmentKind.STILL, i, i)
        for number in numbers
        for i in range(PER_VIDEO)
    ]
    return EmbeddingBatch(segments, clustered(len(segments), seed))


def videos(numbers: range) -> dict[str, Video]:
    return {f"v{number}": video(number) for number in numbers}


FIRST = range(SIZE // PER_VIDEO)
LATER = range(FIRST.stop, FIRST.stop + 40)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[EdgeStore, MemoryStore]]:
    """The same segments in both stores, in Edge without a graph so far."""
    edge, exact = EdgeStore(tmp_path / "s", SPEC, hnsw_from=SIZE), MemoryStore(SPEC)
    for store in (edge, exact):
        store.add(batch(FIRST, seed=1), videos(FIRST))
    yield edge, exact
    edge.close()


def recall_at_10(edge: EdgeStore, exact: MemoryStore, where: Filter | None = None) -> float:
    overlaps = [
        len(
            {hit.segment for hit in edge.search(query, 10, where)}
            & {hit.segment for hit in exact.search(query, 10, where)}
        )
        for query in clustered(50, seed=2)
    ]
    return sum(overlaps) / (10 * len(overlaps))


def assert_equal(edge: EdgeStore, exact: MemoryStore, numbers: range) -> None:
    """Both hold the same segments, vectors and facts."""
    assert edge.count() == exact.count()
    for number in numbers:
        got, expected = edge.read_videos([f"v{number}"]), exact.read_videos([f"v{number}"])
        assert list(got.segments) == list(expected.segments)
        np.testing.assert_allclose(got.vectors, expected.vectors, atol=1e-6)
    query = clustered(1, seed=3)[0]
    for least in (0, 100, 530, 10_000):
        ids = [
            {hit.segment.id for hit in store.search(query, 10_000, Filter(min_views=least))}
            for store in (edge, exact)
        ]
        assert ids[0] == ids[1]


def test_the_graph_finds_what_the_exact_store_finds(pair: tuple[EdgeStore, MemoryStore]):
    edge, exact = pair
    edge.commit()
    assert edge.indexed_count() == SIZE
    assert recall_at_10(edge, exact) >= 0.99
    assert recall_at_10(edge, exact, Filter(channels=("channel 3",))) >= 0.99
    assert recall_at_10(edge, exact, Filter(min_views=480)) >= 0.99
    three = tuple(f"channel {i}" for i in range(3))
    assert recall_at_10(edge, exact, Filter(channels=three)) >= 0.99
    assert recall_at_10(edge, exact, Filter(channels=three, min_views=200)) >= 0.99
    hit = edge.search(batch(FIRST, seed=1).vectors[77], 1)[0]
    assert hit.score == pytest.approx(1, abs=1e-5)  # scored with the full vectors, not with int8

    # What comes later is found beside the graph, and no graph is built for so little.
    for store in (edge, exact):
        store.add(batch(LATER, seed=4), videos(LATER))
        store.remove_video("v3")
        store.update_video(video(5, views=10_000))
    edge.commit()
    assert edge.indexed_count() == SIZE
    assert recall_at_10(edge, exact) >= 0.99
    assert_equal(edge, exact, range(FIRST.stop - 20, LATER.stop))
    hit = edge.search(batch(LATER, seed=4).vectors[0], 1)[0]
    assert hit.segment == batch(LATER, seed=4).segments[0]


def test_what_is_written_while_the_graph_is_built_is_not_lost(
    pair: tuple[EdgeStore, MemoryStore], tmp_path: Path
):
    edge, exact = pair
    failures: list[BaseException] = []
    committing = threading.Thread(target=edge.commit)
    done = threading.Event()

    def look() -> None:
        query = clustered(1, seed=5)[0]
        try:
            while not done.wait(0.05):
                assert len(edge.search(query, 10)) == 10
                assert edge.read_videos(["v1"]).vectors.shape == (PER_VIDEO, SPEC.dim)
        except BaseException as error:
            failures.append(error)
            raise

    searching = [threading.Thread(target=look) for _ in range(3)]
    for thread in (*searching, committing):
        thread.start()
    written = 0
    while committing.is_alive():
        addition = range(LATER.start + written, LATER.start + written + 1)
        for store in (edge, exact):
            store.add(batch(addition, seed=100 + written), videos(addition))
            store.remove_video(f"v{2 * written + 100}")
            store.update_video(video(2 * written + 101, views=10_000 + written))
        written += 1
        committing.join(0.02)
    done.set()
    for thread in searching:
        thread.join()
    assert failures == []
    assert written > 5
    assert edge.indexed_count() >= SIZE - written * PER_VIDEO
    assert_equal(edge, exact, range(90, LATER.start + written))
    edge.close()
    again = EdgeStore(tmp_path / "s", SPEC)
    assert_equal(again, exact, range(90, LATER.start + written))
    again.close()


def test_closing_breaks_off_a_build_and_keeps_everything(
    pair: tuple[EdgeStore, MemoryStore], tmp_path: Path
):
    edge, exact = pair
    failures: list[StoreError] = []

    def commit() -> None:
        try:
            edge.commit()
        except StoreError as error:
            failures.append(error)

    committing = threading.Thread(target=commit)
    committing.start()
    while not (tmp_path / "s" / "shard-2").exists():
        committing.join(0.001)
    edge.close()
    committing.join(timeout=10)
    assert len(failures) == 1
    assert "closed" in str(failures[0])
    assert read_card(tmp_path / "s") is not None
    again = EdgeStore(tmp_path / "s", SPEC, hnsw_from=10**9)
    assert_equal(again, exact, FIRST)
    again.close()
