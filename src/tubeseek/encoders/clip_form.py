"""The form of the clips that an encoder accepts."""

import numpy as np

from tubeseek.records import Clip, EncoderSpec


def refuse_other_form(clip: Clip, spec: EncoderSpec) -> None:
    """Raises ValueError unless the clip is (spec.frames, height, width, 3) of uint8."""
    if clip.dtype != np.uint8 or clip.ndim != 4 or clip.shape[::3] != (spec.frames, 3):
        raise ValueError(
            f"{spec.name} reads clips of ({spec.frames}, height, width, 3) uint8, "
            f"got {clip.shape} {clip.dtype}"
        )
    if clip.size == 0:
        raise ValueError(f"a clip without pixels: {clip.shape}")
