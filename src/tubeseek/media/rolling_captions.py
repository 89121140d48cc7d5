"""Merges rolling captions into cues that have each spoken word once, with its time. Pure.

Rolling captions, such as YouTube's, show each line twice: when it is spoken, and above the line
that follows (WebVTT adds a cue of 10 ms in between). Others grow by a word at a time.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tubeseek.core.passages import Cue

_WINDOW_WORDS = 60  # two or three lines are in view at a time
_TOUCHING_SECONDS = 1.0  # a repetition later than this is spoken again
_ROLLING_SHARE = 0.5  # of adjacent cues that repeat; hand-made captions stay below a tenth
_FEWEST_REPEATS = 2  # "No." "No. I said no." alone is not a rolling file

_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_NOTES = re.compile(r"[♩♪♫♬♭♯]")
_SPEAKER = re.compile(r"^[ \t]*(?:[-–—‐]|>{2,})[ \t]*", re.MULTILINE)
_SOUND_NAMES = (
    *("music", "applause", "laughter", "laughs", "laughing", "cheering", "silence", "inaudible"),
    *(
        "foreign",
        "singing",
        "noise",
        "음악",
        "박수",
        "박수 소리",
        "웃음",
        "웃음소리",
        "환호",
        "환호성",
    ),
    *(
        "音楽",
        "拍手",
        "笑い",
        "笑",
        "音乐",
        "掌声",
        "笑声",
        "música",
        "aplausos",
        "risas",
        "musique",
    ),
    *("applaudissements", "rires", "musik", "applaus", "gelächter", "musica", "applausi", "risate"),
    *("музыка", "аплодисменты", "смех", "_+", r"_+\s_+"),
)
_SOUND = re.compile(rf"[\[(［（]\s*(?:{'|'.join(_SOUND_NAMES)})\s*[\])］）]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TimedText:
    """The text shown in [start, end), in pieces (start in seconds, text)."""

    start: float
    end: float
    pieces: Sequence[tuple[float, str]]


@dataclass(frozen=True, slots=True)
class _VisibleWords:
    """The words in view during [start, end), and the second at which each is spoken."""

    start: float
    end: float
    words: Sequence[str]
    times: Sequence[float]


def merge(timed: Sequence[TimedText]) -> list[Cue]:
    """Return the spoken words as cues in order of time, without words that only stay in view."""
    in_order = sorted(timed, key=lambda text: (text.start, text.end))
    views = _distinct([view for view in map(_visible_words, in_order) if view.words])
    if not _is_rolling(views):
        return [Cue(view.start, view.end, " ".join(view.words)) for view in views]
    cues = []
    before: _VisibleWords | None = None
    for view in views:
        repeated = _repeated(before, view) if before else 0
        if repeated < len(view.words):
            start = min(view.times[repeated], view.end)
            cues.append(Cue(start, view.end, " ".join(view.words[repeated:])))
        before = view
    return cues


def _visible_words(timed: TimedText) -> _VisibleWords:
    """Return the words of a cue. Notes and sounds are blanked, so that word offsets stay valid."""
    starts, length, texts = [], 0, []
    for _, piece in timed.pieces:
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", piece))
        starts.append(length)
        texts.append(text)
        length += len(text)
    text = "".join(texts)
    for pattern in (_NOTES, _SOUND, _SPEAKER):
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    words, times = [], []
    for word in re.finditer(r"\S+", text):
        words.append(word[0])
        times.append(timed.pieces[bisect_right(starts, word.start()) - 1][0])
    return _VisibleWords(timed.start, timed.end, words, times)


def _distinct(views: Sequence[_VisibleWords]) -> list[_VisibleWords]:
    """Remove copies at the same time: subtitles with an outline have every line twice."""
    distinct: dict[tuple[float, tuple[str, ...]], _VisibleWords] = {}
    for view in views:
        distinct.setdefault((view.start, tuple(view.words)), view)
    return list(distinct.values())


def _is_rolling(views: Sequence[_VisibleWords]) -> bool:
    adjacent = repeats = 0
    for before, after in pairwise(views):
        adjacent += after.start - before.end <= _TOUCHING_SECONDS
        repeated = _repeated(before, after)
        repeats += repeated > 1 or repeated in (len(before.words), len(after.words))
    return repeats >= max(_FEWEST_REPEATS, _ROLLING_SHARE * adjacent)


def _repeated(before: _VisibleWords, after: _VisibleWords) -> int:
    """Return how many words at the start of `after` repeat the end of `before`."""
    if after.start - before.end > _TOUCHING_SECONDS:
        return 0
    longest = min(len(before.words), len(after.words), _WINDOW_WORDS)
    for count in range(longest, 0, -1):
        if before.words[-count:] == after.words[:count]:
            return count
    return 0
