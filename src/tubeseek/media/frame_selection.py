"""Recognises frames that show nothing, and frames that show the same as the one before."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Luma runs from 0 to 255. A night scene has bright spots and a white page has print on it, so what
# counts is the brightest and the darkest fiftieth of the pixels, not the mean.
DARK_BELOW = 40.0  # black: 98 % of the pixels are darker
LIGHT_ABOVE = 215.0  # white: 98 % of the pixels are lighter
FLAT_BELOW = 6.0  # one colour: standard deviation of each channel; compression leaves less than 3
BT601_LUMA = (0.299, 0.587, 0.114)  # Rec. ITU-R BT.601
LOOK_CELLS = 16  # rows and columns of the grid that frames are compared on
ALIKE_BELOW = 2.0  # mean difference over the grid, of 255
CELL_ALIKE_BELOW = 12.0  # of the cell that differs most: someone walks into a still scene


class Blankness(IntEnum):
    """How little a frame shows; less is better."""

    NO = 0
    ONE_COLOUR = 1
    BLACK_OR_WHITE = 2


def blankness(frame: NDArray[np.uint8]) -> Blankness:
    """Rate how little a frame (height, width, 3) RGB shows."""
    step = max(1, min(frame.shape[:2]) // 64)  # some 64 rows are enough to tell
    pixels = frame[::step, ::step].reshape(-1, 3).astype(np.float32)
    luma = pixels @ np.array(BT601_LUMA, np.float32)
    dark, light = np.percentile(luma, (2, 98))
    if light < DARK_BELOW or dark > LIGHT_ABOVE:
        return Blankness.BLACK_OR_WHITE
    return Blankness.ONE_COLOUR if pixels.std(axis=0).max() < FLAT_BELOW else Blankness.NO


def look_of(frame: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return a tiny thumbnail to compare frames by: the mean colour of each cell of a grid.

    In colour, because grey takes a red screen for a green one of the same lightness.

    Args:
        frame: (height, width, 3) RGB, at least one pixel.

    Returns:
        (LOOK_CELLS, LOOK_CELLS, 3), from 0 to 255.
    """
    cells = Image.fromarray(frame).resize((LOOK_CELLS, LOOK_CELLS), Image.Resampling.BOX)
    return np.asarray(cells, np.float32)


def alike(look: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    """Return whether two frames of a video, given by `look_of`, show the same to a search."""
    cells = np.abs(look - other).mean(axis=-1)  # (LOOK_CELLS, LOOK_CELLS)
    return bool(cells.mean() < ALIKE_BELOW and cells.max() < CELL_ALIKE_BELOW)


class DistinctFrames:
    """Decides which frames of a video to keep, given them in order of time.

    A frame is compared with the last one kept, not with all: a scene that returns is another
    moment. What changes slowly is kept again once it has changed enough.
    """

    def __init__(self) -> None:
        self._last: NDArray[np.float32] | None = None

    def keeps(self, pixels: NDArray[np.uint8]) -> bool:
        """Return whether (height, width, 3) RGB shows something new since the last frame kept."""
        if blankness(pixels) is not Blankness.NO:
            return False
        look = look_of(pixels)
        if self._last is not None and alike(look, self._last):
            return False
        self._last = look
        return True
