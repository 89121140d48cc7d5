"""Encodes clips with X-CLIP, whose tower for clips attends across frames.

The towers are used separately, because an index stores vectors before it knows the query: the text
vector is that of the text tower, without the video-conditioned prompts that the model adds when it
classifies a clip (Ni et al. 2022, "Expanding Language-Image Pretrained Models for General Video
Recognition", arXiv 2208.02816, section 3.3). Attention across frames and the multi-frame
integration transformer (section 3.2) are in the video tower.
"""

import json
from pathlib import Path
from typing import ClassVar

from tubeseek.core.errors import ModelUnavailableError
from tubeseek.encoders.dual.encoder import DualEncoder
from tubeseek.encoders.dual.preprocess import ModelInputs

MODEL_TYPE = "xclip"
ADAPTER_VERSION = "xclip 1"  # raise it when this package prepares pixels or words differently


class XClipEncoder(DualEncoder):
    """Implements `protocols.Encoder` with an X-CLIP; takes the same settings as `DualEncoder`.

    A checkpoint reads clips of a fixed number of frames, `spec.frames`. The model itself would
    accept others and mix the frames of different clips, so the shape of every clip is checked.
    """

    _adapter_version: ClassVar[str] = ADAPTER_VERSION
    _sees: ClassVar[str] = "video"

    def _frames_of_a_clip(self) -> int:
        config = self._model.config
        if config.model_type != MODEL_TYPE:
            raise ModelUnavailableError(
                f"{self._folder} has a {config.model_type} model, whose clips this encoder does "
                f"not know how to cut; choose an X-CLIP"
            )
        frames: int = config.vision_config.num_frames
        return frames

    def _arranged(self, inputs: ModelInputs) -> ModelInputs:
        values = inputs["pixel_values"]  # (n * frames, 3, h, w)
        clips = values.reshape(-1, self._spec.frames, *values.shape[-3:])  # (n, frames, 3, h, w)
        return {"pixel_values": clips}


def is_xclip(folder: Path) -> bool:
    """Return whether the model in a folder is an X-CLIP.

    Raises:
        ModelUnavailableError: Its configuration is broken.
    """
    path = folder / "config.json"
    try:
        return bool(json.loads(path.read_text("utf-8")).get("model_type") == MODEL_TYPE)
    except (ValueError, AttributeError) as error:
        raise ModelUnavailableError(
            f"{path} is broken ({error}); copy or download the model again"
        ) from error
