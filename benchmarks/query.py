"""How long a person waits: a warm text query from words to answer, and whole commands.

    python -m benchmarks.query                        # 100,000 segments in 10,000 videos
    python -m benchmarks.query --mixed                # 20,000 clips and 50,000 passages beside them
    python -m benchmarks.query --videos 2000

Makes a library of random vectors in the space of the starter encoder, with its catalogue, and asks
it through `Library.search`: encode, search, join. Then runs `tubeseek search` as a process, alone
and with a server that owns the library. The words of the passages follow Zipf's law, as those of a
language do: a few are frequent, most are rare. The queries use words of the 1,000 most frequent.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np

from tubeseek.catalog import Catalog, IndexedVideo, SourceRow
from tubeseek.core.encoder_names import POOLED, STARTER
from tubeseek.core.schemas import Scope, SearchRequest, Where
from tubeseek.core.settings import Settings, load_settings
from tubeseek.core.types import EmbeddingBatch, Passage, Segment, SegmentKind, Video
from tubeseek.encoders.factory import open_encoder
from tubeseek.library.open import live_server, open_library
from tubeseek.stores.factory import choose_stores

PER_VIDEO = 10  # stills
CLIPS = 2
PASSAGES = 5
WORDS_EACH = 40
SUBJECTS = (
    "a red sports car",
    "고양이",
    "someone cooks noodles",
    "눈 덮인 산",
    "a dog in the grass",
)
PLACES = ("", " at night", " in the city", " 여름", " from above")
QUERIES = tuple(subject + place for subject in SUBJECTS for place in PLACES)  # more than a cache
ROUNDS = 4
COMMAND_ROUNDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", type=int, default=10_000)
    parser.add_argument("--mixed", action="store_true")
    arguments = parser.parse_args()
    videos = arguments.videos
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings({"library": Path(folder) / "library"})
        fill(settings, videos, mixed=arguments.mixed)
        library, _ = open_library(settings, "benchmark")
        plain = [SearchRequest(text=text) for text in QUERIES]
        filtered = [
            SearchRequest(text=text, where=Where(channel=("channel 3",))) for text in QUERIES
        ]
        print(f"{videos * PER_VIDEO:,} stills of {videos:,} videos, starter encoder")
        if arguments.mixed:
            print(f"{videos * CLIPS:,} clips, {videos * PASSAGES:,} passages")
        print(f"{'':44}{'p50 ms':>9}{'p95 ms':>9}")
        show(
            "warm text query, words to answer",
            [partial(library.search, request) for request in plain],
        )
        show(
            "the same, one of 20 channels",
            [partial(library.search, request) for request in filtered],
        )
        for using in (Scope.PICTURES, Scope.WORDS) if arguments.mixed else ():
            only = [SearchRequest(text=text, using=using) for text in QUERIES]
            show(f"{using} only", [partial(library.search, request) for request in only])
        library.close()
        command = [sys.executable, "-m", "tubeseek", "--library", str(settings.library), "search"]
        search = [lambda: subprocess.run([*command, QUERIES[0]], check=True, capture_output=True)]
        show("`tubeseek search` by itself", search, COMMAND_ROUNDS)
        with serving(settings):
            search[0]()  # the server opens the encoder and the store at the first search
            show("`tubeseek search` asking a server", search, COMMAND_ROUNDS)


@contextmanager
def serving(settings: Settings) -> Iterator[None]:
    """Run `tubeseek serve` for the library meanwhile."""
    command = [sys.executable, "-m", "tubeseek", "--library", str(settings.library), "serve"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        while live_server(settings) is None:
            assert server.poll() is None, "the server did not start"
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait()


def fill(settings: Settings, videos: int, *, mixed: bool) -> None:
    """Make a library whose vectors are random and whose catalogue is as long as a real one."""
    settings.library.mkdir(parents=True)
    catalog = Catalog(settings.library / "catalog.sqlite")
    listing = catalog.add_source(SourceRow("benchmark", "dataset", None))
    made = [_video(number) for number in range(videos)]
    for video in made:
        catalog.record_listed(video, "benchmark", listing)
    _fill_index(catalog, settings, STARTER, made, SegmentKind.STILL, PER_VIDEO)
    if mixed:
        _fill_index(catalog, settings, POOLED + STARTER, made, SegmentKind.CLIP, CLIPS)
        _fill_words(catalog, settings, made)
    catalog.close()


def _fill_index(
    catalog: Catalog,
    settings: Settings,
    encoder: str,
    videos: Sequence[Video],
    kind: SegmentKind,
    each: int,
) -> None:
    spec = open_encoder(encoder, settings).spec
    row = catalog.indexes.add_index(encoder, spec)
    catalog.indexes.switch([row.key])
    store = choose_stores(settings).open_store(spec)
    random = np.random.default_rng(0)
    for first in range(0, len(videos), 100):
        batch = videos[first : first + 100]
        segments = [
            Segment(video.id, kind, 20.0 * at, 20.0 * at + (10.0 if each == CLIPS else 0.0))
            for video in batch
            for at in range(each)
        ]
        vectors = random.standard_normal((len(segments), spec.dim)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        store.add(EmbeddingBatch(segments, vectors), {video.id: video for video in batch})
        done = [IndexedVideo(v.id, _content(catalog, v.id), each) for v in batch]
        catalog.indexes.videos(row.key).record(done)
    store.commit()
    store.close()


def _fill_words(catalog: Catalog, settings: Settings, videos: Sequence[Video]) -> None:
    store = choose_stores(settings).open_words()
    random = np.random.default_rng(1)
    query_words = sorted({word for query in QUERIES for word in query.split()})
    vocabulary = np.array([f"word{number}" for number in range(20_000)], dtype=object)
    vocabulary[random.choice(1_000, len(query_words), replace=False)] = query_words
    for first in range(0, len(videos), 100):
        batch = videos[first : first + 100]
        passages = []
        for video in batch:
            for at in range(PASSAGES):
                picks = np.minimum(random.zipf(1.2, WORDS_EACH), len(vocabulary)) - 1
                segment = Segment(
                    video.id, SegmentKind.PASSAGE, 30.0 * at, 30.0 * at + 30.0, "caption"
                )
                passages.append(Passage(segment, " ".join(vocabulary[picks])))
        store.add(passages, {video.id: video for video in batch})
        catalog.indexed_words.begin([video.id for video in batch])
        done = [IndexedVideo(v.id, _words(catalog, v.id), PASSAGES) for v in batch]
        catalog.indexed_words.record(done)
    store.commit()
    store.close()


def _words(catalog: Catalog, video_id: str) -> str:
    words = catalog.indexed_words.words(video_id)
    return words[1] if words else ""


def _video(number: int) -> Video:
    title = f"Video {number} about something that takes a title of usual length"
    return Video(f"v{number}", f"https://x/v{number}", title, channel=f"channel {number % 20}")


def _content(catalog: Catalog, video_id: str) -> str:
    pending = catalog.indexes.pending(video_id)
    return pending.content if pending else ""


def show(name: str, searches: Sequence[Callable[[], object]], rounds: int = ROUNDS) -> None:
    """Run every search once to warm up, then all of them in turn, and print percentiles."""
    for search in searches:
        search()
    times = []
    for _ in range(rounds):
        for search in searches:
            started = time.perf_counter()
            search()
            times.append((time.perf_counter() - started) * 1000)
    print(f"{name:44}{np.percentile(times, 50):9.1f}{np.percentile(times, 95):9.1f}", flush=True)


if __name__ == "__main__":
    main()
