"""Which items of a batch say the same, so that none is the negative of another."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def same_mask(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Which of some texts say the same.

    Returns:
        (n, n), symmetric, False on the diagonal.
    """
    keys = [" ".join(text.casefold().split()) for text in texts]
    mask = np.array([[a == b for b in keys] for a in keys], dtype=bool).reshape(len(keys), -1)
    np.fill_diagonal(mask, val=False)
    return mask
