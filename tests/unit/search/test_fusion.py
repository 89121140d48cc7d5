"""Fusion against what can be computed by hand."""

import pytest

from tubeseek.core.types import Hit, Segment, SegmentKind
from tubeseek.search.fusion import Answer, fuse
from tubeseek.search.moments import MAX_TIMED_HITS, with_moments


def still(video: str, at: float) -> Segment:
    return Segment(video, SegmentKind.STILL, at, at)


def chapter(video: str, start: float, end: float) -> Segment:
    return Segment(video, SegmentKind.PASSAGE, start, end, "chapter")


def title(video: str) -> Segment:
    return Segment(video, SegmentKind.PASSAGE, track="title")


def answer(*hits: tuple[Segment, float], unseen: float = 0.0) -> Answer:
    return Answer([Hit(segment, score) for segment, score in hits], unseen)


def test_a_video_has_the_evidence_of_its_best_segment_in_each_index() -> None:
    pictures = answer((still("x", 1), 5.0), (still("x", 50), 4.0), (still("y", 1), 3.0), unseen=0.7)
    words = answer((title("y"), 6.0), (title("z"), 1.0))
    fused = fuse([pictures, words], needed=2.0)
    scores = {video.video_id: video.score for video in fused}
    assert scores == pytest.approx({"y": 3 + 6 - 2, "x": 5 + 0 - 2, "z": 0.7 + 1 - 2})
    assert [video.video_id for video in fused] == ["y", "x", "z"]


def test_equal_evidence_is_ordered_by_id() -> None:
    fused = fuse([answer((still("b", 1), 1.0), (still("a", 1), 1.0))], needed=0.0)
    assert [video.video_id for video in fused] == ["a", "b"]


def test_a_frame_inside_a_matching_chapter_is_the_moment() -> None:
    pictures = answer((still("x", 3), 3.0), (still("x", 14), 2.0), (still("x", 27), 1.0))
    words = Answer([Hit(chapter("x", 10, 20), 7.5, "the words")])
    (video,) = fuse([pictures, words], needed=1.0)
    moments = with_moments(video, 1.0, 3).moments
    assert [m.start for m in moments] == [14, 3, 27]
    assert moments[0].hit.segment.kind is SegmentKind.STILL  # more exact than its chapter
    assert [m.hit.text for m in moments] == ["the words", "", ""]
    assert [m.hit.score for m in moments] == pytest.approx([2 + 7.5 - 1, 3 - 1, 1 - 1])


def test_a_moment_that_does_not_fit_is_left_out_unless_none_does() -> None:
    (video,) = fuse([answer((still("x", 3), 5.0), (still("x", 30), 1.0))], needed=2.0)
    assert [m.start for m in with_moments(video, 2.0, 5).moments] == [3]
    assert [m.start for m in with_moments(video, 9.0, 5).moments] == [3]
    assert [m.start for m in with_moments(video, 0.0, 5).moments] == [3, 30]


def test_what_an_index_did_not_return_counts_as_unseen_at_each_moment() -> None:
    pictures = answer((still("x", 3), 5.0), unseen=0.7)
    words = answer((chapter("x", 10, 20), 4.0))
    (video,) = fuse([pictures, words], needed=0.0)
    scores = {m.start: m.hit.score for m in with_moments(video, 0.0, 5).moments}
    assert scores == pytest.approx({3: 5.0, 10: 0.7 + 4.0})


def test_what_stands_for_the_whole_video_is_no_moment() -> None:
    thumbnail = Segment("x", SegmentKind.THUMBNAIL)
    (video,) = fuse(
        [answer((thumbnail, 2.0), (still("x", 30), 1.0)), answer((title("x"), 3.0))], 0.0
    )
    described = with_moments(video, 0.0, 3)
    assert [m.start for m in described.moments] == [30]
    assert [hit.segment.track or hit.segment.kind for hit in described.whole] == [
        "title",
        SegmentKind.THUMBNAIL,
    ]


def test_no_more_moments_than_are_wanted() -> None:
    hits = [(still("a", 10.0 * number), 9.0 - number) for number in range(9)]
    (video,) = fuse([answer(*hits)], needed=0.0)
    assert len(with_moments(video, 0.0, 4).moments) == 4


def test_no_answers_name_no_video() -> None:
    assert fuse([], 1.0) == []
    assert fuse([Answer([]), Answer([])], 1.0) == []


def test_a_long_video_has_no_more_moments_than_wanted() -> None:
    hits = [(still("x", 10.0 * n), 1_000.0 - n) for n in range(10 * MAX_TIMED_HITS)]
    (video,) = fuse([answer(*hits)], needed=0.0)
    assert [m.start for m in with_moments(video, 0.0, 4).moments] == [0, 10, 20, 30]
