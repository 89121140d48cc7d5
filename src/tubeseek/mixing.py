"""The points in the space of an index that a mixture means."""

from dataclasses import dataclass

import numpy as np

from tubeseek.index import Index
from tubeseek.mixture import Example, Mixture, mixed
from tubeseek.records import Vector


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """What an index is asked for.

    Args:
        vector: (dim,) float32 of unit length.
        judged: Likewise, what its hits are judged by; None leaves them unjudged.
    """

    vector: Vector
    judged: Vector | None


def point_of(mixture: Mixture, index: Index) -> Point | None:
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
    return Point(mixed(np.stack(vectors), weights), read.get(mixture.judged))
