"""Augments pictures for losses within pictures: crops, mirrors, recolours and blurs them.

The steps and their order are SimCLR's (Chen et al. 2020, arXiv 2002.05709, appendix A): a random
crop resized to a square, a horizontal flip half of the time, colour jitter, grey, blur. All frames
of a clip get the same augmentation, as in CVRL (Qian et al. 2021, arXiv 2008.03800), so that motion
is preserved.
"""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from tubeseek.core.types import Frames

_ATTEMPTS = 10  # to draw a crop that fits; after that the middle is taken
_HUES = 256  # Pillow's circle of hues
_BLUR = (0.1, 2.0)  # standard deviation in pixels of a picture of `_BLUR_SIDE`
_BLUR_SIDE = 224


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How much views differ. The defaults are SimCLR's, except for the crop, which is MoCo v2's.

    Many thumbnails contain text: set `mirrored` to 0 if the encoder should learn to read it.
    """

    side: int = 224  # pixels of the square view
    smallest_crop: float = 0.2  # share of the area; SimCLR's 0.08 seldom shows what a title names
    widest_ratio: float = 4 / 3  # width to height of the crop, or height to width
    mirrored: float = 0.5  # probability, as are `recoloured`, `grey` and `blurred`
    recoloured: float = 0.8
    strength: float = 1.0  # of recolouring, in [0, 1]
    grey: float = 0.2
    blurred: float = 0.5

    def __post_init__(self) -> None:
        probabilities = (self.mirrored, self.recoloured, self.grey, self.blurred)
        if self.side < 1 or not 0 < self.smallest_crop <= 1 or self.widest_ratio < 1:
            raise ValueError(
                f"need side >= 1, 0 < smallest_crop <= 1, widest_ratio >= 1, got {self}"
            )
        if not all(0 <= p <= 1 for p in probabilities) or not 0 <= self.strength <= 1:
            raise ValueError(f"probabilities and strength must be in [0, 1], got {self}")


SIMCLR = Augmentation()


def augment(
    clip: Frames, random: np.random.Generator, augmentation: Augmentation = SIMCLR
) -> Frames:
    """Return an augmented view of a clip; a picture is a clip of one frame.

    Args:
        clip: (frames, height, width, 3).
        random: The random generator; the same state gives the same view.
        augmentation: How much views differ.

    Returns:
        (frames, augmentation.side, augmentation.side, 3).
    """
    if clip.ndim != 4 or clip.shape[-1] != 3 or clip.size == 0:
        raise ValueError(f"need (frames, height, width, 3), got {clip.shape}")
    view = _View(random, clip.shape[2], clip.shape[1], augmentation)
    return np.stack([np.asarray(view.apply(Image.fromarray(frame))) for frame in clip])


class _View:
    """The random choices of one view, drawn once and applied to every frame."""

    def __init__(
        self,
        random: np.random.Generator,
        width: int,
        height: int,
        augmentation: Augmentation,
    ) -> None:
        self._side = augmentation.side
        self._box = _crop(random, width, height, augmentation)
        self._mirrored = random.random() < augmentation.mirrored
        low, high = 1 - 0.8 * augmentation.strength, 1 + 0.8 * augmentation.strength
        self._factors = random.uniform(low, high, 3)  # brightness, contrast, saturation
        self._hue = random.uniform(-0.2, 0.2) * augmentation.strength
        self._order = random.permutation(4)
        self._recoloured = random.random() < augmentation.recoloured
        self._grey = random.random() < augmentation.grey
        self._blur = random.uniform(*_BLUR) * augmentation.side / _BLUR_SIDE
        self._blurred = random.random() < augmentation.blurred

    def apply(self, frame: Image.Image) -> Image.Image:
        size = (self._side, self._side)
        frame = frame.resize(size, Image.Resampling.BICUBIC, box=self._box, reducing_gap=2.0)
        if self._mirrored:
            frame = frame.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        if self._recoloured:
            for step in self._order:
                frame = self._recolour(frame, int(step))
        if self._grey:
            frame = frame.convert("L").convert("RGB")
        if self._blurred:
            frame = frame.filter(ImageFilter.GaussianBlur(self._blur))
        return frame

    def _recolour(self, frame: Image.Image, step: int) -> Image.Image:
        if step < 3:
            kinds = (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color)
            return kinds[step](frame).enhance(float(self._factors[step]))
        hue, *rest = frame.convert("HSV").split()
        turn = round(self._hue * _HUES)
        turned = hue.point([(value + turn) % _HUES for value in range(_HUES)])
        return Image.merge("HSV", (turned, *rest)).convert("RGB")


def _crop(
    random: np.random.Generator, width: int, height: int, augmentation: Augmentation
) -> tuple[float, float, float, float]:
    """Return (left, upper, right, lower) of a crop of random size, shape and place."""
    widest = math.log(augmentation.widest_ratio)
    for _ in range(_ATTEMPTS):
        area = width * height * random.uniform(augmentation.smallest_crop, 1.0)
        ratio = math.exp(random.uniform(-widest, widest))
        across, down = math.sqrt(area * ratio), math.sqrt(area / ratio)
        if across <= width and down <= height:
            left, upper = random.uniform(0, width - across), random.uniform(0, height - down)
            return left, upper, left + across, upper + down
    across = min(width, height * augmentation.widest_ratio)
    down = min(height, width * augmentation.widest_ratio)
    left, upper = (width - across) / 2, (height - down) / 2
    return left, upper, left + across, upper + down
