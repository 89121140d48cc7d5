"""What holding a term of a query tells."""

import pytest

from tests.helpers.memory_passages import MemoryPassages
from tubeseek.core.types import Passage, Segment, SegmentKind, Video
from tubeseek.search.evidence import term_weight
from tubeseek.search.word_weights import ASKING_SHARE, background_shares, weigh_query

TITLES = ("a red car", "a blue car", "the red house", "a song", "빨간 자동차", "파란 자동차 영상")


@pytest.fixture
def store() -> MemoryPassages:
    store = MemoryPassages()
    videos = {f"v{n}": Video(f"v{n}", "", title) for n, title in enumerate(TITLES)}
    segments = [Segment(name, SegmentKind.PASSAGE, track="title") for name in videos]
    passages = [Passage(segment, title) for segment, title in zip(segments, TITLES, strict=True)]
    store.add(passages, videos)
    return store


def test_a_word_weighs_by_how_many_passages_hold_it(store: MemoryPassages) -> None:
    weights = weigh_query("red zebra", store, len(TITLES))
    assert weights["red"] == pytest.approx(term_weight(2, len(TITLES), 0.0), abs=1e-6)
    assert weights["zebra"] == pytest.approx(term_weight(0, len(TITLES), 0.0), abs=1e-6)
    assert weights["zebra"] > weights["red"]


def test_function_words_weigh_little_even_in_a_small_library(store: MemoryPassages) -> None:
    weights = weigh_query("a zebra", store, len(TITLES))
    assert "a" in background_shares()
    assert weights["a"] < weights["zebra"] / 5


def test_words_that_ask_for_a_video_weigh_little(store: MemoryPassages) -> None:
    weights = weigh_query("show me a video of a squirrel", store, len(TITLES))
    most = term_weight(0, len(TITLES), ASKING_SHARE)
    assert max(weights[term] for term in ("show", "me", "video")) <= most < weights["squirrel"]
    korean = weigh_query("스포츠카를 보여줘", store, len(TITLES))
    sports_car = sum(weight for term, weight in korean.items() if term in ("스", "스포", "포츠"))
    assert sum(korean.values()) - sports_car < sports_car


def test_the_terms_of_a_korean_word_share_the_weight_of_one_word(store: MemoryPassages) -> None:
    korean = weigh_query("다람쥐", store, len(TITLES))
    english = weigh_query("squirrel", store, len(TITLES))
    assert sum(korean.values()) == pytest.approx(sum(english.values()))


def test_a_store_may_hold_more_than_the_catalogue_counts(store: MemoryPassages) -> None:
    """While videos are indexed, their passages are there before they are recorded."""
    weights = weigh_query("red zebra", store, 0)
    assert all(0 < weight < 10 for weight in weights.values())


@pytest.mark.parametrize("query", ["", "!!!"])
def test_a_query_without_words_has_no_weights(store: MemoryPassages, query: str) -> None:
    assert weigh_query(query, store, len(TITLES)) == {}
