"""Fusion against what can be computed by hand."""

import pytest

from tubeseek.core.types import Hit, Segment, SegmentKind
from tubeseek.search.fusion import Ranking, fuse

K = 60


def still(video: str, at: float) -> Segment:
    return Segment(video, SegmentKind.STILL, at, at)


def chapter(video: str, start: float, end: float) -> Segment:
    return Segment(video, SegmentKind.PASSAGE, start, end, "chapter")


def title(video: str) -> Segment:
    return Segment(video, SegmentKind.PASSAGE, track="title")


def ranking(*segments: Segment, weight: float = 1.0) -> Ranking:
    return Ranking([Hit(s, 0.9 - n / 100) for n, s in enumerate(segments)], weight)


def test_a_video_earns_the_reciprocal_of_its_ranks() -> None:
    a = ranking(still("x", 1), still("x", 50), still("y", 1), still("z", 1))
    b = ranking(title("y"), title("x"), weight=0.5)
    fused = fuse([a, b], 10, 3)
    assert [v.video_id for v in fused] == ["x", "y", "z"]
    expected = {
        "x": 1 / (K + 1) + 0.5 / (K + 2),
        "y": 1 / (K + 2) + 0.5 / (K + 1),
        "z": 1 / (K + 3),
    }
    assert {v.video_id: v.score for v in fused} == pytest.approx(expected)


def test_a_hit_earns_its_share_of_the_weight() -> None:
    stills = ranking(still("x", 1), still("y", 1))
    words = Ranking([Hit(title("y"), 9.0), Hit(title("x"), 5.0)], 2.0, shares=[1.0, 0.25])
    fused = fuse([stills, words], 10, 3)
    expected = {"y": 1 / (K + 2) + 2 / (K + 1), "x": 1 / (K + 1) + 0.5 / (K + 2)}
    assert [v.video_id for v in fused] == ["y", "x"]
    assert {v.video_id: v.score for v in fused} == pytest.approx(expected)
    assert fused[1].whole[0].score == pytest.approx(0.5 / (K + 2))
    with pytest.raises(ValueError, match=r"1 shares.*2 hits"):
        Ranking(words.hits, shares=[1.0])


def test_one_ranking_keeps_its_scores_and_order() -> None:
    fused = fuse([ranking(still("b", 1), still("a", 5), still("b", 90)), Ranking([])], 10, 3)
    assert [(v.video_id, v.score) for v in fused] == [("b", 0.9), ("a", 0.89)]
    assert [h.segment.start for h in fused[0].moments] == [1, 90]


def test_one_ranking_can_be_scored_by_its_ranks() -> None:
    fused = fuse([ranking(still("b", 1), still("a", 5)), Ranking([])], 10, 3, by_rank=True)
    scores = {v.video_id: v.score for v in fused}
    assert scores == pytest.approx({"b": 1 / (K + 1), "a": 1 / (K + 2)})


def test_a_frame_inside_a_matching_chapter_is_the_moment() -> None:
    stills = ranking(still("x", 3), still("x", 14), still("x", 27))
    words = Ranking([Hit(chapter("x", 10, 20), 7.5, "the words")])
    (video,) = fuse([stills, words], 10, 3)
    assert [h.segment.start for h in video.moments] == [14, 3, 27]
    assert video.moments[0].segment.kind is SegmentKind.STILL  # more exact than its chapter
    assert [h.text for h in video.moments] == ["the words", "", ""]
    assert video.moments[0].score == pytest.approx(1 / (K + 2) + 1 / (K + 1))


def test_what_stands_for_the_whole_video_is_no_moment() -> None:
    thumbnail = Segment("x", SegmentKind.THUMBNAIL)
    (video,) = fuse([ranking(thumbnail, still("x", 30)), ranking(title("x"))], 10, 3)
    assert [h.segment.start for h in video.moments] == [30]
    assert {h.segment.kind for h in video.whole} == {SegmentKind.THUMBNAIL, SegmentKind.PASSAGE}


def test_weight_zero_changes_no_order() -> None:
    a = ranking(still("x", 1), still("y", 1))
    b = ranking(title("y"), title("x"), weight=0.0)
    assert [v.video_id for v in fuse([a, b], 10, 3)] == ["x", "y"]


def test_limits() -> None:
    many = ranking(*(still(v, 10.0 * n) for v in "abc" for n in range(9)))
    fused = fuse([many, ranking(title("c"))], 2, 4)
    assert len(fused) == 2
    assert all(len(v.moments) == 4 for v in fused)


def test_nothing_found_is_nothing() -> None:
    assert fuse([], 10, 3) == []
    assert fuse([Ranking([]), Ranking([])], 10, 3) == []
