"""A query of several ingredients, and the one vector that they make. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tubeseek.core.errors import QueryError
from tubeseek.core.index import Index
from tubeseek.core.types import Frames, Vector, Vectors
from tubeseek.search.query import Expression, LikeVideo, Picture, Term, Words

LEAST_LENGTH = 1e-3  # below it what is left is rounding


@dataclass(frozen=True, slots=True)
class Example:
    """A video of the library as a query: the direction that all its segments share."""

    video_id: str


Ingredient: TypeAlias = str | Frames | Example


@dataclass(frozen=True, slots=True, eq=False)
class CompositeQuery:
    """What is asked of vectors, and what is asked of words beside it.

    Args:
        ingredients: Sentences, pictures (1, height, width, 3) uint8 and videos.
        weights: Of each; below 0 pushes away. One at least is above 0.
        words: What the words are asked; empty leaves them out.
        phrases: A video must hold the exact words of each, and of its passages those count that
            hold one.
        pushed: Passages that hold the exact words of one do not count.
        excluded: Nor do videos whose title or description holds those of one.
    """

    ingredients: tuple[Ingredient, ...]
    weights: tuple[float, ...]
    words: str = ""
    phrases: tuple[str, ...] = ()
    pushed: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def judged(self) -> str:
        """The sentence that hits are judged by: the only thing that is looked for, if it is one."""
        wanted = [
            one for one, weight in zip(self.ingredients, self.weights, strict=True) if weight > 0
        ]
        return wanted[0] if len(wanted) == 1 and isinstance(wanted[0], str) else ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences among the ingredients."""
        return tuple(one for one in self.ingredients if isinstance(one, str))

    @property
    def examples(self) -> tuple[str, ...]:
        """The ids of the videos among the ingredients."""
        return tuple(one.video_id for one in self.ingredients if isinstance(one, Example))


def mixed(vectors: Vectors, weights: Sequence[float]) -> Vector:
    """The direction of a weighted sum, as Rocchio moves a query.

        q = sum_i w_i v_i / |sum_i w_i v_i|

    Source: Rocchio, "Relevance Feedback in Information Retrieval", 1971.

    Args:
        vectors: (n, dim) float32, rows of unit length.
        weights: (n,)

    Returns:
        (dim,) float32 of unit length.

    Raises:
        QueryError: They cancel out.
    """
    total = np.asarray(weights, np.float32) @ vectors
    length = float(np.linalg.norm(total))
    if length < LEAST_LENGTH * float(np.abs(weights).max()):
        raise QueryError("the terms of the query cancel out; nothing is left to look for")
    unit: Vector = (total / length).astype(np.float32)
    return unit


def compose(
    expression: Expression, pictures: Mapping[str, Frames]
) -> str | Frames | CompositeQuery:
    """What a query asks for: one sentence or one picture as it is, anything else as a mixture.

    Args:
        expression: The query.
        pictures: Those that came with it, by name.

    Raises:
        QueryError: A picture is named that did not come, or came and is not named.

    >>> from tubeseek.query import parse
    >>> blend(parse("a red car"), {})
    'a red car'
    >>> mixture = blend(parse('2:"red car" + snow -man'), {})
    >>> mixture.ingredients, mixture.weights
    (('red car', 'snow', 'man'), (2.0, 1.0, -0.5))
    >>> mixture.words, mixture.phrases, mixture.pushed, mixture.excluded
    ('red car snow', ('red car',), ('man',), ('man',))
    """
    _check_named(expression, pictures)
    if (sentence := expression.plain) is not None:
        return sentence
    first = expression.terms[0].operand
    if len(expression.terms) == 1 and not expression.excluded and isinstance(first, Picture):
        if first.name not in pictures and not first.named:
            return first.name  # words that look like the name of a file
        return _picture(expression.terms[0], first, pictures)
    wanted = [t.operand for t in expression.terms if t.weight > 0 and isinstance(t.operand, Words)]
    against = [t.operand for t in expression.terms if t.weight < 0 and isinstance(t.operand, Words)]
    excluded = tuple(one.part.text for one in expression.excluded)
    pushed = [text for words in against for text in (words.phrases or (words.text,))]
    return CompositeQuery(
        ingredients=(*(_ingredient(term, pictures) for term in expression.terms), *excluded),
        weights=(
            *(term.weight for term in expression.terms),
            *(-one.weight for one in expression.excluded),
        ),
        words=" ".join(words.text for words in wanted),
        phrases=tuple(phrase for words in wanted for phrase in words.phrases),
        pushed=(*pushed, *excluded),
        excluded=excluded,
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
            f"column {term.column}: there is no picture {picture.name!r} here; on the command line "
            "it may be a file or a URL, to a server it is sent along. To look for these words, put "
            "them in quotes",
            column=term.column,
        )
    return pictures[picture.name]


def _check_named(expression: Expression, pictures: Mapping[str, Frames]) -> None:
    operands = (term.operand for term in expression.terms)
    named = {operand.name for operand in operands if isinstance(operand, Picture)}
    for name in pictures.keys() - named:
        raise QueryError(f"the picture {name!r} came along, but the query does not name it")


@dataclass(frozen=True, slots=True, eq=False)
class QueryVector:
    """What an index is asked for.

    Args:
        vector: (dim,) float32 of unit length.
        judged: Likewise, what its hits are judged by; None leaves them unjudged.
    """

    vector: Vector
    judged: Vector | None


def query_vector_of(mixture: CompositeQuery, index: Index) -> QueryVector | None:
    """The point that a mixture means in an index.

    Returns:
        None where the index cannot be asked: it lacks a video of the mixture, or, reading only
        words, knows nothing of what is looked for.

    Raises:
        QueryError: The terms cancel out.
    """
    texts = list(mixture.sentences)
    read = dict(zip(texts, index.text_vectors(texts), strict=True)) if texts else {}
    vectors: list[Vector] = []
    weights: list[float] = []
    for ingredient, weight in zip(mixture.ingredients, mixture.weights, strict=True):
        if isinstance(ingredient, str):
            vectors.append(read[ingredient])
        elif isinstance(ingredient, Example):
            mean = index.mean_of_video(ingredient.video_id)
            if mean is None:
                return None
            vectors.append(mean)
        elif index.spec.frames:
            vectors.append(index.vector(ingredient))
        else:
            continue  # it reads only words
        weights.append(weight)
    if max(weights, default=0.0) <= 0:
        return None
    return QueryVector(mixed(np.stack(vectors), weights), read.get(mixture.judged))
