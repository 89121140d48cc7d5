"""Passages begin and end at planted times; descriptions keep what is about the video."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tubeseek.core.passages import (
    MAX_DESCRIPTION_CHARACTERS,
    MAX_PASSAGE_CHARACTERS,
    Cue,
    caption_passages,
    plain_description,
    video_passages,
)
from tubeseek.core.types import Chapter, Passage, Segment, SegmentKind, Video


def times(passages: list[Passage]) -> list[tuple[float, float]]:
    return [(p.segment.start, p.segment.end) for p in passages]


def steady(count: int, seconds: float = 4.0, text: str = "word") -> list[Cue]:
    """Cues without a pause between them."""
    return [Cue(i * seconds, (i + 1) * seconds, f"{text}{i}") for i in range(count)]


def test_a_short_talk_is_one_passage() -> None:
    cues = [Cue(1.5, 3.0, " 고양이가\n피아노를 "), Cue(3.25, 41.0, "친다")]
    segment = Segment("v", SegmentKind.PASSAGE, 1.5, 41.0, "caption")
    assert caption_passages("v", cues) == [Passage(segment, "고양이가 피아노를 친다")]


def test_without_pauses_each_ends_nearest_to_the_wished_length() -> None:
    passages = caption_passages("v", steady(25), seconds=30)
    # 28 s is nearer to 30 s than 32 s is not: both are 2 s off, and the first is taken.
    assert times(passages) == [(0, 28), (28, 56), (56, 100)]
    assert " ".join(p.text for p in passages) == " ".join(cue.text for cue in steady(25))


@pytest.mark.parametrize(
    "text", ["The end.", "Really?", "그렇습니다", "그래요", '끝났다."', "終わり。", "(yes!)"]
)
def test_it_ends_with_a_sentence_where_there_is_one(text: str) -> None:
    cues = steady(25)
    cues[9] = Cue(36.0, 40.0, text)
    assert times(caption_passages("v", cues))[:2] == [(0, 40), (40, 68)]


@pytest.mark.parametrize("text", ["the", "고양이가", "3.5", "e.g", "필요"])
def test_it_does_not_end_in_the_middle_of_one(text: str) -> None:
    cues = steady(25)
    cues[9] = Cue(36.0, 40.0, text)
    assert times(caption_passages("v", cues))[0] == (0, 28)


def test_it_ends_at_a_pause_where_there_is_one() -> None:
    cues = [
        cue if i < 5 else Cue(cue.start + 2, cue.end + 2, "w") for i, cue in enumerate(steady(25))
    ]
    assert times(caption_passages("v", cues))[:2] == [(0, 20), (22, 50)]


def test_a_silence_parts_what_has_nothing_to_do_with_each_other() -> None:
    cues = [Cue(0, 2, "hello"), Cue(60, 62, "again"), Cue(63, 64, "and"), Cue(500, 501, "bye")]
    assert times(caption_passages("v", cues)) == [(0, 2), (60, 64), (500, 501)]


def test_two_who_speak_at_once_stay_together() -> None:
    cues = [cue for first in steady(25) for cue in (first, Cue(first.start, first.end + 3, "both"))]
    passages = caption_passages("v", cues)
    assert times(passages)[0] == (0, 28)  # not 31: the next one begins at 28
    assert all(before.segment.end <= after.segment.start for before, after in pairwise(passages))


def test_order_of_the_cues_does_not_matter() -> None:
    cues = steady(40)
    shuffled = random.Random(7).sample(cues, len(cues))  # noqa: S311 (no secret)
    assert caption_passages("v", shuffled) == caption_passages("v", cues)


def test_no_words_give_no_passages_and_impossible_lengths_are_refused() -> None:
    assert caption_passages("v", []) == []
    assert caption_passages("v", [Cue(1, 2, " \n")]) == []
    with pytest.raises(ValueError, match="seconds"):
        caption_passages("v", steady(2), seconds=0)
    with pytest.raises(ValueError, match="start"):
        Cue(2, 1, "x")


def test_a_flood_of_words_is_cut() -> None:
    [passage] = caption_passages("v", [Cue(1, 2, "word " * 5_000)])
    assert MAX_PASSAGE_CHARACTERS - 5 <= len(passage.text) <= MAX_PASSAGE_CHARACTERS


_cue = st.builds(
    lambda start, lasts, text: Cue(start / 1000, (start + lasts) / 1000, text),
    st.integers(0, 300_000),
    st.integers(0, 20_000),
    st.text("ab. 요", max_size=6),
)


@settings(deadline=None)
@given(st.lists(_cue, max_size=40), st.floats(0.5, 60))
def test_each_spoken_word_comes_once_in_order_and_each_passage_has_an_id(
    cues: list[Cue], seconds: float
) -> None:
    passages = caption_passages("v", cues, seconds)
    spoken = sorted((cue for cue in cues if cue.text.split()), key=lambda c: (c.start, c.end))
    words = " ".join(cue.text for cue in spoken).split()
    assert " ".join(passage.text for passage in passages).split() == words
    assert len({passage.segment.id for passage in passages}) == len(passages)
    assert all(before.segment.end <= after.segment.start for before, after in pairwise(passages))
    if spoken:
        assert passages[0].segment.start == spoken[0].start
        assert passages[-1].segment.end <= max(cue.end for cue in spoken)


def test_a_video_gives_its_title_description_and_chapters() -> None:
    chapters = (
        Chapter("<Untitled Chapter 1>", 0, 10),
        Chapter("재료 준비", 10, 50.5),
        Chapter("재료 준비 둘", 10, 50.5),
        Chapter(" ", 50.5, 60),
        Chapter("굽기", 50.5, 90),
    )
    description = "빵을 굽습니다\n00:10 재료 준비\n00:50 굽기"
    video = Video("v", "", "빵  굽기", description=description, chapters=chapters)
    assert [
        (p.segment.track, p.segment.start, p.segment.end, p.text) for p in video_passages(video)
    ] == [
        ("title", 0, 0, "빵 굽기"),
        ("description", 0, 0, "빵을 굽습니다"),
        ("chapter", 10, 50.5, "재료 준비"),
        ("chapter", 50.5, 90, "굽기"),
    ]
    assert video_passages(Video("v", "", "\u1107\u1161\u11bc"))[0].text == "방"  # NFC
    assert video_passages(Video("v", "", " ")) == []


@pytest.mark.parametrize(
    ("line", "content"),
    [
        ("#먹방 #한우 #서울맛집", ""),
        ("오늘은 #한우 를 먹어요", "오늘은 한우 를 먹어요"),
        ("▷공식 인스타그램 https://www.instagram.com/tobablove_ech", ""),
        ("Camera: https://amzn.to/3abc", ""),
        ("mail@example.com", ""),
        ("Tiktok : https://www.tiktok.com/@stephpappas", ""),
        ("The paper on attention that we read today is at https://arxiv.org/abs/1706.03762", None),
        ("----------------", ""),
        ("👍 구독과 좋아요 부탁드려요!", ""),
        ("Please SUBSCRIBE for more", ""),
        ("Follow me on Instagram", ""),
        ("The rabbit followed me home", "The rabbit followed me home"),
        ("1:23 두 번째 곡", "두 번째 곡"),
        ("(0:00) Intro", "Intro"),
        ("고양이 2:1 강아지", "고양이 2:1 강아지"),
    ],
)
def test_what_a_line_of_a_description_says(line: str, content: str | None) -> None:
    if content is None:
        content = "The paper on attention that we read today is at"
    assert plain_description(line) == content


def test_a_long_description_is_cut_between_words() -> None:
    text = plain_description("단어 " * 2_000)
    assert MAX_DESCRIPTION_CHARACTERS - 3 <= len(text) <= MAX_DESCRIPTION_CHARACTERS
    assert set(text.split()) == {"단어"}
