"""Encodes clips with an encoder of still images, as the mean over the frames.

This is the parameter-free baseline of Luo et al. 2021, "CLIP4Clip" (arXiv 2104.08860, section 3.3,
"mean pooling"). It ignores the order of the frames, so an encoder that reads motion should beat it.
"""

import hashlib
from collections.abc import Sequence

import numpy as np

from tubeseek.core.errors import ConfigError
from tubeseek.core.protocols import Encoder
from tubeseek.core.types import EncoderSpec, Frames, Vectors, refuse_other_form

ADAPTER_VERSION = "mean 1"  # raise it when frames are pooled differently
NO_DIRECTION = 1e-6  # a mean shorter than this is rounding error


class PooledEncoder:
    """Implements `tubeseek.core.protocols.Encoder` for clips with an encoder of still images.

    Texts have the vectors of the image encoder, so one text vector searches stills and clips.
    """

    def __init__(self, image_encoder: Encoder, frames: int = 8) -> None:
        """Args:
            image_encoder: An encoder that reads single frames.
            frames: How many frames each clip has.

        Raises:
            ConfigError: The encoder reads clips of several frames already, or `frames` is below 1.
        """
        image = image_encoder.spec
        if image.frames != 1:
            raise ConfigError(
                f"{image.name} reads clips of {image.frames} frames itself; "
                f"choose an encoder of single images, such as clip"
            )
        if frames < 1:
            raise ConfigError(f"a clip needs at least one frame, got {frames}")
        derived = f"{ADAPTER_VERSION}\0{frames}\0{image.fingerprint}"
        self._image_encoder = image_encoder
        self._spec = EncoderSpec(
            name=f"{image.name}-mean{frames}",
            fingerprint=hashlib.sha256(derived.encode()).hexdigest()[:16],
            dim=image.dim,
            frames=frames,
            languages=image.languages,
        )

    @property
    def spec(self) -> EncoderSpec:
        return self._spec

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Return vectors, (len(texts), dim)."""
        return self._image_encoder.encode_texts(texts)

    def encode_clips(self, clips: Sequence[Frames]) -> Vectors:
        """Return vectors (len(clips), dim): m / |m|, where m is the mean of the frames' vectors.

        Frames whose vectors cancel out have no mean direction; the first frame is used instead.

        Raises:
            ValueError: A clip is not (spec.frames, height, width, 3) of uint8.
        """
        for clip in clips:
            refuse_other_form(clip, self._spec)
        rows = self._image_encoder.encode_clips([frame[None] for clip in clips for frame in clip])
        each = rows.reshape(-1, self._spec.frames, self._spec.dim)  # (n, frames, dim)
        means = each.mean(axis=1)  # (n, dim)
        lengths = np.linalg.norm(means, axis=1, keepdims=True)
        means = np.where(lengths > NO_DIRECTION, means, each[:, 0])
        vectors: Vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
        return vectors
