"""Applies the trained heads of the starter encoder, with numpy only.

Each side gets a linear map from the full output of its frozen network to the common space. The
result is added to the point t or p at which the untrained starter puts the text or picture:

    text:    unit( t + unit(s) W_text )            s: (1024,), as `StarterReader.read` has it
    picture: unit( p + unit(f - mean) W_picture )  f: features (1280,)

Training begins with maps of zeros, which leave the starter as it is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from tubeseek.core.errors import ModelUnavailableError
from tubeseek.encoders.adapters import WEIGHTS, Adapter
from tubeseek.encoders.starter.text import unit

Floats = NDArray[np.float32]

KIND = "STARTER_HEADS"  # the `peft_type` in the configuration of an adapter
TEXT_DIM, PICTURE_DIM = 1024, 1280  # what the heads read
TEXT_HEAD, PICTURE_HEAD = "text_head", "picture_head"


@dataclass(frozen=True, slots=True, eq=False)
class StarterHeads:
    """Moves texts and pictures by two linear maps."""

    text: Floats  # (TEXT_DIM, dim)
    picture: Floats  # (PICTURE_DIM, dim)

    def read(self, points: Floats, sentences: Floats) -> Floats:
        """Return the vectors of texts, (n, dim).

        Args:
            points: (n, dim), unit length, where the untrained starter puts them.
            sentences: (n, 1024), of any length.
        """
        return unit(points + unit(sentences) @ self.text)

    def see(self, points: Floats, features: Floats) -> Floats:
        """Return the vectors of pictures, (n, dim).

        Args:
            points: (n, dim), unit length, where the untrained starter puts them.
            features: (n, 1280), centred; of any length.
        """
        return unit(points + unit(features) @ self.picture)


def load_heads(adapter: Adapter, dim: int) -> StarterHeads:
    """Load the heads of an adapter.

    Raises:
        ModelUnavailableError: The adapter belongs to another encoder, or is damaged.
    """
    if adapter.kind != KIND:
        raise ModelUnavailableError(
            f"{adapter.folder} is an adapter ({adapter.kind}) of {adapter.base}, not of the "
            f"starter; use it with `--encoder {adapter.base}`"
        )
    try:
        maps = load_file(adapter.folder / WEIGHTS)
        heads = StarterHeads(maps[TEXT_HEAD], maps[PICTURE_HEAD])
    except (SafetensorError, KeyError, OSError) as error:
        raise ModelUnavailableError(
            f"{adapter.folder / WEIGHTS} is damaged ({error}); copy the adapter again"
        ) from error
    for head, width in ((heads.text, TEXT_DIM), (heads.picture, PICTURE_DIM)):
        if head.shape != (width, dim) or not np.isfinite(head).all():
            raise ModelUnavailableError(
                f"{adapter.folder / WEIGHTS} does not fit this version of the starter; train again"
            )
    return heads
