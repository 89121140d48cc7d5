"""One encoder for several indexes of a library, so that a query is encoded once for all of them."""

import threading
from collections.abc import Sequence

from tubeseek.core.protocols import Encoder
from tubeseek.core.types import EncoderSpec, Frames, Vectors


class TextCache:
    """Implements `tubeseek.core.protocols.Encoder` over another one, and keeps what it last read.

    Stills by an encoder and clips by the mean of its frames ask for the same text one after the
    other; encoding takes longer than searching.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._last: tuple[tuple[str, ...], Vectors] | None = None
        self._lock = threading.Lock()

    @property
    def spec(self) -> EncoderSpec:
        return self._encoder.spec

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Returns (len(texts), spec.dim)."""
        key = tuple(texts)
        with self._lock:
            if self._last is None or self._last[0] != key:
                self._last = key, self._encoder.encode_texts(texts)
            return self._last[1].copy()

    def encode_clips(self, clips: Sequence[Frames]) -> Vectors:
        """Returns (len(clips), spec.dim)."""
        return self._encoder.encode_clips(clips)
