"""What the terms of a query do to a search, on a library of colours."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.memory_passages import MemoryPassages
from tests.helpers.memory_store import MemoryStore
from tests.helpers.painted_library import open_painted, paint_dataset, picture_of
from tests.helpers.palette_encoder import PALETTE, PaletteEncoder
from tubeseek.catalog import Catalog, SourceRow
from tubeseek.core.errors import QueryError
from tubeseek.core.filters import Filter
from tubeseek.core.index import Index
from tubeseek.core.schemas import AddRequest, Boost, IndexRequest, Scope, SearchRequest, Where
from tubeseek.core.types import (
    EmbeddingBatch,
    HeatPoint,
    Passage,
    Segment,
    SegmentKind,
    Video,
)
from tubeseek.library.library import Library
from tubeseek.search.plan import WeightedIndex, WeightedPassages
from tubeseek.search.query.composite import CompositeQuery
from tubeseek.search.ranking import Ranker


@pytest.fixture(scope="module")
def painted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Each video is called "All in COLOUR" and shows it."""
    folder = tmp_path_factory.mktemp("painted")
    library = open_painted(folder / "library")
    dataset = paint_dataset(folder / "data", {colour: colour for colour in PALETTE})
    for request in (AddRequest(locators=(str(dataset),)), IndexRequest(encoder="palette")):
        list(library.run(request))
    yield library
    library.close()


def ids(library: Library, text: str, **fields: object) -> list[str]:
    return [hit.video_id for hit in library.search(SearchRequest(text=text, **fields)).hits]


def ids_by_pictures(library: Library, text: str, **fields: object) -> list[str]:
    return ids(library, text, using=Scope.PICTURES, **fields)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("red + blue", {"red", "blue"}),
        ("2:red + blue", ["red", "blue"]),
        ("red + 2:blue", ["blue", "red"]),
        ("red + blue - red", ["blue"]),
        ("3:red + blue - 2.5:red", ["blue", "red"]),
        ("like:red + 0.5:cyan", ["cyan"]),
        ("blue + 3:like:red", ["blue"]),
    ],
)
def test_weighted_sums_order_what_is_ids_by_pictures(
    painted: Library, text: str, first: object
) -> None:
    best = ids_by_pictures(painted, text)[: len(first)]
    assert (set(best) if isinstance(first, set) else best) == first


def test_what_is_subtracted_comes_last(painted: Library) -> None:
    assert ids_by_pictures(painted, "red - blue")[0] == "red"
    assert ids_by_pictures(painted, "red - blue")[-1] == "blue"
    assert ids_by_pictures(painted, "red -like:blue")[-1] not in ("red", "blue")  # it is left out
    assert "blue" not in ids_by_pictures(painted, "red -like:blue")


def test_a_minus_in_a_word_is_no_operator(painted: Library) -> None:
    assert painted.search(SearchRequest(text="red-blue")).notices == ()
    (notice,) = painted.search(SearchRequest(text="red - blue")).notices
    assert '"red"' in notice
    assert '"blue"' in notice


def test_a_literal_text_is_one_sentence(painted: Library) -> None:
    for text in ("red - blue", "- red + blue", 'red "and blue'):
        literal = painted.search(SearchRequest(text=text, literal=True, using=Scope.PICTURES))
        assert {hit.video_id for hit in literal.hits[:2]} == {"red", "blue"}
        assert literal.notices == ()


def test_an_exclusion_leaves_out_what_is_called_so(painted: Library) -> None:
    everything = set(PALETTE)
    assert set(ids(painted, "all in paint -red")) == everything - {"red"}
    assert set(ids(painted, "all in paint -red", using=Scope.WORDS)) == everything - {"red"}
    assert set(ids_by_pictures(painted, "green -red -blue")) == everything - {"red", "blue"}
    assert set(ids_by_pictures(painted, 'green -"in red"')) == everything - {"red"}
    assert set(ids_by_pictures(painted, 'green -"red in"')) == everything


def test_what_is_only_subtracted_is_subtracted_and_not_left_out(painted: Library) -> None:
    assert set(ids_by_pictures(painted, "green - red")) == set(PALETTE)
    words = ids(painted, "all in - red", using=Scope.WORDS)
    assert set(words) == set(PALETTE) - {"red"}  # its title does not count


def test_exact_words_must_be_in_the_video(painted: Library) -> None:
    assert ids(painted, '"in red"') == ["red"]
    assert ids_by_pictures(painted, '"in red"') == ["red"]  # also in a search of pictures alone
    assert ids(painted, '"all in" -blue "in green" + 2:yellow') == ["green"]
    answer = painted.search(SearchRequest(text='"red in"'))
    assert answer.hits == ()
    (notice,) = answer.notices
    assert '"red in"' in notice
    where = Where(channel=("Cold",))
    assert ids(painted, '"all in"', where=where) == ids(painted, "all in", where=where)


def test_pictures_come_along_by_name(painted: Library) -> None:
    picture = base64.b64encode(picture_of("yellow"))
    alone = painted.search(SearchRequest(image=picture, image_name="x.png"))
    assert painted.search(SearchRequest(text="x.png", images={"x.png": picture})) == alone
    assert painted.search(SearchRequest(text="image:x", images={"x": picture})).hits == alone.hits
    both = ids_by_pictures(painted, "x.png + 0.5:blue", images={"x.png": picture})
    assert both[:2] == ["yellow", "blue"]


def test_no_file_is_read_because_a_query_names_it(painted: Library, tmp_path: Path) -> None:
    path = tmp_path / "yellow.png"
    path.write_bytes(picture_of("yellow"))
    for text, column in ((f"image:{path}", 1), (f"blue + {path}", 8), (f"blue - {path}", 8)):
        with pytest.raises(QueryError) as caught:
            painted.search(SearchRequest(text=text))
        assert caught.value.column == column
    words = painted.search(SearchRequest(text=str(path), using=Scope.PICTURES))
    plain = painted.search(SearchRequest(text="nothing known", using=Scope.PICTURES))
    assert [hit.score for hit in words.hits] == [hit.score for hit in plain.hits]


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({"text": "red - red"}, None),
        ({"text": "like:nobody + red"}, "'nobody'"),
        ({"text": "red", "images": {"a": base64.b64encode(picture_of("red"))}}, "'a'"),
        ({"text": "red + blue", "min_fit": "weak"}, "min_fit"),
        ({"text": 'red "blue'}, "column 5"),
    ],
)
def test_an_impossible_query_is_refused(
    painted: Library, fields: dict[str, object], value: str | None
) -> None:
    with pytest.raises(QueryError, match=value):
        painted.search(SearchRequest(**fields))


def test_a_weight_on_the_only_sentence_changes_nothing(painted: Library) -> None:
    sentence = "something red, 3:2 C++ (rock-n-roll)"
    plain = painted.search(SearchRequest(text=sentence))
    assert plain.notices == ()
    same = painted.search(SearchRequest(text=f"  2:{sentence} "))
    assert [(h.video_id, h.score, h.fit) for h in same.hits] == [
        (h.video_id, h.score, h.fit) for h in plain.hits
    ]


TODAY = datetime.now(UTC).date()


class PlantedLibrary:
    """Three videos with a red and a blue frame each, and one passage at each frame."""

    def __init__(self, folder: Path, **facts: dict[str, object]) -> None:
        encoder = PaletteEncoder()
        self.catalog = Catalog(folder / "catalog.sqlite")
        self.index, self.words = Index(encoder, MemoryStore(encoder.spec)), MemoryPassages()
        listing = self.catalog.add_source(SourceRow("place", "folder", None))
        red, blue = encoder.encode_texts(["red", "blue"])
        for name in "abc":
            video = replace(Video(name, "", f"Film {name}"), **facts.get(name, {}))
            self.catalog.record_listed(video, "place", listing)
            stills = [Segment(name, SegmentKind.STILL, at, at) for at in (10.0, 50.0)]
            vectors = np.stack([red, blue])
            self.index.store.add(EmbeddingBatch(stills, vectors), {name: video})
            passages = [
                Passage(
                    Segment(name, SegmentKind.PASSAGE, at, at + 20, "caption"), f"{words} {name}"
                )
                for at, words in ((0.0, "a red hat"), (40.0, "a blue sky"))
            ]
            self.words.add(passages, {name: video})

    def ranker(self, *boosts: Boost) -> Ranker:
        return Ranker(
            self.catalog,
            [WeightedIndex(self.index)],
            WeightedPassages(self.words),
            folds=False,
            boosts=boosts,
        )


@pytest.fixture
def planted(tmp_path: Path) -> PlantedLibrary:
    return PlantedLibrary(
        tmp_path,
        b={"published": TODAY},
        c={"heatmap": tuple(HeatPoint(20.0 * n, 20.0 * n + 20, n / 3) for n in range(4))},
    )


@pytest.mark.parametrize(
    ("where", "starts"),
    [
        (Filter(), {10.0, 50.0}),
        (Filter(moments_from_seconds=30), {50.0}),
        (Filter(moments_until_seconds=30), {10.0}),
        (Filter(moments_from_seconds=10, moments_until_seconds=50), {10.0}),
    ],
)
def test_only_moments_of_that_time_are_found(
    planted: PlantedLibrary, where: Filter, starts: set[float]
) -> None:
    hits = planted.ranker().search("red sky", 10, where)
    assert len(hits) == 3
    for hit in hits:
        assert {m.hit.segment.start for m in hit.moments if m.hit.segment.kind == "still"} == starts


def test_a_phrase_may_be_anywhere_in_the_video(planted: PlantedLibrary) -> None:
    query = CompositeQuery(("hat",), (1.0,), words="red hat b", phrases=("red hat b",))
    hits = planted.ranker().search(query, 10, Filter(moments_from_seconds=30))
    assert [hit.video.id for hit in hits] == ["b"]
    assert all(moment.hit.segment.start >= 30 for hit in hits for moment in hit.moments)


def test_exact_words_are_the_moment_whatever_else_the_query_has(planted: PlantedLibrary) -> None:
    words = " ".join(["hat b", *(f"word{n}" for n in range(40))])
    query = CompositeQuery(("blue",), (1.0,), words=words, phrases=("hat b",))
    (hit,) = planted.ranker().search(query, 10)
    # The frame at 50 is blue, that at 10 is not; but at 10 the words are spoken.
    assert [m.hit.segment.start for m in hit.moments][:2] == [10, 50]


def test_exact_words_decide_over_passages_that_are_found_by_meaning(
    planted: PlantedLibrary,
) -> None:
    encoder = PaletteEncoder(frames=0)  # it reads words only
    meanings = Index(encoder, MemoryStore(encoder.spec))
    for name in "abc":
        passages = planted.words.read_video(name)
        meanings.add_passages(passages, {name: Video(name, "", "")})
    ranker = Ranker(
        planted.catalog, [WeightedIndex(meanings)], WeightedPassages(planted.words), folds=False
    )

    def starts(query: CompositeQuery) -> dict[str, set[float]]:
        hits = ranker.search(query, 10)
        return {hit.video.id: {m.hit.segment.start for m in hit.moments} for hit in hits}

    both = {0.0, 40.0}
    assert starts(CompositeQuery(("red",), (1,), words="red")) == dict.fromkeys("abc", both)
    subtracted = CompositeQuery(("red",), (1,), words="red", subtracted_phrases=("hat b", "sky"))
    assert starts(subtracted) == {"a": {0.0}, "c": {0.0}}
    phrase = CompositeQuery(("red",), (1,), words="red", phrases=("hat b",))
    assert starts(phrase) == {"b": {0.0}}
    picture = np.zeros((1, 4, 4, 3), np.uint8)
    assert (
        starts(CompositeQuery((picture, "red"), (1, -1))) == {}
    )  # an index of words has nothing to search for


def test_boosts_order_what_fits_as_well(planted: PlantedLibrary) -> None:
    def order(*boosts: Boost) -> list[str]:
        return [hit.video.id for hit in planted.ranker(*boosts).search("blue", 10)]

    assert order() == ["a", "b", "c"]
    assert order(Boost.RECENT) == ["b", "a", "c"]
    assert order(Boost.MOST_REPLAYED) == ["c", "a", "b"]
    assert order(*Boost)[-1] == "a"


def test_a_boost_reaches_below_the_limit(planted: PlantedLibrary) -> None:
    (hit,) = planted.ranker(Boost.RECENT).search("blue", 1)
    assert hit.video.id == "b"
