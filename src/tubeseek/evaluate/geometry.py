"""How titles and pictures lie in an encoder's space."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tubeseek.errors import InputError
from tubeseek.evaluate.intervals import FloatArray
from tubeseek.evaluate.metrics import Placement, placements_of
from tubeseek.index import Index
from tubeseek.messages import VideoFacts
from tubeseek.records import Vectors

MOST_OTHERS = 100_000  # cosines of non-pairs that a histogram is drawn of
LEAST_PAIRS = 3
MOST_PAIRS = 2_000  # more are a blot on a map, and take minutes


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Titles and pictures of the same videos.

    Attributes:
        ids: (n,) of the videos.
        groups: (n,) their categories, empty where the source names none.
        titles: (n, dim) unit rows.
        pictures: (n, dim) unit rows; of a video with many pictures their mean direction.
    """

    ids: tuple[str, ...]
    groups: tuple[str, ...]
    titles: Vectors
    pictures: Vectors

    def __post_init__(self) -> None:
        n = len(self.ids)
        if not (len(self.groups) == len(self.titles) == len(self.pictures) == n):
            raise ValueError(f"{n} videos do not fit {self.titles.shape=} {self.pictures.shape=}")


def pairs_of(index: Index, videos: Sequence[VideoFacts], seed: int = 0) -> Pairs:
    """What an index holds of some videos; at most `MOST_PAIRS` of them, drawn by chance.

    Raises:
        InputError: It holds too few to say anything.
    """
    titled = [video for video in videos if not video.gone and video.title != video.id]
    order = np.random.default_rng(seed).permutation(len(titled))
    found = [
        (titled[at], vector)
        for at in order[:MOST_PAIRS]
        if (vector := index.mean_of_video(titled[at].id)) is not None
    ]
    if len(found) < LEAST_PAIRS:
        raise InputError(
            f"the index by {index.spec.name} holds {len(found)} videos with a title; a report "
            f"needs {LEAST_PAIRS}: run `tubeseek index` first"
        )
    return Pairs(
        ids=tuple(video.id for video, _ in found),
        groups=tuple(video.category for video, _ in found),
        titles=index.text_vectors([video.title for video, _ in found]),
        pictures=np.stack([vector for _, vector in found]),
    )


def alignment(pairs: Pairs) -> float:
    """Mean squared distance of a title and its picture; 0 is best.

    E |x - y|^2. Source: Wang and Isola, "Understanding Contrastive Representation Learning through
    Alignment and Uniformity on the Hypersphere", ICML 2020.
    """
    return float((2 - 2 * pair_cosines(pairs)).mean())


def uniformity(vectors: Vectors) -> float:
    """How evenly vectors cover the sphere; lower is more even, 0 when all are one point.

    log E exp(-2 |x - y|^2) over pairs of different rows. Source: as above.

    Raises:
        ValueError: There are fewer than two.
    """
    if len(vectors) < 2:
        raise ValueError("uniformity is of two vectors or more")
    rows, columns = np.triu_indices(len(vectors), k=1)
    squared = 2 - 2 * (vectors @ vectors.T)[rows, columns].astype(np.float64)
    return float(np.log(np.exp(-2 * squared).mean()))


def pair_cosines(pairs: Pairs) -> FloatArray:
    """(n,) cosine of each title with its own picture."""
    cosines: FloatArray = (pairs.titles.astype(np.float64) * pairs.pictures).sum(axis=1)
    return cosines


def other_cosines(pairs: Pairs, seed: int = 0) -> FloatArray:
    """Cosines of titles with pictures of other videos, at most `MOST_OTHERS`, drawn by chance."""
    n = len(pairs.ids)
    cosines = (pairs.titles @ pairs.pictures.T)[~np.eye(n, dtype=bool)]
    if len(cosines) > MOST_OTHERS:
        cosines = np.random.default_rng(seed).choice(cosines, MOST_OTHERS, replace=False)
    return cosines.astype(np.float64)


def picture_to_title(pairs: Pairs) -> list[Placement]:
    """Where each picture's own title stands among all titles."""
    return placements_of(pairs.pictures @ pairs.titles.T)
