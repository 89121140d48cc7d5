"""Turns captions, titles, descriptions and chapters into passages. Pure functions."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import isfinite

from tubeseek.core.types import Chapter, Passage, Segment, SegmentKind, Video

TITLE, DESCRIPTION, CHAPTER, CAPTION = "title", "description", "chapter", "caption"  # the tracks
MAX_PASSAGE_CHARACTERS = 5_000  # 30 s of fast speech have 1,000; longer ones are damaged
MAX_DESCRIPTION_CHARACTERS = 1_000  # the top tells what a video is about; below are adverts
PAUSE_SECONDS = 1.0  # between two cues: the speaker has finished a thought
SILENCE_SECONDS = 15.0  # speech before and after it is unrelated
_SHORTEST, _LONGEST = 0.5, 1.5  # of the wished length
_TIME_STEP_SECONDS = 0.001  # segments are named by milliseconds: each passage starts later

# Korean captions often leave out the full stop: the polite verb endings tell as much. Some nouns
# end in the same syllable: 필요, 중요, 주요, 수요, 개요.
_SENTENCE_END = re.compile(
    r"(?:[.!?…。！？]|니다|[습입합됩]니까|죠|[가-힣](?<![필중주수개])요)[\"'”’)\]»」]*$"
)

_URL = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|\b[\w-]+\.(?:com|net|ly|gl|be|kr)/\S*")
_HASHTAG = re.compile(r"#[^\s#]+")
_TIMESTAMP = re.compile(r"^\W*(?:\d{1,3}:)?\d{1,2}:\d{2}\b\W*")
_APPEAL = re.compile(  # the same appeals are below every video
    r"\bsubscrib|\bfollow (?:me|us)\b|\bbusiness (?:e-?mail|inquir)|\bpatreon\b|\baffiliate\b"
    r"|구독|좋아요|알림\s?설정|비즈니스\s?문의|광고\s?문의|협찬\s?문의|제보\s?:",
    re.IGNORECASE,
)
_APPEAL_CHARACTERS = 80  # a longer line says something else as well
_LABEL_CHARACTERS = 40  # of the label before a link: "My camera:", "▷공식 인스타그램"
_JOINERS = "\u200c\u200d"  # spelling in Persian and Hindi, and what holds an emoji together
_UNTITLED = re.compile(r"<Untitled Chapter \d+>")  # how yt-dlp names an untitled one


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that are spoken in [start, end) of a video, timed by a caption file."""

    start: float
    end: float
    text: str

    def __post_init__(self) -> None:
        if not (0 <= self.start <= self.end and isfinite(self.end)):
            raise ValueError(f"need 0 <= start <= end, got {self.start=} {self.end=}")


def caption_passages(video_id: str, cues: Sequence[Cue], seconds: float = 30.0) -> list[Passage]:
    """Return the captions of a video as passages that do not overlap, in order of time.

    A passage ends where a sentence ends or the speaker pauses, if there is such a place between
    half and one and a half times `seconds`; else at the end of the cue nearest to `seconds`. A long
    silence always ends one. A passage lasts from its first cue to the end of its last, or to the
    start of the next passage if that is earlier.

    Args:
        video_id: The video that the captions belong to.
        cues: The captions in any order; those without words are left out.
        seconds: The length of a passage to aim at, above 0.
    """
    if not seconds > 0:
        raise ValueError(f"need seconds > 0, got {seconds}")
    spoken = [Cue(cue.start, cue.end, text) for cue in cues if (text := plain(cue.text))]
    spoken.sort(key=lambda cue: (cue.start, cue.end))
    passages = []
    for first, after in _stretches(spoken, seconds):
        stretch = spoken[first:after]
        end = max(cue.end for cue in stretch)
        if after < len(spoken):
            end = min(end, spoken[after].start)
        text = _cut(" ".join(cue.text for cue in stretch), MAX_PASSAGE_CHARACTERS)
        passage = _passage(video_id, CAPTION, text, stretch[0].start, end)
        passages.append(replace(passage, cues=_places(stretch, len(text))))
    return passages


def ends_sentence(text: str) -> bool:
    """Return whether a text ends where a sentence does.

    >>> ends_sentence("Stir it gently."), ends_sentence("천천히 저어 주세요"), ends_sentence("and")
    (True, True, False)
    """
    return _SENTENCE_END.search(text) is not None


def video_passages(video: Video) -> list[Passage]:
    """Return the title, the description and the chapters of a video as passages."""
    passages = []
    if title := plain(video.title):
        passages.append(_passage(video.id, TITLE, title))
    if description := plain_description(video.description, video.chapters):
        passages.append(_passage(video.id, DESCRIPTION, description))
    chapters: dict[tuple[float, float], Passage] = {}  # the first of several with the same times
    for chapter in video.chapters:
        title = plain(chapter.title)
        if title and not _UNTITLED.fullmatch(title):
            passage = _passage(video.id, CHAPTER, title, chapter.start, chapter.end)
            chapters.setdefault((round(chapter.start, 3), round(chapter.end, 3)), passage)
    return [*passages, *chapters.values()]


def plain(text: str) -> str:
    """Return the same words in NFC, with single spaces and without control characters.

    >>> plain(" one\\u200b\\n two\\u00a0three ")
    'one two three'
    """
    kept = (c for c in text if c.isspace() or c in _JOINERS or not _is_control(c))
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def plain_description(description: str, chapters: Sequence[Chapter] = ()) -> str:
    """Return a description without links and their labels, hashtags, rulers and appeals.

    Args:
        description: The description as the uploader wrote it.
        chapters: The chapters of the video; if there are any, lines that begin with a time are
            left out, because they repeat them.

    >>> plain_description("Drawing cats.\\nMy site: https://a.example\\n#art #cats\\n--\\nBy hand.")
    'Drawing cats. By hand.'
    """
    lines = filter(None, (_content_of(line, bool(chapters)) for line in description.splitlines()))
    return _cut(plain(" ".join(lines)), MAX_DESCRIPTION_CHARACTERS)


def _is_control(character: str) -> bool:
    """Return whether it is a control or format character, or half of a surrogate pair."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs")


def _stretches(cues: Sequence[Cue], seconds: float) -> Iterator[tuple[int, int]]:
    """Yield the cues [first, after) of each passage; `cues` is in order of time."""
    for start, stop in _blocks(cues):
        first = start
        while first < stop:
            after = _end_of_stretch(cues, first, stop, seconds)
            yield first, after
            first = after


def _blocks(cues: Sequence[Cue]) -> Iterator[tuple[int, int]]:
    """Yield the cues [start, stop) between one long silence and the next."""
    start, end = 0, 0.0
    for i, cue in enumerate(cues):
        if i > start and cue.start - end >= SILENCE_SECONDS:
            yield start, i
            start = i
        end = max(end, cue.end)
    if cues:
        yield start, len(cues)


def _end_of_stretch(cues: Sequence[Cue], first: int, stop: int, seconds: float) -> int:
    """Return which of the cues first + 1 to `stop` begins the passage after that of `first`."""
    start, end = cues[first].start, cues[first].end
    if cues[stop - 1].end - start <= _LONGEST * seconds:
        return stop
    cuts: list[tuple[bool, float, int]] = []  # the smallest is the best
    for i in range(first + 1, stop):
        end = max(end, cues[i - 1].end)
        if cues[i].start - cues[i - 1].start < _TIME_STEP_SECONDS:
            continue
        length = min(end, cues[i].start) - start
        complete = cues[i].start - end >= PAUSE_SECONDS or ends_sentence(cues[i - 1].text)
        fits = _SHORTEST * seconds <= length <= _LONGEST * seconds
        cuts.append((not (complete and fits), abs(length - seconds), i))
        if length > _LONGEST * seconds:
            break
    return min(cuts)[-1] if cuts else stop


def _places(cues: Sequence[Cue], longest: int) -> tuple[tuple[int, float], ...]:
    """Return where each cue begins in their joined text, cut to `longest`, and in the video."""
    places = accumulate((len(cue.text) + 1 for cue in cues), initial=0)
    pairs = zip(places, (cue.start for cue in cues), strict=False)
    return tuple((place, start) for place, start in pairs if place < longest)


def _content_of(line: str, has_chapters: bool) -> str:
    """Return what one line of a description tells about the video; "" if it is boilerplate."""
    without_links = _URL.sub(" ", line)
    if without_links != line and len(without_links.strip()) <= _LABEL_CHARACTERS:
        return ""
    if _TIMESTAMP.match(line):
        return "" if has_chapters else _TIMESTAMP.sub("", without_links)
    if len(line) <= _APPEAL_CHARACTERS and _APPEAL.search(line):
        return ""
    if not any(c.isalnum() for c in _HASHTAG.sub("", without_links)):
        return ""
    return without_links.replace("#", " ")


def _cut(text: str, longest: int) -> str:
    """Return the text up to its last space before `longest` characters."""
    if len(text) <= longest:
        return text
    return text[: longest + 1].rpartition(" ")[0] or text[:longest]


def _passage(video_id: str, track: str, text: str, start: float = 0.0, end: float = 0.0) -> Passage:
    return Passage(Segment(video_id, SegmentKind.PASSAGE, start, end, track), text)
