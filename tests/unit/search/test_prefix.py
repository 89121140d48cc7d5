"""However much of a list is asked for, it is a part of one and the same list."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.memory_passages import MemoryPassages
from tests.helpers.memory_store import MemoryStore
from tests.helpers.palette_encoder import PALETTE, PaletteEncoder
from tubeseek.catalog import Catalog, SourceRow
from tubeseek.core.index import Index
from tubeseek.core.passages import video_passages
from tubeseek.core.types import EmbeddingBatch, Segment, SegmentKind, Video, VideoHit
from tubeseek.search import ranking
from tubeseek.search.plan import WeightedIndex, WeightedPassages
from tubeseek.search.ranking import Ranker
from tubeseek.search.relevance import RelevanceModel

WORDS = [*PALETTE, "a", "of", "snow", "piano"]
TITLES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


def ranker_of(
    catalog: Catalog, titles: list[str], stills: int, seed: int, *, folds: bool
) -> Ranker:
    """A library of random vectors: each video has a thumbnail, some stills and a title."""
    encoder = PaletteEncoder()
    index, words = Index(encoder, MemoryStore(encoder.spec)), MemoryPassages()
    listing = catalog.add_source(SourceRow("place", "folder", None))
    videos = {f"v{n}": Video(f"v{n}", "", title) for n, title in enumerate(titles)}
    for video in videos.values():
        catalog.record_listed(video, "place", listing)
        words.add(video_passages(video), videos)
    segments = [Segment(name, SegmentKind.THUMBNAIL) for name in videos]
    segments += [
        Segment(name, SegmentKind.STILL, 5.0 * at, 5.0 * at)
        for name in videos
        for at in range(stills)
    ]
    random = np.random.default_rng(seed)
    vectors = random.standard_normal((len(segments), encoder.spec.dim)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index.store.add(EmbeddingBatch(segments, vectors), videos)
    background = random.standard_normal((60, encoder.spec.dim)).astype(np.float32)
    background /= np.linalg.norm(background, axis=1, keepdims=True)
    model = RelevanceModel.learn(background, vectors, len(vectors))
    weighted = [WeightedIndex(index, model)]
    return Ranker(catalog, weighted, WeightedPassages(words), folds=folds)


def facts(hits: list[VideoHit]) -> list[tuple[str, float, int | None]]:
    return [(hit.video.id, round(hit.score, 9), hit.relevance) for hit in hits]


@settings(max_examples=60, deadline=None)
@given(
    titles=st.lists(TITLES, min_size=1, max_size=40),
    stills=st.integers(0, 4),
    seed=st.integers(0, 99),
    query=TITLES,
    cuts=st.lists(st.integers(1, 45), min_size=2, max_size=4),
    offset=st.integers(0, 45),
    depths=st.sampled_from([(3, 50), (100, 1_000)]),
    folds=st.booleans(),
)
def test_every_part_is_of_one_list(
    titles: list[str],
    stills: int,
    seed: int,
    query: str,
    cuts: list[int],
    offset: int,
    depths: tuple[int, int],
    *,
    folds: bool,
) -> None:
    before, ranking.DEPTHS = ranking.DEPTHS, depths
    try:
        with TemporaryDirectory() as folder:
            catalog = Catalog(Path(folder) / "catalog.sqlite")
            ranker = ranker_of(catalog, titles, stills, seed, folds=folds)
            whole = facts(ranker.search(query, 100))
            for count in cuts:
                assert facts(ranker.search(query, count)) == whole[:count]
            assert facts(ranker.search(query, 7, offset=offset)) == whole[offset : offset + 7]
            catalog.close()
    finally:
        ranking.DEPTHS = before
    grades = [grade for _, _, grade in whole]
    assert grades == sorted(grades, reverse=True)
    named = [title for title in titles if re.findall(r"\w+", title) == query.split()]
    if named and not folds:
        assert titles[int(whole[0][0][1:])] in named  # a title that is the query comes first
