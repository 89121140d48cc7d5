"""Moments against stretches that can be worked out by hand."""

import pytest

from tubeseek.core.types import Hit, Segment, SegmentKind
from tubeseek.search.fusion import Answer, fuse
from tubeseek.search.moments import FusedVideo, begun_at, with_moments
from tubeseek.search.shots import Shot

SHOTS = [Shot(0, 10), Shot(10, 16), Shot(16, 100)]


def still(at: float, score: float) -> Hit:
    return Hit(Segment("x", SegmentKind.STILL, at, at), score)


def clip(start: float, end: float, score: float) -> Hit:
    return Hit(Segment("x", SegmentKind.CLIP, start, end), score)


def caption(start: float, end: float, score: float, track: str = "caption") -> Hit:
    return Hit(Segment("x", SegmentKind.PASSAGE, start, end, track), score, "words")


def moments(*answers: list[Hit], needed: float = 0.0, shots: list[Shot] = SHOTS) -> FusedVideo:
    (video,) = fuse([Answer(hits) for hits in answers], needed)
    return with_moments(video, needed, 9, shots)


def stretches(fused: FusedVideo) -> list[tuple[float, float, float]]:
    return [(m.start, m.end, m.seek) for m in fused.moments]


def test_the_stills_of_a_shot_are_one_moment_that_plays_from_the_best() -> None:
    fused = moments([still(12.5, 9), still(11, 8), still(5, 7), still(10, 6), still(40, 5)])
    assert stretches(fused) == [(10, 16, 12.51), (0, 10, 5.01), (16, 100, 40.01)]


def test_shots_that_follow_each_other_are_two_moments() -> None:
    assert stretches(moments([still(7.5, 9), still(10, 8)])) == [(0, 10, 7.51), (10, 16, 10.01)]


def test_speech_in_a_part_of_a_long_shot_is_a_moment_of_its_own() -> None:
    fused = moments([still(20, 9)], [caption(50, 80, 5)])
    assert stretches(fused) == [(16, 100, 20.01), (50, 80, 50.01)]


def test_a_frame_with_words_is_bounded_by_them() -> None:
    fused = moments([still(40, 9)], [caption(30, 60, 5)], needed=3)
    assert stretches(fused) == [(30, 60, 40.01)]
    assert fused.moments[0].hit.text == "words"


def test_words_that_end_at_once_do_not_cut_the_shot_of_a_frame() -> None:
    assert stretches(moments([still(40, 9)], [caption(30, 40.5, 5)])) == [(30, 100, 40.01)]


@pytest.mark.parametrize(("looks", "kind"), [(1, SegmentKind.PASSAGE), (4, SegmentKind.STILL)])
def test_words_lead_where_the_frame_would_not_fit_alone(looks: float, kind: SegmentKind) -> None:
    fused = moments([still(40, looks)], [caption(30, 60, 7)], needed=3)
    (moment,) = fused.moments
    assert moment.hit.segment.kind is kind
    assert moment.hit.score == pytest.approx(looks + 7 - 3)


def test_a_frame_leads_in_a_chapter_however_well_its_title_fits() -> None:
    (moment,) = moments([still(12, 1)], [caption(10, 16, 7, "chapter")], needed=3).moments
    assert moment.hit.segment.kind is SegmentKind.STILL


def test_a_clip_has_its_own_time_unless_a_shot_holds_all_of_it() -> None:
    assert stretches(moments([clip(5, 15, 9)])) == [(5, 15, 5.01)]
    assert stretches(moments([clip(20, 30, 9)])) == [(16, 100, 20.01)]


@pytest.mark.parametrize("at", [0.0, 3.7, 10_799.9])
def test_without_shots_a_frame_still_has_a_length(at: float) -> None:
    (moment,) = moments([still(at, 1)], shots=[]).moments
    assert moment.start == at <= moment.seek < moment.end


def test_a_chapter_without_a_length_gets_one() -> None:
    (moment,) = moments([caption(8, 8, 5, "chapter")]).moments
    assert moment.start == 8 < moment.seek < moment.end


def test_a_moment_does_not_begin_after_its_end() -> None:
    (moment,) = moments([caption(10, 12, 5)]).moments
    assert begun_at(moment, 11).seek == 11.01
    assert begun_at(moment, 12) == moment
