"""From what a caption file shows to what is said: each word once, with its time. Pure.

Captions that roll, as YouTube makes them, show each line twice: when it is spoken, and above the
line that follows (WebVTT adds a cue of 10 ms in between). Others grow by a word at a time.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tubeseek.core.passages import Cue

_WINDOW_WORDS = 60  # two or three lines are in view at a time
_TOUCHING_SECONDS = 1.0  # what is repeated later than this is said again
_ROLLING_SHARE = 0.5  # of cues that follow at once and repeat; made captions stay below a tenth
_FEWEST_REPEATS = 2  # "No." "No. I said no." is no rolling file yet

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
    """What is shown in [start, end), in pieces that are each spoken from a time on."""

    start: float
    end: float
    pieces: Sequence[tuple[float, str]]


@dataclass(frozen=True, slots=True)
class _VisibleWords:
    """The words in view during [start, end), and when each was spoken."""

    start: float
    end: float
    words: Sequence[str]
    times: Sequence[float]


def merge(timed: Sequence[TimedText]) -> list[Cue]:
    """What is said, in order of time; words that only stay in view are left out."""
    shown = [_shown(one) for one in sorted(timed, key=lambda one: (one.start, one.end))]
    shown = _distinct([one for one in shown if one.words])
    if not _is_rolling(shown):
        return [Cue(one.start, one.end, " ".join(one.words)) for one in shown]
    cues = []
    before: _VisibleWords | None = None
    for one in shown:
        known = _repeated(before, one) if before else 0
        if known < len(one.words):
            start = min(one.times[known], one.end)
            cues.append(Cue(start, one.end, " ".join(one.words[known:])))
        before = one
    return cues


def _shown(timed: TimedText) -> _VisibleWords:
    """The words of a cue. What is no word is blanked, so that the rest keeps its place."""
    starts, at, whole = [], 0, []
    for _, piece in timed.pieces:
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", piece))
        starts.append(at)
        whole.append(text)
        at += len(text)
    text = "".join(whole)
    for pattern in (_NOTES, _SOUND, _SPEAKER):
        text = pattern.sub(lambda found: " " * len(found[0]), text)
    words, times = [], []
    for word in re.finditer(r"\S+", text):
        words.append(word[0])
        times.append(timed.pieces[bisect_right(starts, word.start()) - 1][0])
    return _VisibleWords(timed.start, timed.end, words, times)


def _distinct(shown: Sequence[_VisibleWords]) -> list[_VisibleWords]:
    """Without copies at the same time: subtitles with an outline hold every line twice."""
    distinct: dict[tuple[float, tuple[str, ...]], _VisibleWords] = {}
    for one in shown:
        distinct.setdefault((one.start, tuple(one.words)), one)
    return list(distinct.values())


def _is_rolling(shown: Sequence[_VisibleWords]) -> bool:
    following = repeats = 0
    for before, one in pairwise(shown):
        following += one.start - before.end <= _TOUCHING_SECONDS
        known = _repeated(before, one)
        repeats += known > 1 or known in (len(before.words), len(one.words))
    return repeats >= max(_FEWEST_REPEATS, _ROLLING_SHARE * following)


def _repeated(before: _VisibleWords, one: _VisibleWords) -> int:
    """How many words at the beginning of `one` are those at the end of what was in view before."""
    if one.start - before.end > _TOUCHING_SECONDS:
        return 0
    longest = min(len(before.words), len(one.words), _WINDOW_WORDS)
    for count in range(longest, 0, -1):
        if before.words[-count:] == one.words[:count]:
            return count
    return 0
