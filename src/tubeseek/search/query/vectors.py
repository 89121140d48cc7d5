"""Turns a query into the vector that an index is searched with. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tubeseek.core.errors import QueryError
from tubeseek.core.index import Index
from tubeseek.core.types import Query, Vector, Vectors
from tubeseek.search.query.composite import CompositeQuery, Example

MIN_RELATIVE_LENGTH = 1e-3  # of a sum of vectors; anything shorter is rounding


@dataclass(frozen=True, slots=True, eq=False)
class QueryVector:
    """A query in the space of one index.

    Args:
        vector: What to search for: (dim,) float32 of unit length.
        sentence: The vector of the query's main sentence, which hits are graded by, likewise; None
            leaves them without a grade.
    """

    vector: Vector
    sentence: Vector | None


def query_vector(query: Query | CompositeQuery, index: Index) -> QueryVector | None:
    """Return the vector that a query has in an index.

    Returns:
        None where the index cannot be searched: it lacks a video that the query names, or it reads
        only words and the query looks for none.

    Raises:
        QueryError: The terms cancel out.
    """
    if isinstance(query, CompositeQuery):
        return _composite_vector(query, index)
    vector = index.vector(query)
    return QueryVector(vector, vector)


def _composite_vector(query: CompositeQuery, index: Index) -> QueryVector | None:
    sentences = list(query.sentences)
    rows = index.text_vectors(sentences) if sentences else ()
    sentence_vectors = dict(zip(sentences, rows, strict=True))
    vectors: list[Vector] = []
    weights: list[float] = []
    for ingredient, weight in zip(query.ingredients, query.weights, strict=True):
        if isinstance(ingredient, str):
            vectors.append(sentence_vectors[ingredient])
        elif isinstance(ingredient, Example):
            mean = index.mean_of_video(ingredient.video_id)
            if mean is None:
                return None
            vectors.append(mean)
        elif index.spec.frames:
            vectors.append(index.vector(ingredient))
        else:
            continue  # an index of words cannot read a picture
        weights.append(weight)
    if max(weights, default=0.0) <= 0:
        return None
    direction = weighted_direction(np.stack(vectors), weights)
    return QueryVector(direction, sentence_vectors.get(query.main_sentence))


def weighted_direction(vectors: Vectors, weights: Sequence[float]) -> Vector:
    """Return the direction of a weighted sum of vectors.

        q = sum_i w_i v_i / |sum_i w_i v_i|

    Source: Rocchio, "Relevance Feedback in Information Retrieval", 1971.

    Args:
        vectors: (n, dim) float32, rows of unit length.
        weights: (n,)

    Returns:
        (dim,) float32 of unit length.

    Raises:
        QueryError: The vectors cancel out.
    """
    total = np.asarray(weights, np.float32) @ vectors
    length = float(np.linalg.norm(total))
    if length < MIN_RELATIVE_LENGTH * float(np.abs(weights).max()):
        raise QueryError("the terms of the query cancel out; leave one of them out")
    unit: Vector = (total / length).astype(np.float32)
    return unit
