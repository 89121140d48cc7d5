"""Adds words to moments, and begins spoken ones where the words of a query are said. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from tubeseek.core.bm25 import inverse_document_frequency, terms
from tubeseek.core.passages import CAPTION, ends_sentence
from tubeseek.core.types import Hit, MomentHit, Passage, SegmentKind
from tubeseek.search.moments import FusedVideo, begun_at

LONGEST_LEAD_SECONDS = 5.0  # from the start of a sentence to the caption that holds the words
GUESSED_LEAD_SECONDS = 2.0  # where captions have no times of their own
GUESSED_WORDS = 8  # in a line of captions
_WORD = re.compile(r"\S+\s*")


class _Line(NamedTuple):
    """A line of captions, and when it is said."""

    start: float
    text: str


def needs_words(fused: FusedVideo) -> bool:
    """Return whether `with_words` would change anything."""
    hits = [*(moment.hit for moment in fused.moments), *fused.whole]
    return any(_lacks_text(hit) or hit.segment.track == CAPTION for hit in hits)


def with_words(fused: FusedVideo, passages: Iterable[Passage], query: str) -> FusedVideo:
    """Return a video whose hits have their texts, and whose spoken moments begin at a sentence.

    Args:
        fused: An index of vectors holds no texts, and no index the times of sentences.
        passages: Of this video.
        query: What was searched for.
    """
    by_id = {passage.segment.id: passage for passage in passages}

    def with_text(hit: Hit) -> Hit:
        passage = by_id.get(hit.segment.id)
        return replace(hit, text=passage.text) if passage and _lacks_text(hit) else hit

    def at_sentence(moment: MomentHit) -> MomentHit:
        passage = by_id.get(moment.hit.segment.id)
        moment = replace(moment, hit=with_text(moment.hit))
        if passage is None or passage.segment.track != CAPTION:
            return moment
        return begun_at(moment, sentence_start(passage, query))

    return replace(
        fused,
        moments=tuple(map(at_sentence, fused.moments)),
        whole=tuple(map(with_text, fused.whole)),
    )


def _lacks_text(hit: Hit) -> bool:
    return hit.segment.kind is SegmentKind.PASSAGE and not hit.text


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
