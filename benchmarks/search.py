"""Measures how fast the stores search, and how many of the true neighbours they find.

    OPENBLAS_NUM_THREADS=1 python benchmarks/search.py    # 20,000 and 100,000 segments of 512
    OPENBLAS_NUM_THREADS=1 python benchmarks/search.py --sizes 100000 --dim 1024

Compares Qdrant Edge as the product uses it, after `commit`, with an exact scan in numpy and with
the local mode of qdrant-client, in one run on the same vectors, without a filter, with one that
keeps a twentieth of the videos, and with one that keeps a quarter of the clusters and tears holes
into a graph.
"""

import argparse
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from qdrant_client import QdrantClient

from tubeseek.core.filters import Filter
from tubeseek.core.protocols import VectorStore
from tubeseek.core.types import (
    EmbeddingBatch,
    EncoderSpec,
    Hit,
    Segment,
    SegmentKind,
    Vector,
    Vectors,
    Video,
)
from tubeseek.stores.edge.store import EdgeStore
from tubeseek.stores.server.store import ServerStore

PER_VIDEO = 10
CHANNELS = 20  # spread over all clusters
CATEGORIES = 20  # each has clusters of its own
PER_CLUSTER = 50
PER_BATCH = 1_000
TOP = 10
FILTERS = {
    "no filter": None,
    f"one of {CHANNELS} channels": Filter(channels=("channel 3",)),
    f"five of {CATEGORIES} categories": Filter(categories=tuple(f"category {i}" for i in range(5))),
}
Search = Callable[[Vector, Filter | None], list[Segment]]


@dataclass(frozen=True)
class Corpus:
    """Segments in clusters, as the frames of videos are, and queries near some of them."""

    batch: EmbeddingBatch
    videos: dict[str, Video]
    queries: Vectors

    @classmethod
    def make(cls, size: int, dim: int, queries: int) -> "Corpus":
        rng = np.random.default_rng(0)
        centres = rng.standard_normal((size // PER_CLUSTER, dim), dtype=np.float32)
        cluster = rng.integers(len(centres), size=size // PER_VIDEO + 1)  # of each video
        vectors = centres[cluster[np.arange(size) // PER_VIDEO]]
        vectors += 0.5 * rng.standard_normal(vectors.shape, dtype=np.float32)
        noise = rng.standard_normal((queries, dim), dtype=np.float32)
        query_vectors = vectors[rng.integers(size, size=queries)] + 0.5 * noise
        segments = [
            Segment(f"v{i // PER_VIDEO}", SegmentKind.STILL, i % PER_VIDEO, i % PER_VIDEO)
            for i in range(size)
        ]
        videos = {
            f"v{i}": Video(
                f"v{i}",
                "",
                "",
                channel=f"channel {i % CHANNELS}",
                category=f"category {c % CATEGORIES}",
            )
            for i, c in enumerate(cluster)
        }
        return cls(EmbeddingBatch(segments, _unit(vectors)), videos, _unit(query_vectors))


class NumpyScan:
    """Searches exactly, by one matrix product over all vectors."""

    def __init__(self, corpus: Corpus) -> None:
        self._batch = corpus.batch
        videos = [corpus.videos[s.video_id] for s in corpus.batch.segments]
        self._channels: NDArray[np.str_] = np.array([v.channel for v in videos])
        self._categories: NDArray[np.str_] = np.array([v.category for v in videos])

    def search(self, vector: Vector, where: Filter | None) -> list[Segment]:
        scores = self._batch.vectors @ vector
        if where is not None:
            kept = np.isin(self._channels, where.channels)
            kept |= np.isin(self._categories, where.categories)  # FILTERS ask for one of the two
            scores = np.where(kept, scores, -np.inf)
        top = np.argpartition(-scores, TOP)[:TOP]
        return [self._batch.segments[i] for i in top[np.argsort(-scores[top])]]


@dataclass(frozen=True)
class Row:
    """Milliseconds of a query, and the share of the exact ten best that it finds."""

    name: str
    p50: float
    p95: float
    recall: float


def measure(name: str, search: Search, truth: Search, corpus: Corpus, where: Filter | None) -> Row:
    """Search for each query once, after ten to warm up."""
    for query in corpus.queries[:10]:
        search(query, where)
    took, correct = [], 0
    for query in corpus.queries:
        start = time.perf_counter()
        segments = search(query, where)
        took.append((time.perf_counter() - start) * 1e3)
        correct += len(set(segments) & set(truth(query, where)))
    p50, p95 = np.percentile(took, [50, 95])
    return Row(name, float(p50), float(p95), correct / (TOP * len(took)))


def fill(store: VectorStore, corpus: Corpus) -> float:
    """Add everything and return the seconds it took."""
    start = time.perf_counter()
    for i in range(0, len(corpus.batch.segments), PER_BATCH):
        rows = slice(i, i + PER_BATCH)
        part = EmbeddingBatch(corpus.batch.segments[rows], corpus.batch.vectors[rows])
        store.add(part, corpus.videos)
    return time.perf_counter() - start


def commit_under_load(store: EdgeStore, corpus: Corpus) -> tuple[float, Vector]:
    """Commit while another thread searches about a hundred times a second.

    Returns:
        Seconds until the commit was done, and the milliseconds of each of those searches.
    """
    took: list[float] = []
    done = threading.Event()

    def search() -> None:
        while not done.wait(0.01):
            query = corpus.queries[len(took) % len(corpus.queries)]
            start = time.perf_counter()
            store.search(query, TOP)
            took.append((time.perf_counter() - start) * 1e3)

    searcher = threading.Thread(target=search)
    searcher.start()
    start = time.perf_counter()
    store.commit()
    seconds = time.perf_counter() - start
    done.set()
    searcher.join()
    return seconds, np.array(took, np.float32)


def as_search(store: VectorStore) -> Search:
    def search(query: Vector, where: Filter | None) -> list[Segment]:
        hits: list[Hit] = store.search(query, TOP, where)
        return [hit.segment for hit in hits]

    return search


def show(title: str, rows: Iterable[Row]) -> None:
    """Print a table; the ratios are to the first row."""
    print(f"\n{title}\n{'':20}{'p50 ms':>10}{'p95 ms':>10}{'x Edge':>10}{'recall@10':>12}")
    first = None
    for row in rows:
        first = first or row
        ratio = row.p50 / first.p50
        print(f"{row.name:20}{row.p50:10.2f}{row.p95:10.2f}{ratio:10.1f}{row.recall:12.4f}")


def run(size: int, dim: int, queries: int, *, with_local: bool) -> None:
    corpus = Corpus.make(size, dim, queries)
    spec = EncoderSpec("benchmark", "v1", dim, frames=1)
    truth = NumpyScan(corpus).search
    print(f"\n{size:,} segments of {dim} dimensions")
    with tempfile.TemporaryDirectory() as folder:
        edge = EdgeStore(Path(folder) / "vectors", spec)
        print(f"Edge: adding took {fill(edge, corpus):.1f} s")
        show("before commit: exact", [measure("Edge", as_search(edge), truth, corpus, None)])
        seconds, took = commit_under_load(edge, corpus)
        graph = "with a graph" if edge.indexed_count() else "exact, no graph"
        print(f"\nEdge: commit took {seconds:.1f} s ({graph})")
        if len(took):
            p50, p99, worst = np.percentile(took, [50, 99, 100])
            print(f"searches meanwhile: p50 {p50:.1f}, p99 {p99:.1f}, longest {worst:.0f} ms")
        searches: dict[str, Search] = {f"Edge ({graph})": as_search(edge), "numpy scan": truth}
        if with_local:
            warnings.filterwarnings("ignore", "Payload indexes have no effect")
            warnings.filterwarnings("ignore", "Local mode is not recommended")
            local = ServerStore("local", spec, client=QdrantClient(":memory:"))
            print(f"qdrant-client local mode: adding took {fill(local, corpus):.1f} s")
            searches["qdrant-client local"] = as_search(local)
        for title, where in FILTERS.items():
            show(title, [measure(n, s, truth, corpus, where) for n, s in searches.items()])
        edge.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--dim", type=int, default=512)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument(
        "--local-up-to",
        type=int,
        default=20_000,
        help="largest size at which qdrant-client's local mode is measured too; it is slow to fill",
    )
    options = parser.parse_args()
    for size in options.sizes:
        run(size, options.dim, options.queries, with_local=size <= options.local_up_to)


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


if __name__ == "__main__":
    main()
