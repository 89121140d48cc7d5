"""Composes a parsed query into what the indexes are searched for. Pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tubeseek.core.errors import QueryError
from tubeseek.core.types import Frames
from tubeseek.search.query import Expression, LikeVideo, Picture, Term, Words


@dataclass(frozen=True, slots=True)
class Example:
    """A video of the library as a query: the mean direction of its segments."""

    video_id: str


Ingredient: TypeAlias = str | Frames | Example


@dataclass(frozen=True, slots=True, eq=False)
class CompositeQuery:
    """A query that adds and subtracts several things, or asks for exact words.

    Args:
        ingredients: Sentences, pictures (1, height, width, 3) uint8 and videos.
        weights: The weight of each ingredient; a negative one subtracts it. At least one is
            positive.
        words: What the index of words is searched for; empty leaves that index out.
        phrases: A video must contain each of these exact phrases, and only its passages that
            contain one count.
        subtracted_phrases: Passages that contain one of these exact phrases do not count.
        excluded_phrases: Nor do videos whose title or description contains one of these. All of
            them are among `subtracted_phrases`.
    """

    ingredients: tuple[Ingredient, ...]
    weights: tuple[float, ...]
    words: str = ""
    phrases: tuple[str, ...] = ()
    subtracted_phrases: tuple[str, ...] = ()
    excluded_phrases: tuple[str, ...] = ()

    @property
    def main_sentence(self) -> str:
        """The only thing that the query looks for, if that is a sentence; else empty.

        Hits are graded by it.
        """
        positive = [
            ingredient
            for ingredient, weight in zip(self.ingredients, self.weights, strict=True)
            if weight > 0
        ]
        return positive[0] if len(positive) == 1 and isinstance(positive[0], str) else ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences among the ingredients."""
        return tuple(i for i in self.ingredients if isinstance(i, str))

    @property
    def example_ids(self) -> tuple[str, ...]:
        """The ids of the videos among the ingredients."""
        return tuple(i.video_id for i in self.ingredients if isinstance(i, Example))


def compose(
    expression: Expression, pictures: Mapping[str, Frames]
) -> str | Frames | CompositeQuery:
    """Return what an expression looks for: one sentence, one picture, or a composite query.

    Args:
        expression: The query as it was parsed.
        pictures: The pictures that came with it, by name: (1, height, width, 3) uint8.

    Raises:
        QueryError: The expression names a picture that did not come, or does not name one that did.

    >>> from tubeseek.search.query import parse
    >>> compose(parse("a red car"), {})
    'a red car'
    >>> query = compose(parse('2:"red car" + snow -man'), {})
    >>> query.ingredients, query.weights
    (('red car', 'snow', 'man'), (2.0, 1.0, -0.5))
    >>> query.words, query.phrases, query.subtracted_phrases, query.excluded_phrases
    ('red car snow', ('red car',), ('man',), ('man',))
    """
    _check_pictures(expression, pictures)
    if (sentence := expression.plain) is not None:
        return sentence
    first = expression.terms[0].operand
    if len(expression.terms) == 1 and not expression.exclusions and isinstance(first, Picture):
        if first.name not in pictures and not first.named:
            return first.name  # words that look like the name of a file
        return _picture(expression.terms[0], first, pictures)
    words = [(t.operand, t.weight) for t in expression.terms if isinstance(t.operand, Words)]
    added = [operand for operand, weight in words if weight > 0]
    subtracted = [operand for operand, weight in words if weight < 0]
    excluded = tuple(exclusion.part.text for exclusion in expression.exclusions)
    return CompositeQuery(
        ingredients=(*(_ingredient(term, pictures) for term in expression.terms), *excluded),
        weights=(
            *(term.weight for term in expression.terms),
            *(-exclusion.weight for exclusion in expression.exclusions),
        ),
        words=" ".join(operand.text for operand in added),
        phrases=tuple(phrase for operand in added for phrase in operand.phrases),
        subtracted_phrases=(
            *(phrase for operand in subtracted for phrase in operand.phrases or (operand.text,)),
            *excluded,
        ),
        excluded_phrases=excluded,
    )


def _ingredient(term: Term, pictures: Mapping[str, Frames]) -> Ingredient:
    match term.operand:
        case Words() as words:
            return words.text
        case LikeVideo(video_id):
            return Example(video_id)
        case Picture() as picture:
            return _picture(term, picture, pictures)


def _picture(term: Term, picture: Picture, pictures: Mapping[str, Frames]) -> Frames:
    if picture.name not in pictures:
        raise QueryError(
            f"column {term.column}: there is no picture {picture.name!r}. The command line reads "
            "files and URLs; a request to the server must contain its pictures. To search for "
            "these words, put them in quotes",
            column=term.column,
        )
    return pictures[picture.name]


def _check_pictures(expression: Expression, pictures: Mapping[str, Frames]) -> None:
    operands = (term.operand for term in expression.terms)
    names = {operand.name for operand in operands if isinstance(operand, Picture)}
    for name in pictures.keys() - names:
        raise QueryError(f"the query does not name the picture {name!r}; name it or leave it out")
