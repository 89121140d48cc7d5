"""What every vector store promises. A new store joins by adding itself to `make_store`.

The exact store in memory is the oracle; numpy and planted answers check the oracle itself.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qdrant_client import QdrantClient

from tests.helpers.memory_store import MemoryStore
from tubeseek.core.errors import EncoderMismatchError
from tubeseek.core.filters import Filter, matches, matches_moment
from tubeseek.core.protocols import VectorStore
from tubeseek.core.types import EmbeddingBatch, EncoderSpec, Segment, SegmentKind, Video
from tubeseek.stores.edge.store import EdgeStore
from tubeseek.stores.server.collection import collection_name
from tubeseek.stores.server.store import ServerStore

SPEC = EncoderSpec("random", "v1", dim=16, frames=1, languages=("en", "ko"))
VIDEOS = {f"v{i}": Video(f"v{i}", "", f"Video {i}", views=i) for i in range(5)}
QDRANT_URL = os.environ.get("QDRANT_URL", "")

StoreMaker = Callable[[EncoderSpec], VectorStore]


def _live(spec: EncoderSpec, after: ExitStack) -> ServerStore:
    """A collection of its own on the real server, dropped afterwards."""
    spec = replace(spec, fingerprint=f"{spec.fingerprint}-test-{uuid4().hex}")
    key = os.environ.get("QDRANT_API_KEY")
    client = QdrantClient(url=QDRANT_URL, api_key=key, check_compatibility=False)
    after.callback(client.close)
    after.callback(client.delete_collection, collection_name(spec))
    return ServerStore(QDRANT_URL, spec, api_key=key)


@pytest.fixture(scope="module", params=["memory", "edge", "server"] + ["live"] * bool(QDRANT_URL))
def make_store(request, tmp_path_factory) -> Iterator[StoreMaker]:
    """Makes empty stores of one kind."""
    with ExitStack() as after:

        def make(spec: EncoderSpec) -> VectorStore:
            folder: Path = tmp_path_factory.mktemp("store") / "vectors"
            store = {
                "memory": lambda: MemoryStore(spec),
                "edge": lambda: EdgeStore(folder, spec),
                "server": lambda: ServerStore("local", spec, client=QdrantClient(":memory:")),
                "live": lambda: _live(spec, after),
            }[request.param]()
            after.callback(store.close)
            return store

        yield make


@pytest.fixture
def store(make_store: StoreMaker) -> VectorStore:
    return make_store(SPEC)


def unit(n: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((n, SPEC.dim)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def batch(n: int, seed: int = 0) -> EmbeddingBatch:
    """Segment i belongs to video i modulo 5."""
    segments = [Segment(f"v{i % 5}", SegmentKind.STILL, float(i), float(i)) for i in range(n)]
    return EmbeddingBatch(segments, unit(n, seed))


def found_in(store: VectorStore, where: Filter | None) -> set[str]:
    return {hit.segment.video_id for hit in store.search(unit(1)[0], 1000, where)}


def test_finds_the_nearest_by_cosine_best_first(store: VectorStore):
    given_batch = batch(600)  # more than one call's worth
    store.add(given_batch, VIDEOS)
    store.commit()
    for query in unit(20, seed=1):
        cosines = given_batch.vectors @ query
        best = np.argsort(-cosines)[:10]
        hits = store.search(query, 10)
        assert [hit.segment for hit in hits] == [given_batch.segments[i] for i in best]
        assert [hit.score for hit in hits] == pytest.approx(cosines[best].tolist(), abs=1e-5)


def test_adding_twice_changes_nothing(store: VectorStore):
    store.add(batch(20), VIDEOS)
    store.add(batch(20), VIDEOS)
    assert store.count() == 20
    assert len(store.search(unit(1)[0], 100)) == 20


def test_adding_again_replaces_the_vector(store: VectorStore):
    store.add(batch(20), VIDEOS)
    again = batch(20, seed=7)
    store.add(again, VIDEOS)
    hit = store.search(again.vectors[3], 1)[0]
    assert hit.segment == again.segments[3]
    assert hit.score == pytest.approx(1, abs=1e-5)


def test_reads_a_video_back_in_order_of_kind_and_start(store: VectorStore):
    segments = [
        Segment("v", SegmentKind.PASSAGE, 1, 2),
        Segment("v", SegmentKind.CLIP, 3, 4.25),
        Segment("v", SegmentKind.STILL, 10, 10),
        Segment("v", SegmentKind.STILL, 9.5, 9.5),
        Segment("v", SegmentKind.THUMBNAIL),
    ]
    vectors = unit(5)
    store.add(EmbeddingBatch(segments, vectors), {"v": Video("v", "", "")})
    store.add(batch(5), VIDEOS)
    got = store.read_videos(["v"])
    order = [4, 3, 2, 1, 0]
    assert list(got.segments) == [segments[i] for i in order]
    np.testing.assert_allclose(got.vectors, vectors[order], atol=1e-6)


def test_reads_a_video_of_many_segments(store: VectorStore):
    many = [Segment("v", SegmentKind.STILL, i / 4, i / 4) for i in range(700)]
    store.add(EmbeddingBatch(many, unit(700)), {"v": Video("v", "", "")})
    assert list(store.read_videos(["v"]).segments) == many
    np.testing.assert_allclose(store.read_videos(["v"]).vectors, unit(700), atol=1e-6)


def test_reads_nothing_of_unknown_videos_and_of_none(store: VectorStore):
    assert store.read_videos(["nobody"]).vectors.shape == (0, SPEC.dim)
    store.add(batch(5), VIDEOS)
    for ids in ([], ["nobody"], ["v", "", "v0 ", "V0"]):
        got = store.read_videos(ids)
        assert (list(got.segments), got.vectors.shape) == ([], (0, SPEC.dim))


def test_reads_several_videos_in_the_order_requested_each_once(store: VectorStore):
    given_batch = batch(600)  # more than one page's worth; 120 of each video
    store.add(given_batch, VIDEOS)
    got = store.read_videos(["v3", "nobody", "v0", "v3", "v1", "v0"])
    rows = [*range(3, 600, 5), *range(0, 600, 5), *range(1, 600, 5)]  # of each in order of time
    assert list(got.segments) == [given_batch.segments[row] for row in rows]
    np.testing.assert_allclose(got.vectors, given_batch.vectors[rows], atol=1e-6)


def test_reads_many_videos_at_once(store: VectorStore):
    ids = [f"w{number}" for number in range(300)]
    given_batch = EmbeddingBatch([Segment(i, SegmentKind.THUMBNAIL) for i in ids], unit(300))
    store.add(given_batch, {i: Video(i, "", "") for i in ids})
    store.add(batch(5), VIDEOS)
    requested = ids[::-1] + [f"x{number}" for number in range(300)]
    got = store.read_videos(requested)
    assert [segment.video_id for segment in got.segments] == ids[::-1]
    np.testing.assert_allclose(got.vectors, given_batch.vectors[::-1], atol=1e-6)


def test_views_that_become_unknown_stop_matching_and_vectors_stay(store: VectorStore):
    store.add(batch(50), VIDEOS)
    before = store.read_videos(["v3"])
    assert found_in(store, Filter(min_views=3)) == {"v3", "v4"}
    store.update_video(Video("v3", "", "Video 3", channel="New"))
    assert found_in(store, Filter(min_views=3)) == {"v4"}
    assert found_in(store, Filter(channels=("New",))) == {"v3"}
    after = store.read_videos(["v3"])
    assert list(after.segments) == list(before.segments)
    np.testing.assert_array_equal(after.vectors, before.vectors)


def test_updating_an_unknown_video_adds_nothing(store: VectorStore):
    store.add(batch(5), VIDEOS)
    store.update_video(Video("nobody", "", "", views=10**6))
    assert store.count() == 5
    assert found_in(store, Filter(min_views=100)) == set()


def test_a_filter_is_applied_before_the_limit(store: VectorStore):
    store.add(batch(200), VIDEOS)
    hits = store.search(unit(1)[0], 7, Filter(video_ids=("v4",)))
    assert len(hits) == 7
    assert {hit.segment.video_id for hit in hits} == {"v4"}


@pytest.mark.parametrize(
    "where",
    [
        Filter(moments_from_seconds=0),
        Filter(moments_from_seconds=10),
        Filter(moments_from_seconds=10.001),
        Filter(moments_until_seconds=10),
        Filter(moments_until_seconds=float("inf")),
        Filter(moments_from_seconds=4.5, moments_until_seconds=30, min_views=1),
        Filter(moments_from_seconds=31),
        Filter(moments_until_seconds=0),
    ],
)
def test_moments_are_kept_by_where_they_begin(store: VectorStore, where: Filter):
    segments = [
        Segment("v1", SegmentKind.THUMBNAIL),
        Segment("v1", SegmentKind.STILL, 0, 0),
        Segment("v0", SegmentKind.STILL, 10, 10),
        Segment("v2", SegmentKind.STILL, 10.0005, 10.0005),
        Segment("v2", SegmentKind.CLIP, 4.5, 12),
        Segment("v1", SegmentKind.PASSAGE, 5, 35, "caption"),
        Segment("v2", SegmentKind.PASSAGE, 30, 60, "chapter"),
        Segment("v2", SegmentKind.PASSAGE, 0, 0, "title"),
        Segment("v1", SegmentKind.PASSAGE, 0, 0, "description"),
    ]
    store.add(EmbeddingBatch(segments, unit(len(segments))), VIDEOS)
    segments = {hit.segment for hit in store.search(unit(1)[0], 100, where)}
    fitting = {s for s in segments if matches(where, VIDEOS[s.video_id])}
    assert segments == {s for s in fitting if matches_moment(where, s)}


def test_keeps_nothing_of_no_videos(store: VectorStore):
    store.add(batch(5), VIDEOS)
    assert store.search(unit(1)[0], 5, Filter(video_ids=())) == []


def test_an_empty_name_is_not_the_name_of_an_unnamed_channel(store: VectorStore):
    store.add(batch(5), VIDEOS)
    assert found_in(store, Filter(channels=("",))) == set()
    assert found_in(store, Filter(categories=("",))) == set()


def test_an_infinite_bound_asks_only_that_the_duration_is_known(store: VectorStore):
    videos = {**VIDEOS, "v2": replace(VIDEOS["v2"], duration_seconds=7.0)}
    store.add(batch(5), videos)
    assert found_in(store, Filter(max_duration_seconds=float("inf"))) == {"v2"}


def test_forgets_a_removed_video(store: VectorStore):
    store.add(batch(50), VIDEOS)
    store.remove_video("v2")
    store.remove_video("nobody")
    assert store.count() == 40
    assert found_in(store, None) == store.video_ids() == {"v0", "v1", "v3", "v4"}


def test_an_empty_store_finds_nothing(store: VectorStore):
    store.commit()
    assert store.count() == 0
    assert store.video_ids() == set()
    assert store.search(unit(1)[0], 5) == []


@pytest.mark.parametrize(("limit", "count"), [(-1, 0), (0, 0), (5, 5), (6, 5), (10**9, 5)])
def test_finds_up_to_the_limit(store: VectorStore, limit: int, count: int):
    store.add(batch(5), VIDEOS)
    assert len(store.search(unit(1)[0], limit)) == count


def test_takes_an_empty_batch(store: VectorStore):
    store.add(batch(0), {})
    assert store.count() == 0


def test_keeps_the_spec(store: VectorStore):
    assert (store.spec.name, store.spec.languages) == ("random", ("en", "ko"))


def test_refuses_vectors_of_another_length(store: VectorStore):
    long = np.eye(1, SPEC.dim + 1, dtype=np.float32)
    with pytest.raises(ValueError, match="dim"):
        store.add(EmbeddingBatch([Segment("v0", SegmentKind.THUMBNAIL)], long), VIDEOS)
    with pytest.raises(ValueError, match="dim"):
        store.search(long[0], 3)


def test_refuses_a_segment_whose_video_is_not_given(store: VectorStore):
    with pytest.raises(ValueError, match="v1"):
        store.add(batch(3), {"v0": VIDEOS["v0"], "v2": VIDEOS["v2"]})
    assert store.count() == 0


def test_a_persistent_store_refuses_another_space(tmp_path: Path):
    other = replace(SPEC, dim=SPEC.dim * 2)
    EdgeStore(tmp_path / "s", SPEC).close()
    with pytest.raises(EncoderMismatchError, match="32"):
        EdgeStore(tmp_path / "s", other)
    client = QdrantClient(":memory:")
    assert ServerStore("local", SPEC, client=client).count() == 0
    with pytest.raises(EncoderMismatchError, match="32"):
        ServerStore("local", other, client=client)


names = st.sampled_from(
    ["", "Pets", "고양이 채널", "a'b\"c\\", "UC_x-1", "  ", "é", "e\u0301", "\U0001f408"]
)
names |= st.text(max_size=4)
days = st.dates() | st.dates(date(2024, 2, 27), date(2024, 3, 2))
durations = st.floats(0, 1e7) | st.sampled_from([0.0, 59.999, 60.0])
views = st.integers(0, 10**12) | st.integers(0, 2)
few_ids = st.lists(st.sampled_from(["v0", "v1", "v2", "v3", "v9", "v'\"\\"]), max_size=4).map(tuple)


def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


facts = st.fixed_dictionaries(
    {
        "channel": names,
        "channel_id": names,
        "category": names,
        "published": maybe(days),
        "duration_seconds": maybe(durations),
        "views": maybe(views),
    }
)


@st.composite
def filters_near(draw: st.DrawFn, videos: list[Video]) -> Filter:
    """Filters that often hit exactly what some video has: the bounds are where mistakes are."""

    def of(field: str, otherwise: st.SearchStrategy) -> st.SearchStrategy:
        there = [v for v in (getattr(video, field) for video in videos) if v is not None]
        return (st.sampled_from(there) | otherwise) if there else otherwise

    some_names = st.lists(of("channel", names) | of("channel_id", names), max_size=3).map(tuple)
    return Filter(
        video_ids=draw(maybe(few_ids)),
        not_video_ids=draw(few_ids),
        channels=draw(some_names),
        categories=draw(st.lists(of("category", names), max_size=2).map(tuple)),
        after=draw(maybe(of("published", days))),
        before=draw(maybe(of("published", days))),
        min_duration_seconds=draw(maybe(of("duration_seconds", durations))),
        max_duration_seconds=draw(maybe(of("duration_seconds", durations))),
        min_views=draw(maybe(of("views", views))),
    )


@pytest.fixture(scope="module")
def filtered_store(make_store: StoreMaker) -> VectorStore:
    store = make_store(SPEC)
    store.add(batch(15), VIDEOS)
    return store


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_a_filter_means_the_same_in_every_store(filtered_store: VectorStore, data: st.DataObject):
    videos = [Video(f"v{i}", "", "", **data.draw(facts)) for i in range(5)]
    for video in videos:
        filtered_store.update_video(video)
    for _ in range(4):
        where = data.draw(filters_near(videos))
        expected = {video.id for video in videos if matches(where, video)}
        assert found_in(filtered_store, where) == expected
