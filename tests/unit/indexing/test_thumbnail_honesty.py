"""A thumbnail that shows what its video contains is rated above one that shows something else."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.memory_store import MemoryStore
from tests.helpers.painted_library import open_painted, paint_dataset
from tests.helpers.palette_encoder import PaletteEncoder
from tubeseek.catalog import Catalog, SourceRow
from tubeseek.core.index import Index
from tubeseek.core.schemas import AddRequest, IndexRequest, SearchRequest, Sort, Where
from tubeseek.core.types import EmbeddingBatch, EncoderSpec, Segment, SegmentKind, Vectors, Video
from tubeseek.indexing.thumbnail_honesty import honesty, rate_thumbnails

VIDEOS = 30
STILLS = 5
DIM = 32
LIAR = "v07"  # its thumbnail shows what is inside v11


def rows(*seeds: int) -> Vectors:
    made = [np.random.default_rng(seed).standard_normal(DIM) for seed in seeds]
    vectors = np.array(made, np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class PlantedEncoder(PaletteEncoder):
    """Only its form is needed: the vectors are planted."""

    def __init__(self) -> None:
        self.spec = EncoderSpec("planted", "v1", DIM, 1)


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[tuple[Catalog, Index]]:
    """Thirty videos; the thumbnail of each but one is its second still, a little changed."""
    catalog = Catalog(tmp_path / "catalog.sqlite")
    listing = catalog.add_source(SourceRow("place", "dataset", None))
    encoder = PlantedEncoder()
    index = Index(encoder, MemoryStore(encoder.spec))
    key = catalog.indexes.add_index("planted", encoder.spec).key
    names = [f"v{n:02}" for n in range(VIDEOS)]
    for number, name in enumerate(names):
        video = Video(name, "", name)
        catalog.record_listed(video, "place", listing)
        stills = rows(*range(100 * number, 100 * number + STILLS))
        of = 11 if name == LIAR else number
        shown = rows(100 * of + 1) + 0.2 * rows(9_000 + number)
        segments = [Segment(name, SegmentKind.THUMBNAIL)]
        segments += [Segment(name, SegmentKind.STILL, float(n), float(n)) for n in range(STILLS)]
        vectors = np.concatenate([shown / np.linalg.norm(shown), stills])
        index.store.add(EmbeddingBatch(segments, vectors), {name: video})
    catalog.indexes.videos(key).begin(names)
    catalog.indexes.videos(key).record([(name, "", STILLS + 1) for name in names])
    yield catalog, index
    catalog.close()


def test_the_score_is_the_share_of_videos_that_are_less_like_it() -> None:
    thumbnail, inside = np.float32([1, 0]), np.float32([[0, 1], [0.6, 0.8]])  # its best is .6
    others = [np.float32([[x, np.sqrt(1 - x * x)]]) for x in (0.1, 0.5, 0.6, 0.9)]
    assert honesty(thumbnail, inside, others) == pytest.approx((1 + 1 + 0.5 + 0) / 4)


def test_a_misleading_thumbnail_gets_the_lowest_rating(planted: tuple[Catalog, Index]) -> None:
    catalog, index = planted
    assert len(catalog.unrated_ids(index.spec.key)) == VIDEOS
    rate_thumbnails(catalog, index, [])
    names = [f"v{n:02}" for n in range(VIDEOS)]
    ratings = {name: video.honesty for name, video in catalog.videos(names).items()}
    assert ratings.pop(LIAR) < 1  # at least v11 looks more like it
    assert set(ratings.values()) == {1.0}
    assert sorted(catalog.honest_ids(1.0)) == sorted(ratings)
    assert catalog.unrated_ids(index.spec.key) == []


def test_searches_are_filtered_and_sorted_by_it(tmp_path: Path) -> None:
    library = open_painted(tmp_path / "library")
    folder = paint_dataset(tmp_path / "data", {"a": "red", "b": "yellow", "c": "blue", "d": "cyan"})
    list(library.run(AddRequest(locators=(str(folder),))))
    list(library.run(IndexRequest(encoder="palette")))
    catalog = Catalog(tmp_path / "library" / "catalog.sqlite")
    catalog.record_honesty({"a": 0.2, "b": 0.9, "c": 0.6})
    catalog.close()

    def hit_ids(**options: object) -> list[str]:
        return [hit.video_id for hit in library.search(SearchRequest(text="red", **options)).hits]

    assert hit_ids()[0] == "a"
    assert set(hit_ids(where=Where(min_honesty=0.5))) == {"b", "c"}
    assert hit_ids(sort=Sort.HONEST) == ["b", "c", "a", "d"]
    assert library.video("b").honesty == 0.9
    library.close()
