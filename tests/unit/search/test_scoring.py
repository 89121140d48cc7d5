"""What is graded, and that weights and empty indexes do not change what fits."""

from pathlib import Path

import numpy as np
import pytest

from tests.helpers.memory_passages import MemoryPassages
from tests.helpers.memory_store import MemoryStore
from tests.helpers.palette_encoder import PaletteEncoder
from tubeseek.catalog import Catalog, SourceRow
from tubeseek.core.filters import Filter
from tubeseek.core.index import Index
from tubeseek.core.passages import video_passages
from tubeseek.core.schemas.search import Fit
from tubeseek.core.types import EmbeddingBatch, Segment, SegmentKind, Video
from tubeseek.search.plan import WeightedIndex, WeightedPassages
from tubeseek.search.ranking import Ranker
from tubeseek.search.relevance import RelevanceModel

TITLES = ("a red kite", "a blue boat", "green hills", "a night train")


class Collection:
    """Four titled videos, two of which have a still of a random direction."""

    def __init__(self, folder: Path) -> None:
        self.catalog = Catalog(folder / "catalog.sqlite")
        encoder = PaletteEncoder()
        self.index, self.words = Index(encoder, MemoryStore(encoder.spec)), MemoryPassages()
        videos = {f"v{n}": Video(f"v{n}", "", title) for n, title in enumerate(TITLES)}
        listing = self.catalog.add_source(SourceRow("place", "folder", None))
        for video in videos.values():
            self.catalog.record_listed(video, "place", listing)
            self.words.add(video_passages(video), videos)
        random = np.random.default_rng(0)
        vectors = random.standard_normal((62, encoder.spec.dim)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        stills = [Segment(name, SegmentKind.STILL, 1.0, 1.0) for name in ("v0", "v1")]
        self.index.store.add(EmbeddingBatch(stills, vectors[:2]), videos)
        self.model = RelevanceModel.learn(vectors[2:], vectors[:2], 2)

    def grades(
        self,
        query: str,
        *indexes: WeightedIndex,
        words: float = 1.0,
        where: Filter | None = None,
    ) -> dict[str, Fit | None]:
        ranker = Ranker(self.catalog, indexes, WeightedPassages(self.words, words))
        return {hit.video.id: hit.fit for hit in ranker.search(query, 10, where)}


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return Collection(tmp_path)


@pytest.mark.parametrize("weight", [0.01, 1.0, 100.0])
def test_words_alone_are_graded_whatever_they_weigh(collection: Collection, weight: float) -> None:
    assert collection.grades("night train", words=weight)["v3"] is not Fit.NONE
    assert set(collection.grades("a zeppelin", words=weight).values()) == {Fit.NONE}


def test_a_title_that_is_the_query_fits_well(collection: Collection) -> None:
    assert collection.grades("a night train")["v3"] is Fit.STRONG


def test_an_index_that_the_filters_leave_empty_takes_no_grade_away(
    collection: Collection,
) -> None:
    where = Filter(video_ids=("v2", "v3"))  # without a still
    pictures = WeightedIndex(collection.index, collection.model)
    assert collection.grades("night train", pictures, where=where)["v3"] is not Fit.NONE
    assert collection.grades("night train", pictures, where=where) == collection.grades(
        "night train", where=where
    )


def test_an_index_without_a_model_is_ordered_and_takes_the_grade(collection: Collection) -> None:
    unknown = WeightedIndex(collection.index)
    grades = collection.grades("night train", unknown)
    assert next(iter(grades)) == "v3"
    assert set(grades.values()) == {None}


def test_indexes_that_weigh_nothing_answer_nothing(collection: Collection) -> None:
    pictures = WeightedIndex(collection.index, collection.model, weight=0.0)
    assert collection.grades("night train", pictures, words=0.0) == {}
    assert collection.grades("night train", pictures) == collection.grades("night train")


def test_a_filter_that_leaves_nothing(collection: Collection) -> None:
    pictures = WeightedIndex(collection.index, collection.model)
    assert collection.grades("night train", pictures, where=Filter(video_ids=())) == {}
