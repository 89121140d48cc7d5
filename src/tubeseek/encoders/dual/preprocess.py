"""Turns pictures into the pixel values that a dual encoder reads, faster than its own processor."""

from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from transformers import AutoImageProcessor
from transformers.image_processing_backends import PilBackend
from transformers.models.videomae.image_processing_pil_videomae import VideoMAEImageProcessorPil

from tubeseek.core.errors import ModelUnavailableError

Picture: TypeAlias = NDArray[np.uint8]  # (height, width, 3) RGB
ModelInputs: TypeAlias = dict[str, torch.Tensor]

STEPS = ("preprocess", "_preprocess", "resize", "center_crop", "rescale", "normalize")


class Preprocessor(Protocol):
    """Turns pictures of any size into one batch of model inputs."""

    def __call__(self, pictures: Sequence[Picture]) -> ModelInputs: ...


@dataclass(frozen=True, slots=True)
class FastPreprocessor:
    """Resizes, crops the centre and normalises: the steps of CLIP and SigLIP.

    Attributes:
        size: (height, width) to resize to, or one number for the shorter edge.
        crop: (height, width) to cut from the centre, padded with black; None: no crop.
        resample: The filter of the resizing.
        scale, offset: (3,) per channel, such that value = pixel * scale + offset.
        pool: Threads that share the pictures of a batch; the model waits for them meanwhile.
    """

    size: int | tuple[int, int]
    crop: tuple[int, int] | None
    resample: Image.Resampling
    scale: NDArray[np.float32]
    offset: NDArray[np.float32]
    pool: Executor | None = None

    @classmethod
    def of(cls, processor: Any, pool: Executor | None = None) -> "FastPreprocessor | None":
        """Return an equivalent of a transformers `processor`; None if that is not certain."""
        if type(processor) is not VideoMAEImageProcessorPil and any(
            getattr(type(processor), step, None) is not getattr(PilBackend, step) for step in STEPS
        ):  # VideoMAE's has the loops over frames for its own, and the same steps within
            return None
        size, crop = processor.size, None
        if not (processor.do_resize and processor.do_rescale and processor.do_normalize):
            return None
        if processor.do_pad or size is None or (size.shortest_edge and size.longest_edge):
            return None
        if processor.do_center_crop:
            crop = (processor.crop_size.height, processor.crop_size.width)
        elif size.shortest_edge:
            return None  # pictures of one batch would differ in shape
        if not size.shortest_edge and not (size.height and size.width):
            return None
        deviation = np.asarray(processor.image_std, np.float64)
        return cls(
            size=size.shortest_edge or (size.height, size.width),
            crop=crop,
            resample=Image.Resampling(processor.resample),
            scale=(processor.rescale_factor / deviation).astype(np.float32),
            offset=(-np.asarray(processor.image_mean) / deviation).astype(np.float32),
            pool=pool,
        )

    def __call__(self, pictures: Sequence[Picture]) -> ModelInputs:
        """Return "pixel_values" (n, 3, height, width), float32."""
        each = map if self.pool is None else self.pool.map
        pixels = np.stack(list(each(self._fit, pictures)))  # (n, h, w, 3) uint8
        values = np.empty((len(pixels), 3, *pixels.shape[1:3]), np.float32)
        for channel in range(3):
            np.multiply(pixels[..., channel], self.scale[channel], out=values[:, channel])
            values[:, channel] += self.offset[channel]
        return {"pixel_values": torch.from_numpy(values)}

    def _fit(self, picture: Picture) -> Picture:
        height, width = self._resized(*picture.shape[:2])
        image = Image.fromarray(picture).resize((width, height), self.resample)
        if self.crop is None:
            return np.asarray(image)
        # As in the processors, black fills what lies outside, and an odd margin is rounded down:
        # the larger half of a border is on the left and above.
        top = _margin(height, self.crop[0])
        left = _margin(width, self.crop[1])
        return np.asarray(image.crop((left, top, left + self.crop[1], top + self.crop[0])))

    def _resized(self, height: int, width: int) -> tuple[int, int]:
        if isinstance(self.size, tuple):
            return self.size
        if width <= height:  # the longer edge is truncated, not rounded
            return int(self.size * height / width), self.size
        return self.size, int(self.size * width / height)


def _margin(length: int, crop: int) -> int:
    return (length - crop) // 2


class ProcessorPreprocessor:
    """Runs the model's own image processor, if it has steps that `FastPreprocessor` lacks."""

    def __init__(self, processor: Any) -> None:  # transformers gives its processors no type
        self._processor = processor

    def __call__(self, pictures: Sequence[Picture]) -> ModelInputs:
        images = [Image.fromarray(picture) for picture in pictures]
        return dict(self._processor(images=images, return_tensors="pt"))


def load_preprocessor(folder: Path, threads: int = 1) -> Preprocessor:
    """Return a `FastPreprocessor` if it is equivalent to the model's processor, else that one.

    Args:
        folder: The folder of the model, with its preprocessor_config.json.
        threads: How many threads a `FastPreprocessor` uses.

    Raises:
        ModelUnavailableError: The folder does not say how pictures are prepared.
    """
    try:
        processor: Any = AutoImageProcessor.from_pretrained(  # type: ignore[no-untyped-call]
            folder, backend="pil", local_files_only=True, trust_remote_code=False
        )
    except (OSError, ValueError, KeyError, TypeError, ImportError) as error:
        raise ModelUnavailableError(
            f"{folder}: its preprocessor_config.json is missing or not understood; save the model "
            f"together with its processor"
        ) from error
    pool = ThreadPoolExecutor(threads, thread_name_prefix="pixels") if threads > 1 else None
    return FastPreprocessor.of(processor, pool) or ProcessorPreprocessor(processor)
