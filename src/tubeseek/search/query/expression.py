"""Defines a parsed query: terms that are added or subtracted, and exclusions."""

from dataclasses import dataclass, field
from typing import TypeAlias

# The weight that an exclusion subtracts with. With 1, as between terms, half of what was looked for
# is lost too: docs/query.md has the figures.
EXCLUSION_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Part:
    """Some words; exact ones were written in quotes."""

    text: str
    exact: bool = False

    def __str__(self) -> str:
        return f'"{self.text}"' if self.exact else self.text


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence or some words."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The words as an encoder reads them: without quotes."""
        return " ".join(part.text for part in self.parts)

    @property
    def phrases(self) -> tuple[str, ...]:
        """The parts that were written in quotes."""
        return tuple(part.text for part in self.parts if part.exact)

    def __str__(self) -> str:
        return " ".join(map(str, self.parts))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by its name in the query; `named` if "image:" was written before it."""

    name: str
    named: bool = True

    def __str__(self) -> str:
        return f"image:{_quoted(self.name)}" if self.named else self.name


@dataclass(frozen=True, slots=True)
class LikeVideo:
    """A video of the library."""

    video_id: str

    def __str__(self) -> str:
        return f"like:{_quoted(self.video_id)}"


Operand: TypeAlias = Words | Picture | LikeVideo


@dataclass(frozen=True, slots=True)
class Term:
    """Something that is added to a query, or subtracted where the weight is below 0."""

    operand: Operand
    weight: float = 1.0
    column: int = field(default=1, compare=False)  # where it begins in the text, from 1

    def __str__(self) -> str:
        size = abs(self.weight)
        return str(self.operand) if size == 1 else f"{_number(size)}:{self.operand}"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Words that the found videos must not contain."""

    part: Part
    weight: float = EXCLUSION_WEIGHT  # above 0; it is subtracted
    column: int = field(default=1, compare=False)

    def __str__(self) -> str:
        weight = "" if self.weight == EXCLUSION_WEIGHT else f"{_number(self.weight)}:"
        return f"-{weight}{self.part}"


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed query. `str` writes it in one form, which parses to the same expression."""

    terms: tuple[Term, ...]  # the first has a weight above 0
    exclusions: tuple[Exclusion, ...] = ()

    @property
    def plain(self) -> str | None:
        """The sentence, if the query is nothing but a sentence; else None."""
        operand = self.terms[0].operand
        if len(self.terms) > 1 or self.exclusions or not isinstance(operand, Words):
            return None
        return None if operand.phrases else operand.text

    def __str__(self) -> str:
        first, *rest = self.terms
        signed = [f"{'-' if term.weight < 0 else '+'} {term}" for term in rest]
        return " ".join([str(first), *signed, *map(str, self.exclusions)])


def _number(value: float) -> str:
    return repr(value).removesuffix(".0")


def _quoted(name: str) -> str:
    """Return a name as one unit: in quotes if it contains a blank."""
    return f'"{name}"' if any(c.isspace() for c in name) else name
