"""A query of several ingredients, and the one vector that they make. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tubeseek.errors import QueryError
from tubeseek.records import Clip, Vector, Vectors

LEAST_LENGTH = 1e-3  # below it what is left is rounding


@dataclass(frozen=True, slots=True)
class Example:
    """A video of the library as a query: the direction that all its segments share."""

    video_id: str


Ingredient: TypeAlias = str | Clip | Example


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
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
