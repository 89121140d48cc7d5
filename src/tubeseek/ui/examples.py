"""Makes example queries from the titles of a library, in the languages that it has."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import log

MOST_TITLES = 1000
ENOUGH = 6  # titles with the same words; more say nothing more about how typical they are
LEAST_SHARE = 0.1  # of the titles in a language, for it to have examples
_HANGUL = re.compile("[가-힣]")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BREAK = re.compile(r"[|:;,.!?()\[\]{}/#\"“”‘’·•–—&+*~]+|\s-\s")
# Words that no scene is described by.
_COMMON_WORDS = """a about after all an and any are as at be by can do ep episode feat for from full
get go has have hd her his how i in is it its live made me music my new no not of off official on
one or our out part shorts so th that the their them these they this to top up us video videos vlog
vs was we what when where who why will with you your 그 그리고 나 내 너 는 더 등 를 및 브이로그 수
영상 은 을 의 이 이것 저 전 제 좀 첫 쇼츠 공식 뮤직비디오 하는 있는 없는"""
_COMMON = frozenset(_COMMON_WORDS.split())


def example_queries(titles: Sequence[str], count: int = 6) -> list[str]:
    """Return short phrases that several titles share and most do not, the most typical first.

    The same titles give the same phrases. Where Korean titles and others both are common, each
    have half.

    Args:
        titles: Of videos, in any order.
        count: How many phrases to return at most.

    >>> cats = ["Grey cat sleeps", "My grey cat", "Red car drives", "A red car", "Snow"]
    >>> example_queries(cats, 2)
    ['grey cat', 'red car']
    """
    parts = [(part, number) for number, title in enumerate(titles) for part in _BREAK.split(title)]
    korean = [(part, number) for part, number in parts if _HANGUL.search(part)]
    other = [(part, number) for part, number in parts if not _HANGUL.search(part)]
    groups = [
        group
        for group in (other, korean)
        if len({number for _, number in group}) >= max(1, LEAST_SHARE * len(titles))
    ]
    best = [_typical(group, len(titles), count) for group in groups]
    if len(best) == 2:
        first = best[0][: max(count // 2, count - len(best[1]))]
        return first + best[1][: count - len(first)]
    return best[0] if best else []


def _typical(parts: Iterable[tuple[str, int]], videos: int, count: int) -> list[str]:
    """Return the phrases with the highest information, no two with a word in common."""
    within: dict[str, set[int]] = {}
    for part, number in parts:
        for phrase in _phrases(part):
            within.setdefault(phrase, set()).add(number)

    def rank(phrase: str) -> tuple[float, str]:
        frequency = len(within[phrase])
        information = min(frequency, ENOUGH) * log((videos + 1) / frequency)
        return -information * (1.5 if " " in phrase else 1.0), phrase

    chosen: list[str] = []
    uses: Counter[int] = Counter()
    for phrase in sorted(within, key=rank):
        words = set(phrase.split())
        is_new = all(words.isdisjoint(other.split()) for other in chosen)
        # Another phrase of the same videos would be another example of the same.
        if is_new and sum(uses[number] > 0 for number in within[phrase]) * 2 <= len(within[phrase]):
            chosen.append(phrase)
            uses.update(within[phrase])
        if len(chosen) == count:
            break
    return chosen


def _phrases(part: str) -> Iterator[str]:
    """Yield the words of a part of a title and its pairs of neighbours."""
    words = [match[0].casefold() for match in _WORD.finditer(part)]
    useful = [word not in _COMMON and len(word) > 1 + word.isascii() for word in words]
    for place, word in enumerate(words):
        if useful[place]:
            yield word
            if place + 1 < len(words) and useful[place + 1]:
                yield f"{word} {words[place + 1]}"
