"""Turns text into the terms that BM25 counts, and terms into sparse vectors. Pure functions.

Korean joins particles and endings to the end of a word, so a Korean word becomes its first
syllable and all pairs of neighbouring syllables: "고양이가" and "고양이는" share 고, 고양 and
양이, "책을" and "책" share 책. docs/decisions/0005 tells why this is no morphological analyser.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from tubeseek.core.schemas.search import WORDS_INDEX
from tubeseek.core.types import MULTILINGUAL, EncoderSpec, Hit

# The space of the sparse vectors: whoever changes how terms are made must change the fingerprint.
BM25_SPEC = EncoderSpec(WORDS_INDEX, "bm25-pairs-1", dim=1, frames=1, languages=(MULTILINGUAL,))

K1 = 1.2  # how soon further occurrences of a term stop counting
B = 0.75  # how much the length of a text counts
# In terms: a Korean title of the measured set has 36, half a minute of talk about 100. It is fixed,
# because a store cannot weigh all its texts anew whenever one is added.
AVERAGE_LENGTH = 64

_HANGUL = "가-힣"
# Han, kana, Thai, Lao, Burmese, Khmer: scripts that put no spaces between words.
_UNSPACED = "々\u3040-ヿ㐀-䶿一-鿿\U00020000-\U0003ffff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
# Signs that Python does not count as part of a word, though readers do: combining accents, Hebrew
# and Arabic vowels, Indic vowels.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
_RUN = re.compile(
    f"(?P<hangul>[{_HANGUL}]+)|(?P<unspaced>[{_UNSPACED}]+)"
    f"|(?P<spaced>(?:(?![{_HANGUL}{_UNSPACED}_])[\\w{_MARKS}])+)"
)
# A search reads each passage that it finds three times: whether it shares a word, how many terms,
# and how well it fits.
RECENT_TEXTS = 512
RECENT_QUERIES = 16  # each is compared with every passage found
_ACCENT = re.compile("[\u0300-\u036f]")
_ONE_SYLLABLE_TAILS = frozenset("이가은는을를의에도만로와과고기다")  # after a stem of one syllable
_NOT_PLURAL = ("ss", "us", "is")
# What may follow a noun in the same Korean word; up to two are stacked, as in "집에서는".
_PARTICLES = (
    *("이", "가", "은", "는", "을", "를", "의", "에", "도", "만", "로", "으로", "와", "과", "랑"),
    *("이랑", "나", "이나", "에서", "에게", "한테", "께", "께서", "까지", "부터", "보다", "처럼"),
    *("마다", "조차", "마저", "밖에", "대로", "하고", "들", "요", "이다", "입니다", "이야"),
)
_LONGEST_FIRST = sorted(_PARTICLES, key=len, reverse=True)
_WITH_PARTICLES = re.compile(f"(?:{'|'.join(_LONGEST_FIRST)}){{1,2}}")


def terms(text: str) -> list[str]:
    """Return the terms of a text, in order, with repetitions and without a list of stop words.

    Letters are folded (NFKC, case, accents). A Korean word becomes its first syllable and its
    pairs of syllables; a run of a script without spaces becomes its pairs; any other word stays
    whole but for a plural s. Numbers are words.

    >>> terms("고양이가 Cats 3마리")
    ['고', '고양', '양이', '이가', 'cat', '3', '마', '마리']
    >>> terms("猫カフェ")
    ['猫カ', 'カフ', 'フェ']
    """
    return list(_all_terms(text))


@lru_cache(maxsize=RECENT_TEXTS)
def term_set(text: str) -> frozenset[str]:
    """Return the terms of a text, each once."""
    return frozenset(_all_terms(text))


@lru_cache(maxsize=RECENT_TEXTS)
def _all_terms(text: str) -> tuple[str, ...]:
    return tuple(term for kind, run in _runs(text) for term in _terms_of(kind, run))


def term_id(term: str) -> int:
    """Return a number in [0, 2**32) for a term, the same on every machine: its CRC-32.

    Two terms may share a number; then a search for one finds the other too. Among n terms about
    n**2 / 2**33 pairs do: 1 among 100,000.
    """
    return crc32(term.encode())


def document_vector(terms: Iterable[str]) -> dict[int, float]:
    """Return the weight of each term in one text: BM25 without its IDF.

        f (k1 + 1) / (f + k1 (1 - b + b length / average))

    where f is the number of times that the term occurs; the store multiplies by the IDF.
    Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009,
    section 3.

    Returns:
        Weights by `term_id`; empty for a text without words.
    """
    counts = Counter(map(term_id, terms))
    norm = K1 * (1 - B + B * counts.total() / AVERAGE_LENGTH)
    return {key: f * (K1 + 1) / (f + norm) for key, f in sorted(counts.items())}


def query_vector(terms: Iterable[str]) -> dict[int, float]:
    """Return 1 for each term of a query, by `term_id`; repeating a word does not stress it."""
    return dict.fromkeys(sorted(map(term_id, terms)), 1.0)


def inverse_document_frequency(texts: int, with_term: int) -> float:
    """Return the weight of a term that is in `with_term` of `texts` texts, as Qdrant computes it.

    ln((N - n + 0.5) / (n + 0.5) + 1), which unlike the original is never negative.
    Source: https://qdrant.tech/documentation/manage-data/indexing/#idf-modifier
    """
    return math.log((texts - with_term + 0.5) / (with_term + 0.5) + 1)


def passages_holding(idf: float, texts: int) -> float:
    """Return how many of so many texts hold a term of this IDF.

    >>> round(passages_holding(inverse_document_frequency(100, 7), 100), 6)
    7.0
    """
    # a store that was just added to may count more texts than its caller
    return max(0.0, (texts + 1) / math.exp(idf) - 0.5)


def idf_from_hit(term: str, hit: Hit) -> float:
    """Return the IDF of a term from the best text that a store finds by the term alone.

    Args:
        term: What was asked for, with a weight of 1.
        hit: Its score is the IDF times the weight of the term in its text.
    """
    return hit.score / document_vector(terms(hit.text))[term_id(term)]


def store_query(
    text: str,
    weights: Mapping[str, float] | None,
    frequencies_of: Callable[[Iterable[str]], Mapping[str, float]],
) -> dict[int, float]:
    """Return what a store that multiplies the IDF in is searched for, by term id.

    Args:
        text: The query; each of its terms counts by its IDF where no weights are given.
        weights: What holding a term counts instead.
        frequencies_of: Returns the IDF of those of some terms that a text holds.
    """
    if weights is None:
        return query_vector(terms(text))
    return reweighted(weights, frequencies_of(weights))


def reweighted(weights: Mapping[str, float], idf: Mapping[str, float]) -> dict[int, float]:
    """Return a query that a store, which multiplies the IDF in, scores by these weights.

    Args:
        weights: What holding a term shall count.
        idf: Of the terms that a text holds; others find nothing.
    """
    return {
        term_id(term): weights[term] / idf[term] for term in sorted(weights.keys() & idf.keys())
    }


def shares_word(query: str, text: str) -> bool:
    """Return whether `text` contains a word of `query`, and not merely a piece such as an ending.

    Korean puts its grammar at the end, so a Korean word counts if its first pair of syllables is in
    the text, or half of its pairs. The first syllable alone is enough for a word of one syllable,
    with or without a particle ("책을").

    >>> shares_word("고양이가", "귀여운 고양이는"), shares_word("요리하다", "운동하다")
    (True, False)
    """
    text_terms = term_set(text)
    return any(_has_word(text_terms, kind, run) for kind, run in _query_runs(query))


def holds_phrase(phrase: str, text: str) -> bool:
    """Return whether the words of `phrase` are in `text`, one directly after the other.

    Letters are folded as in `terms`; all other characters only separate words. No word is
    shortened, but a Korean one may carry particles. In scripts without blanks a phrase may begin
    and end anywhere.

    >>> holds_phrase("rock n roll", "Rock-N-Roll!"), holds_phrase("cat", "cats")
    (True, False)
    >>> holds_phrase("고양이 집", "우리 고양이 집에서는"), holds_phrase("책", "책상")
    (True, False)
    """
    phrase_words, text_words = _whole_words(phrase), _whole_words(text)
    starts = range(len(text_words) - len(phrase_words) + 1) if phrase_words else range(0)
    return any(
        all(_is_word(word, text_words[start + i]) for i, word in enumerate(phrase_words))
        for start in starts
    )


class QueryWord(NamedTuple):
    """A word of a query and the terms that stand for it."""

    text: str  # folded, without the particle that ends a Korean word
    terms: tuple[str, ...]


def query_words(text: str) -> list[QueryWord]:
    """Return the words of a query, without the pairs of syllables that a Korean particle makes.

    >>> [word.terms for word in query_words("빨간 스포츠카를")]
    [('빨', '빨간'), ('스', '스포', '포츠', '츠카')]
    >>> query_words("a Cats")
    [QueryWord(text='a', terms=('a',)), QueryWord(text='cats', terms=('cat',))]
    """
    words = []
    for kind, run in _runs(text):
        stem = _without_particle(run) if kind == "hangul" else run
        words.append(QueryWord(stem, tuple(_terms_of(kind, stem))))
    return words


def _without_particle(word: str) -> str:
    """Return a Korean word without its last particle, where two syllables are left.

    >>> _without_particle("학교에서"), _without_particle("음식을"), _without_particle("사과")
    ('학교', '음식', '사과')
    """
    for particle in _LONGEST_FIRST:
        if word.endswith(particle) and len(word) - len(particle) >= 2:
            return word.removesuffix(particle)
    return word


def _is_word(word: str, text_word: str) -> bool:
    """Return whether a word of a text is this word, with or without particles."""
    if not text_word.startswith(word):
        return False
    rest = text_word[len(word) :]
    return not rest or _WITH_PARTICLES.fullmatch(rest) is not None


def _whole_words(text: str) -> list[str]:
    """Return the words of a text; in a script without blanks each character is one."""
    words: list[str] = []
    for kind, run in _runs(text):
        if kind == "unspaced":
            words += run
        else:
            words.append(_without_accents(run) if kind == "spaced" else run)
    return words


def _has_word(text_terms: frozenset[str], kind: str, run: str) -> bool:
    if kind != "hangul":
        return not text_terms.isdisjoint(_terms_of(kind, run))
    short = len(run) == 1 or (len(run) == 2 and run[1] in _ONE_SYLLABLE_TAILS)
    if short and run[0] in text_terms:
        return True
    pairs = _pairs(run)
    in_text = [pair in text_terms for pair in pairs]
    return bool(pairs) and (in_text[0] or 2 * sum(in_text) >= len(pairs))


@lru_cache(maxsize=RECENT_QUERIES)
def _query_runs(query: str) -> tuple[tuple[str, str], ...]:
    return tuple(_runs(query))


def _runs(text: str) -> Iterable[tuple[str, str]]:
    """Yield the words of a text, each with its kind of script."""
    for match in _RUN.finditer(unicodedata.normalize("NFKC", text).casefold()):
        yield match.lastgroup or "", match.group()


def _terms_of(kind: str, run: str) -> list[str]:
    if kind == "hangul":
        return [run[0], *_pairs(run)]
    if kind == "unspaced":
        return _pairs(run) or [run]
    return [_folded(run)]


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _folded(word: str) -> str:
    """Return a word without accents and without a plural s.

    >>> _folded("cafés"), _folded("bus"), _folded("moss")
    ('cafe', 'bus', 'moss')
    """
    word = _without_accents(word)
    if len(word) > 3 and word.endswith("s") and not word.endswith(_NOT_PLURAL):
        return word[:-1]
    return word


def _without_accents(word: str) -> str:
    return word if word.isascii() else _ACCENT.sub("", unicodedata.normalize("NFD", word))
