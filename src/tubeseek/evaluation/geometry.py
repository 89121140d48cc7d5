"""Measures how texts and pictures lie in an encoder's space."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tubeseek.core.errors import InputError
from tubeseek.core.index import Index
from tubeseek.core.schemas import VideoFacts
from tubeseek.core.types import Vectors
from tubeseek.evaluation.metrics import Placement, placements_of
from tubeseek.evaluation.statistics import FloatArray
from tubeseek.evaluation.topics import Topic

MOST_OTHERS = 100_000  # cosines of non-pairs in a histogram
LEAST_PAIRS = 3
MOST_PAIRS = 2_000  # a map of more takes minutes and cannot be read


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Texts, and the pictures of the videos that they belong to.

    Attributes:
        ids: (n,) the ids of the videos; one with several texts is repeated.
        groups: (n,) their categories; empty if the source names none.
        texts: (n, dim) rows of unit length.
        pictures: (n, dim) rows of unit length, the mean direction of a video's pictures.
    """

    ids: tuple[str, ...]
    groups: tuple[str, ...]
    texts: Vectors
    pictures: Vectors

    def __post_init__(self) -> None:
        n = len(self.ids)
        if not (len(self.groups) == len(self.texts) == len(self.pictures) == n):
            raise ValueError(f"{n} videos do not fit {self.texts.shape=} {self.pictures.shape=}")

    def videos(self) -> NDArray[np.intp]:
        """Return the number of the first row of each video, in order."""
        return np.sort(np.unique(self.ids, return_index=True)[1])


def texts_of_titles(videos: Iterable[VideoFacts]) -> list[tuple[VideoFacts, str]]:
    """Return each video with its title, if it has a title and is not gone."""
    return [(v, v.title) for v in videos if not v.gone and v.title.strip() and v.title != v.id]


def texts_of_topics(
    topics: Iterable[Topic], videos: Mapping[str, VideoFacts]
) -> list[tuple[VideoFacts, str]]:
    """Return each query with its first right video; videos that are gone are left out."""
    answers = [(videos[next(iter(topic.gains))], topic.query) for topic in topics]
    return [(video, query) for video, query in answers if not video.gone]


def pairs_of(
    indexes: Sequence[Index], texts: Sequence[tuple[VideoFacts, str]], seed: int = 0
) -> list[Pairs]:
    """Return the vectors of texts and of their videos, from each index; all have the same videos.

    Args:
        indexes: The indexes to read vectors from.
        texts: Videos with a text each; at most `MOST_PAIRS` are drawn at random.
        seed: The seed of the drawing.

    Returns:
        For each index the same texts in the same order.

    Raises:
        InputError: There are fewer than `LEAST_PAIRS`.
    """
    order = np.random.default_rng(seed).permutation(len(texts))[:MOST_PAIRS]
    drawn = [texts[at] for at in order]
    means_by_index: list[dict[str, Vectors]] = []
    for index in indexes:
        means = {name: index.mean_of_video(name) for name in {video.id for video, _ in drawn}}
        means_by_index.append({name: mean for name, mean in means.items() if mean is not None})
    common = [(v, text) for v, text in drawn if all(v.id in means for means in means_by_index)]
    if (count := len({video.id for video, _ in common})) < LEAST_PAIRS:
        raise InputError(
            f"there are {count} videos with a text in {' and '.join(i.spec.name for i in indexes)};"
            f" a report needs {LEAST_PAIRS}: run `tubeseek index` with each encoder first"
        )
    return [
        Pairs(
            ids=tuple(video.id for video, _ in common),
            groups=tuple(video.category for video, _ in common),
            texts=index.text_vectors([text for _, text in common]),
            pictures=np.stack([means[video.id] for video, _ in common]),
        )
        for index, means in zip(indexes, means_by_index, strict=True)
    ]


def alignment(pairs: Pairs) -> float:
    """Return the mean squared distance of a text and its picture; 0 is best.

    E |x - y|^2. Source: Wang and Isola, "Understanding Contrastive Representation Learning through
    Alignment and Uniformity on the Hypersphere", ICML 2020.
    """
    return float((2 - 2 * pair_cosines(pairs)).mean())


def uniformity(vectors: Vectors) -> float:
    """Return how evenly vectors cover the sphere; lower is more even, 0 if all are equal.

    log E exp(-2 |x - y|^2) over pairs of different rows. Source: as above.

    Raises:
        ValueError: There are fewer than two.
    """
    if len(vectors) < 2:
        raise ValueError("uniformity needs at least two vectors")
    rows, columns = np.triu_indices(len(vectors), k=1)
    squared = 2 - 2 * (vectors @ vectors.T)[rows, columns].astype(np.float64)
    return float(np.log(np.exp(-2 * squared).mean()))


def pair_cosines(pairs: Pairs) -> FloatArray:
    """Return the cosine of each text with its own picture, (n,)."""
    cosines: FloatArray = (pairs.texts.astype(np.float64) * pairs.pictures).sum(axis=1)
    return cosines


def other_cosines(pairs: Pairs, seed: int = 0) -> FloatArray:
    """Return cosines of texts with pictures of other videos, at most `MOST_OTHERS` at random."""
    first = pairs.videos()
    own = np.equal.outer(np.array(pairs.ids), np.array(pairs.ids)[first])  # (n, videos)
    cosines = (pairs.texts @ pairs.pictures[first].T)[~own]
    if len(cosines) > MOST_OTHERS:
        cosines = np.random.default_rng(seed).choice(cosines, MOST_OTHERS, replace=False)
    sample: FloatArray = cosines.astype(np.float64)
    return sample


def picture_to_text(pairs: Pairs) -> list[Placement]:
    """Return the ranks of each video's own texts among all texts."""
    first = pairs.videos()
    own = np.equal.outer(np.array(pairs.ids)[first], np.array(pairs.ids))  # (videos, n)
    return placements_of(pairs.pictures[first] @ pairs.texts.T, own)


PCA_DIMENSIONS = 50
PERPLEXITY = 30.0


def flat_map(vectors: Vectors, seed: int = 0) -> FloatArray:
    """Project vectors to (n, 2), by principal components and then t-SNE.

    Source: van der Maaten and Hinton, "Visualizing Data using t-SNE", JMLR 2008. Which points are
    neighbours means something; how far apart clusters lie, and how large they are, does not.
    """
    from sklearn.decomposition import PCA  # type: ignore[import-untyped]
    from sklearn.manifold import TSNE  # type: ignore[import-untyped]
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    n = len(vectors)
    if np.ptp(vectors, axis=0).max(initial=0.0) == 0:  # one point has no directions
        return np.zeros((n, 2))
    dimensions = min(PCA_DIMENSIONS, n, vectors.shape[1])
    reduced = PCA(dimensions, random_state=seed).fit_transform(vectors.astype(np.float64))
    if n < 5:  # too few to have neighbours
        return np.asarray(np.pad(reduced, ((0, 0), (0, 2)))[:, :2], dtype=np.float64)
    perplexity = min(PERPLEXITY, (n - 1) / 3)
    # Its threads wait in busy loops: on busy cores several are far slower than one.
    with threadpool_limits(1):
        laid = TSNE(2, perplexity=perplexity, init="pca", random_state=seed).fit_transform(reduced)
    return np.asarray(laid, dtype=np.float64)
