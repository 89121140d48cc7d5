"""Cuts videos into shots: runs of neighbouring stills that look alike.

A still stands for the time from it to the next one. Neighbours are one shot where their cosine is
at least

    1 - (1 - m) / 5,    m the mean cosine of pictures of the library

so that the measure follows the encoder: some give 0.1 to two pictures that have nothing in common,
others 0.7. A shot begins at its first still and ends where the next begins, the last one at the end
of the video. Cutting too often makes moments short; merging too much would make them wrong, so the
measure is a strict one. How well it does: docs/evaluation.md.

Shots are cut when a search shows a video, from vectors that every index has, so that libraries of
older versions have them too. The cosines of neighbours are kept in memory: reading the vectors of a
video takes some milliseconds.
"""

import threading
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from tubeseek.catalog import Catalog
from tubeseek.core.segment_plan import STILL_SPACING_SECONDS
from tubeseek.core.types import EmbeddingBatch, Segment, Vectors, Video
from tubeseek.search.plan import WeightedIndex
from tubeseek.search.relevance import RelevanceModel

ALIKE_SHARE = 1 / 5  # of the way from the same picture to any other of the library
SAME_TIME_SECONDS = 0.05  # two stills of one frame, as the times of some files have it
NEAR_SECONDS = 2.0  # of the edge of a shot
VIDEOS_PER_READ = 64
MOST_CACHED = 20_000  # videos; 1 KB each


class Shot(NamedTuple):
    """The time [start, end) of a video, in seconds, in which it looks alike."""

    start: float
    end: float


class Neighbours(NamedTuple):
    """The stills or clips of a video in order of time, and how alike each is to the one before.

    Attributes:
        starts: Their seconds, ascending.
        ends: Where they end; a still ends where it starts.
        cosines: Of each with the one before; the first has -1.
    """

    starts: Sequence[float]
    ends: Sequence[float]
    cosines: Sequence[float]


def neighbours(segments: Sequence[Segment], vectors: Vectors) -> Neighbours:
    """Compare the stills, or the clips, of one video with each other.

    Args:
        segments: Of one video, in any order; those without a time are left out.
        vectors: (n, dim) float32 of unit length.
    """
    timed = [(s.start, s.end, row) for row, s in enumerate(segments) if s.has_time]
    timed.sort()
    starts, ends, rows = zip(*timed, strict=True) if timed else ((), (), ())
    own = vectors[list(rows)]  # (timed, dim)
    cosines = np.einsum("ij,ij->i", own[1:], own[:-1])
    return Neighbours(starts, ends, (-1.0, *map(float, cosines)) if timed else ())


def alike_cosine(sample: Vectors) -> float:
    """Return the cosine from which neighbours are one shot.

    Args:
        sample: (n, dim) float32 of unit length, pictures of the library.

    >>> alike_cosine(np.eye(4, dtype=np.float32)), alike_cosine(np.ones((1, 1), np.float32))
    (0.8, 0.8)
    """
    count = len(sample)
    if count < 2:
        return 1 - ALIKE_SHARE
    total = sample.sum(axis=0, dtype=np.float64)
    mean = (float(total @ total) - count) / (count * (count - 1))  # over pairs of different ones
    return 1 - ALIKE_SHARE * (1 - mean)


def cut(stills: Neighbours, alike: float, duration_seconds: float | None) -> list[Shot]:
    """Return the shots of a video in order of time; they do not overlap.

    Args:
        stills: What is known of how the video looks.
        alike: The cosine from which neighbours are one shot.
        duration_seconds: The length of the video; None where it is not known.

    >>> stills = Neighbours((0.0, 2.0, 4.0), (0.0, 2.0, 4.0), (-1, 0.9, 0.1))
    >>> cut(stills, 0.8, 7.0)
    [Shot(start=0.0, end=4.0), Shot(start=4.0, end=7.0)]
    """
    shots: list[Shot] = []
    first = 0
    for number in range(1, len(stills.starts) + 1):
        if number < len(stills.starts):
            near = stills.starts[number] - stills.starts[number - 1] < SAME_TIME_SECONDS
            if near or stills.cosines[number] >= alike:
                continue
            end = stills.starts[number]
            if stills.ends[number - 1] > stills.starts[number - 1]:
                end = min(end, stills.ends[number - 1])  # what lies between two clips is not known
        else:
            end = _end_of_last(stills, duration_seconds)
        shots.append(Shot(stills.starts[first], end))
        first = number
    return shots


def divide(shots: Sequence[Shot], borders: Iterable[float]) -> list[Shot]:
    """Return the shots cut further at some times, such as those of chapters.

    A time near the edge of a shot does not cut it: people note chapters in whole seconds.

    >>> divide([Shot(0, 60), Shot(60, 70)], [30.0, 60.5])
    [Shot(start=0, end=30.0), Shot(start=30.0, end=60), Shot(start=60, end=70)]
    """
    ordered = sorted(set(borders))
    divided: list[Shot] = []
    for start, end in shots:
        for border in ordered:
            if border - start >= NEAR_SECONDS and end - border >= NEAR_SECONDS:
                divided.append(Shot(start, border))
                start = border
        divided.append(Shot(start, end))
    return divided


def shot_at(shots: Sequence[Shot], seconds: float) -> Shot | None:
    """Return the shot that a time lies in; None for none.

    >>> shot_at([Shot(0, 4), Shot(4, 7)], 4), shot_at([Shot(1, 4)], 0.5)
    (Shot(start=4, end=7), None)
    """
    place = bisect_right(shots, seconds, key=lambda shot: shot.start) - 1
    return shots[place] if place >= 0 and seconds < shots[place].end else None


def _end_of_last(stills: Neighbours, duration_seconds: float | None) -> float:
    """Return the end of the video, or where its last still would be followed by another."""
    last = stills.starts[-1]
    if stills.ends[-1] > last:
        return stills.ends[-1]
    if duration_seconds is not None and duration_seconds - last >= SAME_TIME_SECONDS:
        return duration_seconds
    gaps = np.diff(stills.starts)
    return last + (float(np.median(gaps)) if len(gaps) else STILL_SPACING_SECONDS)


class ShotCutter:
    """Cuts videos into shots, and keeps what it read of them. May be used from several threads.

    Args:
        catalog: Knows which version of a video an index holds.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._cache: dict[tuple[str, str], tuple[str, Neighbours]] = {}  # by index and video
        self._alike: dict[str, tuple[RelevanceModel, float]] = {}  # by index
        self._lock = threading.Lock()

    def shots(self, weighted: WeightedIndex, videos: Mapping[str, Video]) -> dict[str, list[Shot]]:
        """Return the shots of videos by how they look in one index, cut at their chapters.

        Args:
            weighted: An index of pictures.
            videos: By their ids; one that the index does not hold is left out of the answer.
        """
        alike = self._alike_cosine(weighted)
        compared = self._neighbours(weighted, list(videos))
        return {
            video_id: divide(
                cut(compared[video_id], alike, video.duration_seconds),
                (time for chapter in video.chapters for time in (chapter.start, chapter.end)),
            )
            for video_id, video in videos.items()
            if video_id in compared
        }

    def _alike_cosine(self, weighted: WeightedIndex) -> float:
        model, key = weighted.relevance, weighted.index.spec.key
        if model is None:
            return 1 - ALIKE_SHARE
        cached = self._alike.get(key)
        if cached is None or cached[0] is not model:
            self._alike[key] = cached = (model, alike_cosine(model.sample))
        return cached[1]

    def _neighbours(
        self, weighted: WeightedIndex, video_ids: Sequence[str]
    ) -> dict[str, Neighbours]:
        key = weighted.index.spec.key
        versions = self._catalog.indexes.videos(key).versions(video_ids)
        compared = {}
        for video_id in video_ids:
            cached = self._cache.get((key, video_id))
            if cached is not None and cached[0] == versions.get(video_id):
                compared[video_id] = cached[1]
        missing = [video_id for video_id in video_ids if video_id not in compared]
        for start in range(0, len(missing), VIDEOS_PER_READ):
            read = weighted.index.store.read_videos(missing[start : start + VIDEOS_PER_READ])
            compared |= _by_video(read)
        with self._lock:
            for video_id in missing:
                if versions.get(video_id) and video_id in compared:  # it is not being written
                    self._cache[key, video_id] = (versions[video_id], compared[video_id])
            while len(self._cache) > MOST_CACHED:
                self._cache.pop(next(iter(self._cache)))
        return compared


def _by_video(batch: EmbeddingBatch) -> dict[str, Neighbours]:
    rows: dict[str, list[int]] = {}
    for row, segment in enumerate(batch.segments):
        rows.setdefault(segment.video_id, []).append(row)
    return {
        video_id: neighbours([batch.segments[row] for row in own], batch.vectors[own])
        for video_id, own in rows.items()
    }
