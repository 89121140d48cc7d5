"""Finds where in a spoken passage the words of a query are said. Pure functions."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from tubeseek.core.bm25 import inverse_document_frequency, terms
from tubeseek.core.passages import ends_sentence
from tubeseek.core.types import Passage

LONGEST_LEAD_SECONDS = 5.0  # from the start of a sentence to the caption that holds the words
GUESSED_LEAD_SECONDS = 2.0  # where captions have no times of their own
GUESSED_WORDS = 8  # in a line of captions
_WORD = re.compile(r"\S+\s*")


class _Line(NamedTuple):
    """A line of captions, and when it is said."""

    start: float
    text: str


def sentence_start(passage: Passage, query: str) -> float:
    """Return the second at which the sentence of a passage begins that holds words of a query.

    It is the line of captions that, with the next one, holds most of the words; those that other
    lines hold too count less. If the sentence begins a little before that line, it begins there.

    Args:
        passage: Spoken words. Libraries of older versions lack the times of their lines; then they
            are guessed as if all letters took the same time.
        query: What was searched for.

    Returns:
        The start of the passage if none of the words are in it.
    """
    lines = _lines(passage)
    terms_of_lines = [set(terms(line.text)) for line in lines]
    counts = Counter(term for line_terms in terms_of_lines for term in line_terms)
    weights = {
        term: inverse_document_frequency(len(lines), counts[term])
        for term in set(terms(query))
        if term in counts
    }
    best, best_weight = 0, 0.0
    for number, line_terms in enumerate(terms_of_lines):
        if not line_terms & weights.keys():
            continue
        window = line_terms.union(*terms_of_lines[number + 1 : number + 2])
        weight = sum(weights[term] for term in window & weights.keys())
        if weight > best_weight + 1e-9:
            best, best_weight = number, weight
    return _begin(lines, best)


def _begin(lines: Sequence[_Line], number: int) -> float:
    """Return where the sentence of a line begins, if that is not much earlier than the line."""
    if not any(ends_sentence(line.text) for line in lines):  # captions without punctuation
        return lines[number].start
    first = number
    while first and not ends_sentence(lines[first - 1].text):
        first -= 1
    if lines[number].start - lines[first].start > LONGEST_LEAD_SECONDS:
        return lines[number].start
    return lines[first].start


def _lines(passage: Passage) -> list[_Line]:
    text, segment = passage.text, passage.segment
    if passage.cues:
        places = [place for place, _ in passage.cues] + [len(text)]
        return [
            _Line(start, text[place:after].strip())
            for (place, start), after in zip(passage.cues, places[1:], strict=True)
        ]
    seconds_a_letter = (segment.end - segment.start) / max(len(text), 1)
    lines, place, pending = [], 0, ""
    for count, word in enumerate(_WORD.findall(text), start=1):
        pending += word
        if count % GUESSED_WORDS == 0 or ends_sentence(word.strip()):
            lines.append(_guessed(segment.start, place * seconds_a_letter, pending))
            place, pending = place + len(pending), ""
    if pending or not lines:
        lines.append(_guessed(segment.start, place * seconds_a_letter, pending))
    return lines


def _guessed(start: float, after: float, text: str) -> _Line:
    return _Line(start + max(0.0, after - GUESSED_LEAD_SECONDS), text.strip())
