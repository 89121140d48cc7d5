"""Where spoken words begin, against captions with planted times."""

from dataclasses import replace

import pytest

from tubeseek.core.passages import Cue, caption_passages
from tubeseek.core.types import Hit, MomentHit, Passage, Segment
from tubeseek.search.moments import FusedVideo
from tubeseek.search.sentences import needs_words, sentence_start, with_words

TALK = [
    Cue(100.0, 103.0, "Welcome back to my kitchen."),
    Cue(103.5, 106.0, "First we peel the onion"),
    Cue(106.0, 109.0, "and cut it in small pieces."),
    Cue(110.25, 113.0, "Then we stir the soup gently"),
    Cue(113.0, 117.0, "until the onion is soft."),
    Cue(118.5, 121.0, "오늘은 김치찌개를 끓여 볼게요."),
]


def passage(cues: list[Cue] = TALK) -> Passage:
    (whole,) = caption_passages("v", cues)
    return whole


@pytest.mark.parametrize(
    ("query", "start"),
    [
        ("peel an onion", 103.5),
        ("cut into small pieces", 103.5),  # the sentence begins a line earlier
        ("stir soup", 110.25),
        ("soft onion", 110.25),
        ("김치찌개", 118.5),
        ("끓이는 김치찌개 영상", 118.5),
        ("a spaceship", 100.0),
        ("", 100.0),
    ],
)
def test_a_moment_begins_at_the_sentence_that_holds_the_words(query: str, start: float) -> None:
    assert sentence_start(passage(), query) == start


def test_without_punctuation_it_begins_at_the_line() -> None:
    cues = [replace(cue, text=cue.text.rstrip(".")) for cue in TALK[:5]]
    assert sentence_start(passage(cues), "cut into small pieces") == 106.0


def test_a_long_sentence_is_not_played_from_its_beginning() -> None:
    lines = [Cue(3.0 * n, 3.0 * n + 3, f"word{n} and") for n in range(8)]
    end = Cue(24.0, 27.0, "the lighthouse.")
    assert sentence_start(passage([*lines, end]), "lighthouse") == 24.0


@pytest.mark.parametrize(("query", "spoken_at"), [("welcome", 100.0), ("stir soup", 110.25)])
def test_older_libraries_without_times_of_lines_get_near(query: str, spoken_at: float) -> None:
    guess = sentence_start(replace(passage(), cues=()), query)
    assert 100.0 <= guess <= spoken_at + 1
    assert spoken_at - guess < 6


def test_overlapping_lines_keep_their_own_times() -> None:
    cues = [Cue(5.0, 20.0, "A sign: closed."), Cue(6.5, 8.0, "Look at the lighthouse.")]
    assert sentence_start(passage(cues), "lighthouse") == 6.5


def test_the_times_of_lines_fit_the_text() -> None:
    whole = passage()
    assert [at for _, at in whole.cues] == [cue.start for cue in TALK]
    assert all(
        whole.text[place:].startswith(cue.text)
        for (place, _), cue in zip(whole.cues, TALK, strict=True)
    )


def moment(segment: Segment) -> FusedVideo:
    return FusedVideo("v", 1.0, (MomentHit(Hit(segment, 1.0), 100.0, 121.0, 100.01),), ())


def test_a_spoken_moment_gets_its_text_and_its_sentence() -> None:
    (worded,) = with_words(moment(passage().segment), [passage()], "stir soup").moments
    assert (worded.start, worded.seek, worded.end) == (110.25, 110.26, 121.0)
    assert worded.hit.text == passage().text


def test_a_passage_that_was_just_replaced_keeps_its_time() -> None:
    gone = moment(Segment("v", passage().segment.kind, 90.0, 121.0, "caption"))
    assert needs_words(gone)
    assert with_words(gone, [passage()], "stir soup") == gone
