"""What the judgements of an index are made with: learnt from the library, and kept."""

import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np

from tubeseek.background import background_queries
from tubeseek.catalog import Catalog
from tubeseek.fit import Judge
from tubeseek.index import Index
from tubeseek.languages import unreadable_scripts
from tubeseek.records import Vectors

SAMPLED_VIDEOS = 200  # of a library; 50 ms to read, and heights differ little between samples
STALE_GROWTH = 0.2  # of the number of segments
LOOKED_SECONDS = 2.0  # between counts: counting 100,000 segments takes as long as searching them


class _Known(NamedTuple):
    segments: int  # when the judge was learnt
    judge: Judge | None
    looked: float  # when they were counted last, by the monotonic clock


class Judges:
    """The judge of each index. May be used from several threads.

    Args:
        catalog: Knows the videos of each index.
        folder: Where the vectors of the background queries are kept, which take an encoder of
            texts some seconds.
    """

    def __init__(self, catalog: Catalog, folder: Path) -> None:
        self._catalog, self._folder = catalog, folder
        self._known: dict[str, _Known] = {}  # by index
        self._lock = threading.Lock()

    def of(self, index: Index) -> Judge | None:
        """The judge of an index; None where there is too little to judge by."""
        known = self._known.get(index.spec.key)
        if known is not None and time.monotonic() - known.looked < LOOKED_SECONDS:
            return known.judge
        return self.look(index)

    def look(self, index: Index) -> Judge | None:
        """The judge of an index, learnt anew if the index has grown much since it was learnt."""
        segments = index.store.count()
        with self._lock:
            known = self._known.get(index.spec.key) or _Known(0, None, 0.0)
            judge, then = known.judge, known.segments
            if segments and abs(segments - then) > STALE_GROWTH * then:
                sample = self._sample(index)
                judge = Judge.learn(self._background(index), sample, max(segments, len(sample)))
                then = segments
            self._known[index.spec.key] = _Known(then, judge, time.monotonic())
        return judge

    def _sample(self, index: Index) -> Vectors:
        """The segments of some videos, spread evenly over the library: (n, dim)."""
        ids = self._catalog.stages.embedded_ids(index.spec.key)
        step = -(-len(ids) // SAMPLED_VIDEOS) or 1
        return index.store.read_videos(ids[::step]).vectors

    def _background(self, index: Index) -> Vectors:
        """The background queries that the encoder reads, encoded once and kept on disk."""
        texts = [text for text in background_queries() if not unreadable_scripts(text, index.spec)]
        digest = crc32("\n".join(texts).encode())
        file = self._folder / f"{index.spec.key}-{digest:08x}.npy"
        with suppress(OSError, ValueError, EOFError):  # it is not there, or was cut short
            kept: Vectors = np.load(file)
            if kept.shape == (len(texts), index.spec.dim):
                return kept
        made = index.text_vectors(texts)
        with suppress(OSError):  # a search need not fail for want of room: the next one tries again
            self._folder.mkdir(parents=True, exist_ok=True)
            np.save(file, made)
        return made
