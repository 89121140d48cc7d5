"""Parses the query language. Pure functions.

    query     = term { ("+" | "-") term }         operators stand alone, between blanks
    term      = [weight ":"] (words | picture | video)
    words     = { word | '"' exact words '"' }
    picture   = "image:" name                     or a name like cat.jpg, alone in its term
    video     = "like:" id
    exclusion = "-" [weight ":"] (word | '"' exact words '"' | picture | video)

An exclusion may stand anywhere among words; its minus directly precedes what it excludes.
Everything else is read as plain words: "rock-n-roll", "C++", "3:2", 'a 55" television'.
docs/query.md tells what each kind of term does to a search.
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
    """Parse a query.

    Raises:
        QueryError: The query is not understood; the error names the column.

    >>> parse("rock-n-roll at  3:2").plain
    'rock-n-roll at 3:2'
    >>> [(str(t.operand), t.weight) for t in parse("2:a dog + snow.jpg - a cat").terms]
    [('a dog', 2.0), ('snow.jpg', 1.0), ('a cat', -1.0)]
    >>> query = parse('a "red hat" -snow')
    >>> query.terms[0].operand.phrases, [str(exclusion) for exclusion in query.exclusions]
    (('red hat',), ['-snow'])
    """
    terms: list[Term] = []
    # Pictures and videos directly after a minus: they are subtracted like other terms.
    subtracted: list[Term] = []
    exclusions: list[Exclusion] = []
    units: list[_Unit] = []  # of the current term
    operator: _Unit | None = None  # before the current term
    at = len(text) - len(text.lstrip())
    while at < len(text):
        unit, at = _unit(text, at, first=not units)
        if unit.is_operator:
            if not units:
                _refuse(unit.column, f"nothing stands before this {unit.text}")
            terms.append(_term(units, operator))
            operator, units = unit, []
        elif unit.minus and unit.prefix:
            subtracted.append(_term([unit], unit))
        elif unit.minus:
            weight = _weight(unit, EXCLUSION_WEIGHT)
            exclusions.append(
                Exclusion(Part(" ".join(unit.text.split()), unit.quoted), weight, unit.column)
            )
        else:
            units.append(unit)
        if len(terms) + len(subtracted) + len(exclusions) + bool(units) > MAX_TERMS:
            _refuse(unit.column, f"a query can have at most {MAX_TERMS} terms; remove some")
    if units:
        terms.append(_term(units, operator))
    elif operator is not None:
        _refuse(operator.column, f"nothing stands after this {operator.text}")
    if not terms:
        if not (subtracted or exclusions):
            raise QueryError(
                'the query is empty; describe what you look for, as in "a red sports car"', column=1
            )
        columns = [t.column for t in subtracted] + [e.column for e in exclusions]
        _refuse(min(columns), "add what to look for; a query cannot only exclude")
    return Expression((*terms, *subtracted), tuple(exclusions))


class _Unit(NamedTuple):
    """A word or quoted phrase, with the minus, weight and prefix directly before it."""

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
    """Return the unit at `start` and where the next one begins.

    Only the first unit of a term may have a weight.
    """
    minus = _MINUS.match(text, start)
    at = minus.end() if minus else start
    weight = prefix = ""
    if first or minus:
        if match := _WEIGHT.match(text, at):
            weight, at = match[1], match.end()
        if match := _PREFIX.match(text, at):
            prefix, at = match[1], match.end()
    body = _BODY.match(text, at)
    if body is None:  # impossible: `at` is never at a blank
        raise AssertionError(f"no unit at {at} of {text!r}")
    quoted = body[1] is not None
    if not quoted and text[at] == '"':
        _refuse(at + 1, "this quote is not closed; close it or remove it")
    if quoted and not any(c.isalnum() for c in body[1]):
        _refuse(at + 1, "these quotes contain no word; write one or remove them")
    unit = _Unit(start + 1, minus is not None, weight, prefix, body[1] or body[2], quoted)
    return unit, body.end()


def _term(units: Sequence[_Unit], sign: _Unit | None) -> Term:
    """Return the term of these units; `sign` is its operator, or the unit with the minus."""
    first = units[0]
    size = _weight(first, 1.0)
    weight = -size if sign is not None and (sign.minus or sign.text == "-") else size
    return Term(_operand(units), weight, first.column)


def _weight(unit: _Unit, default: float) -> float:
    size = float(unit.weight or default)
    if not MIN_WEIGHT <= size <= MAX_WEIGHT:
        column = unit.column + unit.minus
        _refuse(column, f"a weight must be between {MIN_WEIGHT} and {MAX_WEIGHT:g}")
    return size


def _operand(units: Sequence[_Unit]) -> Operand:
    first = units[0]
    if first.prefix:
        if len(units) > 1:
            problem = f"{first.prefix}: takes one name; put a + before what follows it"
            _refuse(units[1].column, problem)
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
    """Return whether a name is that of a picture file or of a picture on the web."""
    if name.startswith(("http://", "https://")):
        try:
            name = urlsplit(name).path
        except ValueError:  # it is not a URL
            return False
    return name.casefold().endswith(PICTURE_SUFFIXES)


def _refuse(column: int, problem: str) -> NoReturn:
    raise QueryError(f"column {column}: {problem}", column=column)
