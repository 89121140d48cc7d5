"""Learns the relevance model of each index from the library, with background queries."""

import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np

from tubeseek.catalog import Catalog
from tubeseek.core.index import Index
from tubeseek.core.types import Vectors
from tubeseek.search.background import background_queries
from tubeseek.search.relevance import RelevanceModel
from tubeseek.search.scripts import unreadable_scripts

SAMPLED_VIDEOS = 200  # of a library; 50 ms to read, and heights differ little between samples
STALE_GROWTH = 0.2  # share of the number of segments
COUNT_INTERVAL_SECONDS = 2.0  # counting 100,000 segments takes as long as searching them


class _CachedModel(NamedTuple):
    segments: int  # how many there were when the model was learnt
    model: RelevanceModel | None
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
        self._cache: dict[str, _CachedModel] = {}  # by the key of the index
        self._lock = threading.Lock()

    def model(self, index: Index) -> RelevanceModel | None:
        """Return the model of an index; None where there is too little to learn from."""
        cached = self._cache.get(index.spec.key)
        if cached is not None and time.monotonic() - cached.counted < COUNT_INTERVAL_SECONDS:
            return cached.model
        return self.refresh(index)

    def refresh(self, index: Index) -> RelevanceModel | None:
        """Return the model of an index, learnt anew if the index has changed much in size."""
        segments = index.store.count()
        with self._lock:
            cached = self._cache.get(index.spec.key) or _CachedModel(0, None, 0.0)
            model, learnt_from = cached.model, cached.segments
            if segments and abs(segments - learnt_from) > STALE_GROWTH * learnt_from:
                sample = self._sample(index)
                model = RelevanceModel.learn(
                    self._background(index), sample, max(segments, len(sample))
                )
                learnt_from = segments
            self._cache[index.spec.key] = _CachedModel(learnt_from, model, time.monotonic())
        return model

    def _sample(self, index: Index) -> Vectors:
        """Return the segments of some videos, spread evenly over the library: (n, dim)."""
        ids = self._catalog.indexes.videos(index.spec.key).ids()
        step = -(-len(ids) // SAMPLED_VIDEOS) or 1
        return index.store.read_videos(ids[::step]).vectors

    def _background(self, index: Index) -> Vectors:
        """Return the background queries that the encoder reads: (queries, dim), kept on disk."""
        texts = [text for text in background_queries() if not unreadable_scripts(text, index.spec)]
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
