"""Cuts out the words of a moment that fit a query, and marks them."""

import re
from typing import Any, TypeAlias

from tubeseek.core.bm25 import shares_word
from tubeseek.core.errors import QueryError
from tubeseek.core.schemas import Moment
from tubeseek.search.query import Words, parse
from tubeseek.ui import texts
from tubeseek.ui.texts.text import Text

# "text", and maybe "isMarked", "href", or "seek" in seconds
Part: TypeAlias = dict[str, Any]

_WORD = re.compile(r"\w+")
# English words without a subject: marking them would mark half of a passage.
_ENGLISH = """a an and are as at be by for from has have he her his how i in is it its me my of on
or our she so that the their them they this to was we were what when where which who will with you
your"""
_COMMON = frozenset(_ENGLISH.split())
_KINDS = {"still": texts.video.PICTURE, "clip": texts.video.IN_MOTION}
_TRACKS = {"said": texts.video.SPEECH, "chapter": texts.video.IN_CHAPTER}


def kind_and_words(moment: Moment) -> tuple[Text, str]:
    """Return what kind of moment it is, and its words if it has any.

    >>> here = {"start": 3, "end": 9, "seek": 3, "url": "", "score": 1}
    >>> kind, words = kind_and_words(Moment(kind="passage", reason="said: stir: gently", **here))
    >>> kind.en, words
    ('Speech', 'stir: gently')
    >>> kind_and_words(Moment(kind="still", reason="frame at 0:03", **here))[1]
    ''
    >>> kind_and_words(Moment(kind="still", reason="frame at 0:03, while: stir gently", **here))[1]
    'stir gently'
    """
    if moment.kind in _KINDS:
        return _KINDS[moment.kind], moment.reason.partition(", while: ")[2]
    track, _, words = moment.reason.partition(": ")
    return _TRACKS.get(track, texts.video.SPEECH), words


def query_words(query: str) -> str:
    """Return the words that a query looks for, without common ones unless there are no others.

    >>> query_words('2:"red hat" + the snow -dog'), query_words("who is it")
    ('red hat snow', 'who is it')
    """
    try:
        terms = parse(query).terms
    except QueryError:  # the search itself says what is wrong with it
        return ""
    operands = [t.operand.text for t in terms if t.weight > 0 and isinstance(t.operand, Words)]
    words = " ".join(operands).split()
    return " ".join([word for word in words if word.casefold() not in _COMMON] or words)


def excerpt(words: str, query: str, most: int) -> str:
    """Return about `most` characters of whole words, from a little before the first of the query.

    >>> excerpt("one two three four five six seven", "five", 16)
    '… four five six …'
    >>> excerpt("one two", "five", 16)
    'one two'
    """
    line = " ".join(words.split())
    if len(line) <= most:
        return line
    first = next((w.start() for w in _WORD.finditer(line) if shares_word(query, w[0])), 0)
    start = line.rfind(" ", 0, max(0, min(first - most // 4, len(line) - most)) + 1) + 1
    part, more = line[start : start + most], start + most < len(line)
    if more:
        part = part.rpartition(" ")[0] or part
    return f"{'… ' if start else ''}{part}{' …' if more else ''}"


def marked_parts(words: str, query: str) -> list[Part]:
    """Return `words` in parts, those of the query marked.

    >>> marked_parts("<b>Peeling</b> an orange", "oranges")
    [{'text': '<b>Peeling</b> an '}, {'text': 'orange', 'isMarked': True}]
    """
    parts: list[Part] = []
    at = 0
    for word in _WORD.finditer(words):
        if shares_word(query, word[0]):
            if word.start() > at:
                parts.append({"text": words[at : word.start()]})
            parts.append({"text": word[0], "isMarked": True})
            at = word.end()
    if at < len(words):
        parts.append({"text": words[at:]})
    return parts
