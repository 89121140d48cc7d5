"""The words of a video as passages: what is said in stretches of some 30 s, and what is written."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

from tubeseek.core.types import Chapter, Passage, Segment, SegmentKind, Video

TITLE, DESCRIPTION, CHAPTER, CAPTION = "title", "description", "chapter", "caption"  # the tracks
MAX_PASSAGE_CHARACTERS = 5_000  # 30 s of fast speech have 1,000; what is longer is damage
MAX_DESCRIPTION_CHARACTERS = 1_000  # what a video is about stands at the top; below are adverts
PAUSE_SECONDS = 1.0  # between two cues: the speaker has finished a thought
SILENCE_SECONDS = 15.0  # what is said before and after has nothing to do with each other
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
_APPEAL = re.compile(  # what stands below every video says nothing about this one
    r"\bsubscrib|\bfollow (?:me|us)\b|\bbusiness (?:e-?mail|inquir)|\bpatreon\b|\baffiliate\b"
    r"|구독|좋아요|알림\s?설정|비즈니스\s?문의|광고\s?문의|협찬\s?문의|제보\s?:",
    re.IGNORECASE,
)
_APPEAL_CHARACTERS = 80  # a longer line says something else as well
_LABEL_CHARACTERS = 40  # of what stands before a link: "My camera:", "▷공식 인스타그램"
_JOINERS = "\u200c\u200d"  # spelling in Persian and Hindi, and what holds an emoji together
_UNTITLED = re.compile(r"<Untitled Chapter \d+>")  # yt-dlp's name for what nobody named


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that are said in [start, end) of a video, as a caption file times them."""

    start: float
    end: float
    text: str

    def __post_init__(self) -> None:
        if not (0 <= self.start <= self.end and isfinite(self.end)):
            raise ValueError(f"need 0 <= start <= end, got {self.start=} {self.end=}")


def caption_passages(video_id: str, cues: Sequence[Cue], seconds: float = 30.0) -> list[Passage]:
    """What is said, in stretches that do not overlap, in order of time.

    A stretch ends where a sentence does or the speaker pauses, if there is such a place between
    half and one and a half times `seconds`; else at the end of the cue nearest to `seconds`. A long
    silence always ends one. Its times are those of its first and last word; where the next begins
    earlier than its last cue ends, it ends there.

    Args:
        video_id: Whose words they are.
        cues: In any order; those without words are left out.
        seconds: Length aimed at, above 0.
    """
    if not seconds > 0:
        raise ValueError(f"need seconds > 0, got {seconds}")
    said = [Cue(cue.start, cue.end, text) for cue in cues if (text := plain(cue.text))]
    said.sort(key=lambda cue: (cue.start, cue.end))
    passages = []
    for first, after in _stretches(said, seconds):
        stretch = said[first:after]
        end = max(cue.end for cue in stretch)
        if after < len(said):
            end = min(end, said[after].start)
        text = _cut(" ".join(cue.text for cue in stretch), MAX_PASSAGE_CHARACTERS)
        passages.append(_passage(video_id, CAPTION, text, stretch[0].start, end))
    return passages


def video_passages(video: Video) -> list[Passage]:
    """What is written of a video: its title, its description, and each chapter with its times."""
    passages = []
    if title := plain(video.title):
        passages.append(_passage(video.id, TITLE, title))
    if description := plain_description(video.description, video.chapters):
        passages.append(_passage(video.id, DESCRIPTION, description))
    named: dict[tuple[float, float], Passage] = {}  # of two that last the same, the first
    for one in video.chapters:
        title = plain(one.title)
        if title and not _UNTITLED.fullmatch(title):
            passage = _passage(video.id, CHAPTER, title, one.start, one.end)
            named.setdefault((round(one.start, 3), round(one.end, 3)), passage)
    return [*passages, *named.values()]


def plain(text: str) -> str:
    """The same words in NFC, with single spaces between them and without control characters.

    >>> plain(" one\\u200b\\n two\\u00a0three ")
    'one two three'
    """
    kept = (c for c in text if c.isspace() or c in _JOINERS or not _is_control(c))
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def plain_description(description: str, chapters: Sequence[Chapter] = ()) -> str:
    """A description without links and their labels, rows of hashtags, rulers and appeals.

    Args:
        description: As the uploader wrote it.
        chapters: Where there are any, lines that begin with a time are left out: they are these.

    >>> plain_description("Drawing cats.\\nMy site: https://a.example\\n#art #cats\\n--\\nBy hand.")
    'Drawing cats. By hand.'
    """
    lines = filter(None, (_said_in(line, bool(chapters)) for line in description.splitlines()))
    return _cut(plain(" ".join(lines)), MAX_DESCRIPTION_CHARACTERS)


def _is_control(character: str) -> bool:
    """Whether it is a control or format character, or half of a surrogate pair."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs")


def _stretches(said: Sequence[Cue], seconds: float) -> Iterator[tuple[int, int]]:
    """The cues [first, after) of each stretch; `said` is in order of time."""
    for start, stop in _blocks(said):
        first = start
        while first < stop:
            after = _end_of_stretch(said, first, stop, seconds)
            yield first, after
            first = after


def _blocks(said: Sequence[Cue]) -> Iterator[tuple[int, int]]:
    """The cues [start, stop) between one long silence and the next."""
    start, end = 0, 0.0
    for i, cue in enumerate(said):
        if i > start and cue.start - end >= SILENCE_SECONDS:
            yield start, i
            start = i
        end = max(end, cue.end)
    if said:
        yield start, len(said)


def _end_of_stretch(said: Sequence[Cue], first: int, stop: int, seconds: float) -> int:
    """Which cue of said[first + 1 : stop + 1] begins the stretch after that of cue `first`."""
    start, end = said[first].start, said[first].end
    if said[stop - 1].end - start <= _LONGEST * seconds:
        return stop
    cuts: list[tuple[bool, float, int]] = []  # the smallest is the best
    for i in range(first + 1, stop):
        end = max(end, said[i - 1].end)
        if said[i].start - said[i - 1].start < _TIME_STEP_SECONDS:
            continue
        length = min(end, said[i].start) - start
        complete = said[i].start - end >= PAUSE_SECONDS or _SENTENCE_END.search(said[i - 1].text)
        fits = _SHORTEST * seconds <= length <= _LONGEST * seconds
        cuts.append((not (complete and fits), abs(length - seconds), i))
        if length > _LONGEST * seconds:
            break
    return min(cuts)[-1] if cuts else stop


def _said_in(line: str, has_chapters: bool) -> str:
    """What one line of a description says of the video; nothing if it is boilerplate."""
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
    """The text up to its last space before `longest` characters."""
    if len(text) <= longest:
        return text
    return text[: longest + 1].rpartition(" ")[0] or text[:longest]


def _passage(video_id: str, track: str, text: str, start: float = 0.0, end: float = 0.0) -> Passage:
    return Passage(Segment(video_id, SegmentKind.PASSAGE, start, end, track), text)
