"""Pictures seen another way, for losses within pictures: cropped, flipped, in other colours."""

import numpy as np
from numpy.typing import NDArray


def augment(picture: NDArray[np.uint8], random: np.random.Generator) -> NDArray[np.uint8]:
    """Another view of a picture (height, width, 3) or clip (frames, height, width, 3)."""
    return picture[..., ::-1, :] if random.random() < 0.5 else picture
