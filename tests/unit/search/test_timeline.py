"""Curves along one video: planted cosines, and BM25's share by its formula."""

import math

import numpy as np
import pytest

from tubeseek.core.bm25 import AVERAGE_LENGTH, K1, B
from tubeseek.core.types import EmbeddingBatch, Passage, Segment, SegmentKind
from tubeseek.search.timeline import cosine_curve, words_curve

NORTH, EAST = np.eye(2, dtype=np.float32)


def passage(start: float, text: str, track: str = "caption") -> Passage:
    end = start + 30 if track == "caption" else start
    return Passage(Segment("a", SegmentKind.PASSAGE, start, end, track), text)


def test_cosines_of_what_has_a_time_in_order_of_time() -> None:
    at = [Segment("a", SegmentKind.STILL, seconds, seconds) for seconds in (8.0, 2.0)]
    whole = Segment("a", SegmentKind.THUMBNAIL)
    between = np.float32([0.6, 0.8])
    batch = EmbeddingBatch([*at, whole], np.stack([NORTH, between, EAST]))
    curve = cosine_curve("clip", NORTH, batch)
    assert curve is not None
    assert (curve.index, curve.kind) == ("clip", "still")
    assert [(p.start, p.score) for p in curve.points] == [(2.0, 0.6), (8.0, 1.0)]


def test_a_thumbnail_alone_makes_no_curve() -> None:
    batch = EmbeddingBatch([Segment("a", SegmentKind.THUMBNAIL)], NORTH[None])
    assert cosine_curve("clip", NORTH, batch) is None


def test_words_get_the_share_of_the_most_that_a_text_could_have() -> None:
    """ "cat" is in one of two passages, once among three terms: IDF cancels out."""
    curve = words_curve("cats", [passage(0, "a cat sleeps"), passage(30, "nothing at all")])
    assert curve is not None
    assert (curve.index, curve.kind) == ("words", "passage")
    weight = (K1 + 1) / (1 + K1 * (1 - B + B * 3 / AVERAGE_LENGTH))
    assert curve.points[0].score == pytest.approx(weight / (K1 + 1), abs=1e-4)
    assert curve.points[1].score == 0


def test_a_rare_word_counts_more_than_a_frequent_one() -> None:
    """By ln((N - n + 0.5) / (n + 0.5) + 1), N being 3 and n being 1 and 3."""
    passages = [passage(0, "red cat"), passage(30, "red dog"), passage(60, "red fox")]
    curve = words_curve("red fox", passages)
    assert curve is not None
    scores = [point.score for point in curve.points]
    rare, common = math.log(1 + 2.5 / 1.5), math.log(1 + 0.5 / 3.5)
    assert scores[2] / scores[0] == pytest.approx((rare + common) / common, rel=1e-3)


def test_korean_words_are_found_whatever_their_ending() -> None:
    curve = words_curve("고양이가", [passage(0, "귀여운 고양이는"), passage(30, "강아지가 잔다")])
    assert curve is not None
    assert curve.points[0].score > 0 == curve.points[1].score


@pytest.mark.parametrize(
    ("query", "passages"),
    [("cat", []), ("cat", [passage(0, "cat", "title")]), ("...", [passage(0, "cat")])],
)
def test_without_timed_words_or_a_query_there_is_no_curve(
    query: str, passages: list[Passage]
) -> None:
    assert words_curve(query, passages) is None
