"""Reads the query language. Pure functions.

    query     = term { ("+" | "-") term }         operators stand alone, between blanks
    term      = [weight ":"] (words | picture | video)
    words     = { word | '"' exact words '"' }
    picture   = "image:" name                     or a name like cat.jpg, alone in its term
    video     = "like:" id
    exclusion = "-" [weight ":"] (word | '"' exact words '"' | picture | video)

An exclusion may stand anywhere among words; its minus is glued to what it leaves out. Everything
else is words as they stand: "rock-n-roll", "C++", "3:2", 'a 55" television'. What terms do to a
search: docs/query.md.
"""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple, NoReturn
from urllib.parse import urlsplit

from tubeseek.core.errors import QueryError
from tubeseek.core.schemas.search import MAX_TERMS
from tubeseek.search.query.expression import (
    EXCLUSION_WEIGHT,
    Exclusion,
    Expression,
    LikeVideo,
    Operand,
    Part,
    Picture,
    Term,
    Words,
)

MIN_WEIGHT, MAX_WEIGHT = 0.01, 100.0
PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".avif")

_MINUS = re.compile(r"-(?=[^\W_]|\")")
# A weight is one only before a letter, a quote or a path: "3:2" and "10:30 news" are words.
_WEIGHT = re.compile(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+):(?=[^\W\d_]|[\"/~]|\.\.?/)")
_PREFIX = re.compile(r"(like|image):(?=\S)")
_BODY = re.compile(r"(?:\"([^\"]*)\"|(\S+))\s*")


def parse(text: str) -> Expression:
    """Reads a query.

    Raises:
        QueryError: It cannot be meant; the error names the column.

    >>> parse("rock-n-roll at  3:2").plain
    'rock-n-roll at 3:2'
    >>> [(str(t.operand), t.weight) for t in parse("2:a dog + snow.jpg - a cat").terms]
    [('a dog', 2.0), ('snow.jpg', 1.0), ('a cat', -1.0)]
    >>> read = parse('a "red hat" -snow')
    >>> read.terms[0].operand.phrases, [str(term) for term in read.excluded]
    (('red hat',), ['-snow'])
    """
    terms: list[Term] = []
    pushed: list[Term] = []  # pictures and videos after a glued minus: subtracted like any other
    excluded: list[Exclusion] = []
    units: list[_Unit] = []  # of the term at hand
    operator: _Unit | None = None  # before it
    at = len(text) - len(text.lstrip())
    while at < len(text):
        unit, at = _unit(text, at, first=not units)
        if unit.is_operator:
            if not units:
                _refuse(unit.column, f"nothing stands before this {unit.text}")
            terms.append(_term(units, operator))
            operator, units = unit, []
        elif unit.minus and unit.prefix:
            pushed.append(_term([unit], unit))
        elif unit.minus:
            weight = _weight(unit, EXCLUSION_WEIGHT)
            excluded.append(
                Exclusion(Part(" ".join(unit.text.split()), unit.quoted), weight, unit.column)
            )
        else:
            units.append(unit)
        if len(terms) + len(pushed) + len(excluded) + bool(units) > MAX_TERMS:
            _refuse(unit.column, f"the most is {MAX_TERMS} terms; ask for less at once")
    if units:
        terms.append(_term(units, operator))
    elif operator is not None:
        _refuse(operator.column, f"nothing stands after this {operator.text}")
    if not terms:
        if not (pushed or excluded):
            raise QueryError(
                'the query is empty; describe what you look for, as in "a red sports car"', column=1
            )
        columns = [t.column for t in pushed] + [e.column for e in excluded]
        _refuse(min(columns), "say what to look for too, not only what not")
    return Expression((*terms, *pushed), tuple(excluded))


class _Unit(NamedTuple):
    """What stands between two blanks, or in quotes, with what is glued to its front."""

    column: int
    minus: bool
    weight: str
    prefix: str
    text: str
    quoted: bool

    @property
    def is_operator(self) -> bool:
        return self.text in ("+", "-") and not (self.quoted or self.minus or self.prefix)


def _unit(text: str, start: int, *, first: bool) -> tuple[_Unit, int]:
    """The unit at `start` and where the next begins; only the `first` of a term has a weight."""
    minus = _MINUS.match(text, start)
    at = minus.end() if minus else start
    weight = prefix = ""
    if first or minus:
        if found := _WEIGHT.match(text, at):
            weight, at = found[1], found.end()
        if found := _PREFIX.match(text, at):
            prefix, at = found[1], found.end()
    body = _BODY.match(text, at)
    if body is None:  # cannot be: something other than a blank stands here
        raise AssertionError(f"no unit at {at} of {text!r}")
    quoted = body[1] is not None
    if not quoted and text[at] == '"':
        _refuse(at + 1, "this quote is never closed; close it, or leave it out")
    if quoted and not any(c.isalnum() for c in body[1]):
        _refuse(at + 1, "these quotes hold no word; write one in them, or leave them out")
    unit = _Unit(start + 1, minus is not None, weight, prefix, body[1] or body[2], quoted)
    return unit, body.end()


def _term(units: Sequence[_Unit], sign: _Unit | None) -> Term:
    """One term of its units; `sign` is the operator, or the unit with the minus."""
    first = units[0]
    size = _weight(first, 1.0)
    weight = -size if sign is not None and (sign.minus or sign.text == "-") else size
    return Term(_operand(units), weight, first.column)


def _weight(unit: _Unit, usual: float) -> float:
    size = float(unit.weight or usual)
    if not MIN_WEIGHT <= size <= MAX_WEIGHT:
        column = unit.column + unit.minus
        _refuse(column, f"a weight lies between {MIN_WEIGHT} and {MAX_WEIGHT:g}")
    return size


def _operand(units: Sequence[_Unit]) -> Operand:
    first = units[0]
    if first.prefix:
        if len(units) > 1:
            told = f"{first.prefix}: takes one name; put a + before what follows it"
            _refuse(units[1].column, told)
        return LikeVideo(first.text) if first.prefix == "like" else Picture(first.text)
    if len(units) == 1 and not (first.quoted or first.minus) and _is_picture(first.text):
        return Picture(first.text, named=False)
    parts: list[Part] = []
    for exact, run in groupby(units, key=lambda unit: unit.quoted):
        if exact:
            parts += [Part(" ".join(unit.text.split()), exact=True) for unit in run]
        else:
            parts.append(Part(" ".join(unit.text for unit in run)))
    return Words(tuple(parts))


def _is_picture(name: str) -> bool:
    """Whether a name is that of a picture file, or of one on the web."""
    if name.startswith(("http://", "https://")):
        try:
            name = urlsplit(name).path
        except ValueError:  # no URL after all
            return False
    return name.casefold().endswith(PICTURE_SUFFIXES)


def _refuse(column: int, told: str) -> NoReturn:
    raise QueryError(f"column {column}: {told}", column=column)
