"""How long a person waits: a warm text query from words to answer, and whole commands.

    python -m benchmarks.query                        # 100,000 segments in 10,000 videos
    python -m benchmarks.query --videos 2000

Makes a library of random vectors in the space of the starter encoder, with its catalogue, and asks
it through `Library.search`: encode, search, join. Then runs `tubeseek search` as a process, alone
and with a server that owns the library. The baseline of each figure is the search in the store.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from tubeseek.app import STARTER, open_encoder, open_library, open_store
from tubeseek.catalog import Catalog, SourceRow
from tubeseek.messages import SearchRequest, Where
from tubeseek.records import EmbeddingBatch, Segment, SegmentKind, Video
from tubeseek.serving import background_server
from tubeseek.settings import Settings, load_settings

PER_VIDEO = 10
QUERIES = (
    "a red sports car",
    "고양이",
    "someone cooks noodles",
    "눈 덮인 산",
    "a dog in the grass",
)
ROUNDS = 20
COMMAND_ROUNDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", type=int, default=10_000)
    videos = parser.parse_args().videos
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings({"library": Path(folder) / "library"})
        fill(settings, videos)
        library, _ = open_library(settings, "benchmark")
        plain = [SearchRequest(text=text) for text in QUERIES]
        filtered = [
            SearchRequest(text=text, where=Where(channel=("channel 3",))) for text in QUERIES
        ]
        print(f"{videos * PER_VIDEO:,} segments of {videos:,} videos, starter encoder\n")
        print(f"{'':44}{'p50 ms':>9}{'p95 ms':>9}")
        show(
            "warm text query, words to answer",
            [partial(library.search, request) for request in plain],
        )
        show(
            "the same, one of 20 channels",
            [partial(library.search, request) for request in filtered],
        )
        library.close()
        command = [sys.executable, "-m", "tubeseek", "--library", str(settings.library), "search"]
        ask = [lambda: subprocess.run([*command, QUERIES[0]], check=True, capture_output=True)]
        show("`tubeseek search` by itself", ask, COMMAND_ROUNDS)
        with background_server(settings):
            ask[0]()  # the server opens the encoder and the store for the first who asks
            show("`tubeseek search` asking a server", ask, COMMAND_ROUNDS)


def fill(settings: Settings, videos: int) -> None:
    """A library whose vectors are random and whose catalogue is as long as a real one."""
    settings.library.mkdir(parents=True)
    spec = open_encoder(STARTER, settings).spec
    catalog = Catalog(settings.library / "catalog.sqlite")
    row = catalog.stages.add_index(STARTER, spec)
    catalog.stages.switch([row.key])
    listing = catalog.add_source(SourceRow("benchmark", "dataset", None))
    store = open_store(spec, settings)
    random = np.random.default_rng(0)
    for first in range(0, videos, 100):
        batch = [_video(n) for n in range(first, min(first + 100, videos))]
        segments = [
            Segment(video.id, SegmentKind.STILL, float(at), float(at))
            for video in batch
            for at in range(PER_VIDEO)
        ]
        vectors = random.standard_normal((len(segments), spec.dim)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        store.add(EmbeddingBatch(segments, vectors), {video.id: video for video in batch})
        for video in batch:
            catalog.record_listed(video, "benchmark", listing)
        done = [(v.id, _content(catalog, v.id), PER_VIDEO) for v in batch]
        catalog.stages.record_embedded(row.key, done)
    store.commit()
    store.close()
    catalog.close()


def _video(number: int) -> Video:
    title = f"Video {number} about something that takes a title of usual length"
    return Video(f"v{number}", f"https://x/v{number}", title, channel=f"channel {number % 20}")


def _content(catalog: Catalog, video_id: str) -> str:
    pending = catalog.stages.pending(video_id)
    return pending.content if pending else ""


def show(name: str, asks: Sequence[Callable[[], object]], rounds: int = ROUNDS) -> None:
    """Runs every ask once to warm up, then all of them in turn, and prints percentiles."""
    for ask in asks:
        ask()
    times = []
    for _ in range(rounds):
        for ask in asks:
            started = time.perf_counter()
            ask()
            times.append((time.perf_counter() - started) * 1000)
    print(f"{name:44}{np.percentile(times, 50):9.1f}{np.percentile(times, 95):9.1f}", flush=True)


if __name__ == "__main__":
    main()
