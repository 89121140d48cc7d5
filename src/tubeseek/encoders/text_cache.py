"""Caches the vectors of texts, so that a query is encoded once for several indexes."""

import threading
from collections.abc import Sequence

from tubeseek.core.protocols import Encoder
from tubeseek.core.types import EncoderSpec, Frames, Vectors


class TextCache:
    """Implements `tubeseek.core.protocols.Encoder` with another one and a cache of its last texts.

    An index of stills and one of clips by the mean of frames encode the same text one after the
    other, and encoding takes longer than searching.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._last: tuple[tuple[str, ...], Vectors] | None = None
        self._lock = threading.Lock()

    @property
    def spec(self) -> EncoderSpec:
        return self._encoder.spec

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return vectors, (len(texts), spec.dim)."""
        key = tuple(texts)
        with self._lock:
            if self._last is None or self._last[0] != key:
                self._last = key, self._encoder.encode_texts(texts)
            return self._last[1].copy()

    def encode_clips(self, clips: Sequence[Frames]) -> Vectors:
        """Return vectors, (len(clips), spec.dim)."""
        return self._encoder.encode_clips(clips)
