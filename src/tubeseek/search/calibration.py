"""Learns the relevance model of each index from the library, with background queries."""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from heapq import nsmallest
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np

from tubeseek.catalog import Catalog
from tubeseek.core.index import Index
from tubeseek.core.types import EmbeddingBatch, Vectors
from tubeseek.search.background import background_queries
from tubeseek.search.joint_relevance import BackgroundEvidence, evidence_by_video
from tubeseek.search.relevance import RelevanceModel
from tubeseek.search.scripts import unreadable_scripts

SAMPLED_VIDEOS = 200  # of a library; 50 ms to read, and heights differ little between samples
STALE_GROWTH = 0.2  # share of the number of segments
COUNT_INTERVAL_SECONDS = 2.0  # counting 100,000 segments takes as long as searching them


class Calibration(NamedTuple):
    """What is learnt about an index; None where there is too little to learn from."""

    model: RelevanceModel | None = None
    background: BackgroundEvidence | None = None


class _CachedCalibration(NamedTuple):
    segments: int  # how many there were when it was learnt
    calibration: Calibration
    counted: float  # when the segments were last counted, by the monotonic clock


class Calibrations:
    """Holds the relevance model of each index. May be used from several threads.

    Args:
        catalog: Knows the videos of each index.
        folder: Where the vectors of the background queries are kept, because encoding them takes
            some seconds.
    """

    def __init__(self, catalog: Catalog, folder: Path) -> None:
        self._catalog, self._folder = catalog, folder
        self._cache: dict[str, _CachedCalibration] = {}  # by the key of the index
        self._lock = threading.Lock()

    def calibration(self, index: Index) -> Calibration:
        """Return what is known about an index."""
        cached = self._cache.get(index.spec.key)
        if cached is not None and time.monotonic() - cached.counted < COUNT_INTERVAL_SECONDS:
            return cached.calibration
        return self.refresh(index)

    def refresh(self, index: Index) -> Calibration:
        """Return what is known about an index, learnt anew if it has changed much in size."""
        segments = index.store.count()
        with self._lock:
            cached = self._cache.get(index.spec.key) or _CachedCalibration(0, Calibration(), 0.0)
            calibration, learnt_from = cached.calibration, cached.segments
            if segments and abs(segments - learnt_from) > STALE_GROWTH * learnt_from:
                calibration, learnt_from = self._learn(index, segments), segments
            self._cache[index.spec.key] = _CachedCalibration(
                learnt_from, calibration, time.monotonic()
            )
        return calibration

    def _learn(self, index: Index, segments: int) -> Calibration:
        sample = self._sample(index)
        segments = max(segments, len(sample.vectors))
        queries = [q for q in background_queries() if not unreadable_scripts(q, index.spec)]
        background = self._background(index, queries)
        model = RelevanceModel.learn(background, sample.vectors, segments)
        measured = model.background_evidence(background, segments) if model else None
        if measured is None:
            return Calibration(model)
        evidence, usual = measured
        ids, by_video = evidence_by_video(evidence, [s.video_id for s in sample.segments])
        growth = segments / len(sample.vectors)
        return Calibration(model, BackgroundEvidence(queries, ids, by_video, usual, growth))

    def _sample(self, index: Index) -> EmbeddingBatch:
        """Return the segments of some videos; of those that two indexes hold, the same."""
        ids = self._catalog.indexes.videos(index.spec.key).ids()
        return index.store.read_videos(nsmallest(SAMPLED_VIDEOS, ids, key=_shuffled))

    def _background(self, index: Index, texts: Sequence[str]) -> Vectors:
        """Return the vectors of background queries, (queries, dim), kept on disk."""
        digest = crc32("\n".join(texts).encode())
        file = self._folder / f"{index.spec.key}-{digest:08x}.npy"
        with suppress(OSError, ValueError, EOFError):  # it does not exist or is damaged
            stored: Vectors = np.load(file)
            if stored.shape == (len(texts), index.spec.dim):
                return stored
        vectors = index.text_vectors(texts)
        with suppress(OSError):  # a full disk should not fail a search: the next one tries again
            self._folder.mkdir(parents=True, exist_ok=True)
            np.save(file, vectors)
        return vectors


def _shuffled(video_id: str) -> tuple[int, str]:
    """Order videos by chance, in every index alike."""
    return crc32(video_id.encode()), video_id
