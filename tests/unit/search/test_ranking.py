"""A search returns the planted answer within its limit, and explains an empty result."""

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.helpers.memory_store import MemoryStore
from tests.helpers.painted_library import open_painted, paint_dataset
from tests.helpers.palette_encoder import PALETTE, PaletteEncoder
from tubeseek.catalog import Catalog, SourceRow
from tubeseek.core.errors import EncoderMismatchError, InputError, QueryError
from tubeseek.core.filters import Filter
from tubeseek.core.index import Index
from tubeseek.core.schemas import AddRequest, IndexRequest, RemoveRequest, SearchRequest, Where
from tubeseek.core.types import EmbeddingBatch, Segment, SegmentKind, Video
from tubeseek.library.library import Library
from tubeseek.search.plan import WeightedIndex
from tubeseek.search.ranking import Ranker


@pytest.fixture
def painted(tmp_path: Path) -> Iterator[Library]:
    library = open_painted(tmp_path / "library")
    folder = paint_dataset(tmp_path / "data", {colour: colour for colour in PALETTE})
    for request in (AddRequest(locators=(str(folder),)), IndexRequest(encoder="palette")):
        list(library.run(request))
    yield library
    library.close()


def ids(library: Library, **fields: object) -> list[str]:
    return [hit.video_id for hit in library.search(SearchRequest(**fields)).hits]


def png(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 20), PALETTE[colour]).save(file, "PNG")
    return base64.b64encode(file.getvalue())


@pytest.mark.parametrize("colour", PALETTE)
def test_words_and_pictures_find_the_same_video(painted: Library, colour: str) -> None:
    assert ids(painted, text=f"something {colour}", limit=1) == [colour]
    assert ids(painted, image=png(colour), limit=1) == [colour]


def test_a_title_typed_in_full_comes_before_what_looks_more_like_it(tmp_path: Path) -> None:
    """The other video shares three of its five words and is green; this one is red."""
    titles = {"right": "the green field we lost", "alike": "the green field"}
    titles |= {colour: f"something {colour}" for colour in PALETTE if colour != "green"}
    colours = {"right": "red", "alike": "green"}
    folder = tmp_path / "data"
    (folder / "images").mkdir(parents=True)
    rows = ["Id,Title"]
    for video_id, title in titles.items():
        colour = colours.get(video_id, video_id)
        Image.new("RGB", (8, 8), PALETTE[colour]).save(folder / "images" / f"{video_id}.png")
        rows.append(f"{video_id},{title}")
    (folder / "metadata.csv").write_text("\n".join(rows))
    library = open_painted(tmp_path / "library")
    for request in (AddRequest(locators=(str(folder),)), IndexRequest(encoder="palette")):
        list(library.run(request))
    assert ids(library, text=titles["right"], fold=False)[0] == "right"
    assert ids(library, text=titles["right"], fold=False, using="pictures")[0] == "alike"
    assert ids(library, text="a green field", fold=False)[0] == "alike"
    library.close()


def test_more_like_one_leaves_it_out(painted: Library) -> None:
    similar = ids(painted, like="red", limit=8)
    assert "red" not in similar
    assert len(similar) == 7
    # Yellow and magenta share two of the three primaries with red, black differs in one.
    assert set(similar[:3]) == {"yellow", "magenta", "black"}


def test_filters_hold(painted: Library) -> None:
    warm = ids(painted, text="blue", where=Where(channel=("Warm",)))
    assert set(warm) == {"red", "yellow", "magenta"}
    popular = ids(painted, text="blue", where=Where(min_views=700))
    assert set(popular) == {"black", "white"}


@pytest.mark.parametrize(
    "where",
    [Where(channel=("Nobody",)), Where(min_duration=1)],  # the lengths are not known
)
def test_filters_that_leave_nothing_say_so(painted: Library, where: Where) -> None:
    answer = painted.search(SearchRequest(text="red", where=where))
    assert answer.hits == ()
    assert len(answer.notices) == 1


def test_an_empty_library_says_what_to_do(tmp_path: Path) -> None:
    library = open_painted(tmp_path)
    answer = library.search(SearchRequest(text="red"))
    assert answer.encoder == ""
    assert "tubeseek add" in answer.notices[0]
    library.close()


def test_added_but_not_indexed_says_what_to_do(tmp_path: Path) -> None:
    library = open_painted(tmp_path / "library")
    folder = paint_dataset(tmp_path / "data", {"a": "red"})
    list(library.run(AddRequest(locators=(str(folder),))))
    assert "tubeseek index" in library.search(SearchRequest(text="red")).notices[0]
    library.close()


@pytest.mark.parametrize(
    ("query", "values"),
    [("", None), (" \n\t ", None), ("a cat " * 20_000, "119,999.*2,000")],
)
def test_a_query_that_is_empty_or_too_long(
    painted: Library, query: str, values: str | None
) -> None:
    with pytest.raises(QueryError, match=values):
        painted.search(SearchRequest(text=query))


def test_an_encoder_that_made_no_index_is_named(painted: Library) -> None:
    with pytest.raises(QueryError, match=r"'clip'.*palette"):
        painted.search(SearchRequest(text="red", encoder="clip"))


def test_removed_videos_are_not_ids(painted: Library) -> None:
    answer = painted.remove(RemoveRequest(names=("red", "nobody")))
    assert (answer.removed, answer.unknown) == (("red",), ("nobody",))
    assert "red" not in ids(painted, text="red")


def test_removing_a_source_removes_what_only_it_brought(painted: Library, tmp_path: Path) -> None:
    painted.remove(RemoveRequest(names=(str(tmp_path / "data"),)))
    status = painted.status()
    assert (status.videos, status.sources, status.indexes[0].segments) == (0, (), 0)


def test_enough_videos_come_although_one_has_most_segments(tmp_path: Path) -> None:
    encoder = PaletteEncoder()
    index = Index(encoder, MemoryStore(encoder.spec))
    catalog = Catalog(tmp_path / "catalog.sqlite")
    listing = catalog.add_source(SourceRow("place", "folder", None))
    videos = {name: Video(name, "", name) for name in ("talkative", "a", "b")}
    for video in videos.values():
        catalog.record_listed(video, "place", listing)
    red, blue = encoder.encode_texts(["red", "blue"])
    segments = [Segment("talkative", SegmentKind.STILL, float(i), float(i)) for i in range(500)]
    segments += [Segment(name, SegmentKind.THUMBNAIL) for name in "ab"]
    index.store.add(EmbeddingBatch(segments, np.stack([red] * 500 + [blue] * 2)), videos)
    hits = Ranker(catalog, [WeightedIndex(index)]).search("red", limit=3)
    assert [hit.video.id for hit in hits] == ["talkative", *sorted("ab")]
    (moment,) = hits[0].moments  # its stills all look alike
    assert (moment.start, moment.end) == (0, 500)
    only = Ranker(catalog, [WeightedIndex(index)]).search(
        "red", 3, Filter(not_video_ids=("talkative",))
    )
    assert {hit.video.id for hit in only} == {"a", "b"}
    catalog.close()


def test_an_index_of_other_weights_is_refused() -> None:
    with pytest.raises(EncoderMismatchError, match="v2"):
        Index(PaletteEncoder(fingerprint="v2"), MemoryStore(PaletteEncoder().spec))


def test_a_video_that_is_not_here(painted: Library) -> None:
    with pytest.raises(InputError, match="nobody"):
        painted.video("nobody")
    with pytest.raises(QueryError, match="nobody"):
        painted.search(SearchRequest(like="nobody"))


def test_a_script_that_the_encoder_cannot_read(painted: Library) -> None:
    assert painted.search(SearchRequest(text="빨간색")).notices == ()  # it claims many languages
