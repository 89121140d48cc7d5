"""Pictures seen another way, for losses within pictures: cropped, mirrored, in other colours.

What SimCLR does (Chen et al. 2020, arXiv 2002.05709, appendix A), in its order: a random crop
brought to one size, a mirror image half of the time, other colours, grey, blur. All frames of a
clip are treated alike, as in CVRL (Qian et al. 2021, arXiv 2008.03800): what moves goes on moving.
"""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from tubeseek.core.types import Frames

_ATTEMPTS = 10  # at a crop that fits; then the middle is taken
_HUES = 256  # Pillow's circle of hues
_BLUR = (0.1, 2.0)  # standard deviation in pixels of a picture of `_BLUR_SIDE`
_BLUR_SIDE = 224


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How far views differ. The defaults are SimCLR's but for the crop, which is MoCo v2's.

    Thumbnails are full of letters: set `mirrored` to 0 where an encoder shall read them.
    """

    side: int = 224  # pixels of the square view
    smallest_crop: float = 0.2  # share of the area; SimCLR's 0.08 seldom holds what a title names
    widest_ratio: float = 4 / 3  # width to height of the crop, or height to width
    mirrored: float = 0.5  # how often
    recoloured: float = 0.8
    strength: float = 1.0  # of recolouring
    grey: float = 0.2
    blurred: float = 0.5

    def __post_init__(self) -> None:
        shares = (self.mirrored, self.recoloured, self.grey, self.blurred)
        if self.side < 1 or not 0 < self.smallest_crop <= 1 or self.widest_ratio < 1:
            raise ValueError(f"need side >= 1, 0 < smallest_crop <= 1, widest_ratio >= 1: {self}")
        if not all(0 <= share <= 1 for share in shares) or not 0 <= self.strength <= 1:
            raise ValueError(f"shares and strength must be in [0, 1]: {self}")


SIMCLR = Augmentation()


def augment(clip: Frames, random: np.random.Generator, how: Augmentation = SIMCLR) -> Frames:
    """Another view of a clip; a picture is a clip of one frame.

    Args:
        clip: (frames, height, width, 3).
        random: Where chance comes from: the same state gives the same view.
        how: How far views differ.

    Returns:
        (frames, how.side, how.side, 3).
    """
    if clip.ndim != 4 or clip.shape[-1] != 3 or clip.size == 0:
        raise ValueError(f"need (frames, height, width, 3), got {clip.shape}")
    view = _View(random, clip.shape[2], clip.shape[1], how)
    return np.stack([np.asarray(view.of(Image.fromarray(frame))) for frame in clip])


class _View:
    """All that chance decides of one view, so that each frame gets the same."""

    def __init__(
        self, random: np.random.Generator, width: int, height: int, how: Augmentation
    ) -> None:
        self._side = how.side
        self._box = _crop(random, width, height, how)
        self._mirrored = random.random() < how.mirrored
        low, high = 1 - 0.8 * how.strength, 1 + 0.8 * how.strength
        self._factors = random.uniform(low, high, 3)  # brightness, contrast, saturation
        self._hue = random.uniform(-0.2, 0.2) * how.strength
        self._order = random.permutation(4)
        self._recoloured = random.random() < how.recoloured
        self._grey = random.random() < how.grey
        self._blur = random.uniform(*_BLUR) * how.side / _BLUR_SIDE
        self._blurred = random.random() < how.blurred

    def of(self, frame: Image.Image) -> Image.Image:
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
    random: np.random.Generator, width: int, height: int, how: Augmentation
) -> tuple[float, float, float, float]:
    """(left, upper, right, lower) of a part of the picture, of random size, shape and place."""
    widest = math.log(how.widest_ratio)
    for _ in range(_ATTEMPTS):
        area = width * height * random.uniform(how.smallest_crop, 1.0)
        ratio = math.exp(random.uniform(-widest, widest))
        across, down = math.sqrt(area * ratio), math.sqrt(area / ratio)
        if across <= width and down <= height:
            left, upper = random.uniform(0, width - across), random.uniform(0, height - down)
            return left, upper, left + across, upper + down
    across = min(width, height * how.widest_ratio)
    down = min(height, width * how.widest_ratio)
    left, upper = (width - across) / 2, (height - down) / 2
    return left, upper, left + across, upper + down
