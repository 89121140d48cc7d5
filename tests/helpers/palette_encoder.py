"""An encoder of colour words and mean colours: no weights, truly cross-modal, done in no time."""

from collections.abc import Sequence

import numpy as np

from tubeseek.core.types import MULTILINGUAL, EncoderSpec, Frames, Vectors

PALETTE = {  # word -> RGB
    "red": (255, 0, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "cyan": (0, 255, 255),
    "magenta": (255, 0, 255),
    "black": (0, 0, 0),
    "white": (255, 255, 255),
}
SHARPNESS = 8.0  # how fast likeness falls with distance in the RGB cube of side 1


class PaletteEncoder:
    """Implements `protocols.Encoder` with one dimension for each colour of the palette."""

    def __init__(self, frames: int = 1, fingerprint: str = "v1") -> None:
        self.spec = EncoderSpec("palette", fingerprint, len(PALETTE), frames, (MULTILINGUAL,))

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        counts = [[text.lower().split().count(word) for word in PALETTE] for text in texts]
        return _unit_rows(np.array(counts, np.float32).reshape(-1, self.spec.dim))

    def encode_clips(self, clips: Sequence[Frames]) -> Vectors:
        for clip in clips:
            if clip.ndim != 4 or clip.shape[0] != self.spec.frames or clip.dtype != np.uint8:
                raise ValueError(f"need {self.spec.frames} frames of uint8, got {clip.shape=}")
        means = np.array([c.mean(axis=(0, 1, 2)) for c in clips]).reshape(-1, 3) / 255  # (n, 3)
        anchors = np.array(list(PALETTE.values())) / 255  # (dim, 3)
        distance = np.linalg.norm(means[:, None] - anchors[None], axis=-1)  # (n, dim)
        return _unit_rows(np.exp(-SHARPNESS * distance**2).astype(np.float32))


def _unit_rows(x: Vectors) -> Vectors:
    """Scales rows to unit length; a row of zeros (no colour word) becomes uniform."""
    x = np.where(x.any(axis=1, keepdims=True), x, np.float32(1))
    unit: Vectors = (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)
    return unit
