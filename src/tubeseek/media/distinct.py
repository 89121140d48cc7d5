"""Which frames of one video are worth an embedding: not the blank ones, none twice in a row."""

import numpy as np
from numpy.typing import NDArray

from tubeseek.media.blank import Blank, alike, blankness, look_of


class Distinct:
    """Goes through the frames of one video in their order and says which to keep.

    A frame is compared with the last one kept, not with all: a scene that returns is another
    moment. What changes slowly is kept again once it has changed enough.
    """

    def __init__(self) -> None:
        self._last: NDArray[np.float32] | None = None

    def keeps(self, pixels: NDArray[np.uint8]) -> bool:
        """Whether (height, width, 3) RGB shows something, and something else than the last kept."""
        if blankness(pixels) is not Blank.NO:
            return False
        look = look_of(pixels)
        if self._last is not None and alike(look, self._last):
            return False
        self._last = look
        return True
