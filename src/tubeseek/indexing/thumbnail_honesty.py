"""Rates how well the thumbnail of a video shows what the video contains.

A thumbnail is an advertisement. Cosines say little by themselves (those of one encoder lie near .2,
those of another near .8), so the thumbnail's likeness to the best still of its own video is
compared with its likeness to the best stills of other videos:

    honesty = share of the other videos that are less like the thumbnail than its own video is

1 means that no other video looks more like it, .5 that it might as well stand for any of them.
A thumbnail that is a frame of its video has 1. Parameter-free, and of the same meaning for every
encoder: a rank, as in the fusion of searches.
"""

from collections.abc import Collection, Sequence

import numpy as np

from tubeseek.catalog import Catalog
from tubeseek.core.index import Index
from tubeseek.core.types import EmbeddingBatch, SegmentKind, Vector, Vectors

SAMPLED_VIDEOS = 200  # that a thumbnail is compared with
STILLS_OF_EACH = 16  # as many of each video, so that a long one is not likelier by its length
FEWEST_OTHERS = 20  # fewer say nothing of a rank


def honesty(thumbnail: Vector, inside: Vectors, other_stills: Sequence[Vectors]) -> float:
    """Return the share of `other_stills` that are less like a thumbnail than its own video.

    Ties count half.

    Args:
        thumbnail: (dim,) float32.
        inside: (n, dim) float32, stills of its own video, n >= 1.
        other_stills: (m, dim) float32 for each other video, m >= 1.
    """
    own = float((inside @ thumbnail).max())
    rivals = np.array([float((stills @ thumbnail).max()) for stills in other_stills])
    return float(np.mean((rivals < own) + 0.5 * (rivals == own)))


def rate_thumbnails(catalog: Catalog, index: Index, embedded: Collection[str]) -> None:
    """Rate the thumbnails of videos just embedded, and of those that were never rated.

    Args:
        catalog: Where the ratings go.
        index: An index of stills.
        embedded: The ids of the videos just embedded.
    """
    unrated = set(embedded) | set(catalog.unrated_ids(index.spec.key))
    if not unrated:
        return
    ids = catalog.indexes.videos(index.spec.key).ids()
    step = -(-len(ids) // SAMPLED_VIDEOS) or 1
    sample = {i: stills for i in ids[::step] if len(stills := _inside(index, i)[1])}
    if len(sample) <= FEWEST_OTHERS:
        return
    ratings = {}
    for video_id in ids:
        if video_id not in unrated:
            continue
        thumbnail, inside = _inside(index, video_id)
        if thumbnail is not None and len(inside):
            other_stills = [stills for other, stills in sample.items() if other != video_id]
            ratings[video_id] = round(honesty(thumbnail, inside, other_stills), 3)
    catalog.record_honesty(ratings)


def _inside(index: Index, video_id: str) -> tuple[Vector | None, Vectors]:
    """Return the thumbnail (dim,) and evenly spread stills (n, dim) of a video."""
    read: EmbeddingBatch = index.store.read_videos([video_id])
    kinds = [segment.kind for segment in read.segments]
    stills = [row for row, kind in enumerate(kinds) if kind is SegmentKind.STILL]
    picked = [stills[n * len(stills) // STILLS_OF_EACH] for n in range(STILLS_OF_EACH) if stills]
    thumbnails = [row for row, kind in enumerate(kinds) if kind is SegmentKind.THUMBNAIL]
    thumbnail: Vector | None = read.vectors[thumbnails[0]] if thumbnails else None
    return thumbnail, read.vectors[sorted(set(picked))]
