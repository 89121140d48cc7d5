"""Learned heads of the starter encoder: what training adds to its two sides. numpy only.

Each side gets a linear map from what its frozen network says in full to the common space, added to
the point t or p where the untrained starter puts it:

    text:    unit( t + unit(s) W_text )            s: (1024,), as `StarterReader.read` has it
    picture: unit( p + unit(f - mean) W_picture )  f: features (1280,)

Zero maps are the untrained starter, which is where training begins.
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

KIND = "STARTER_HEADS"  # stands where PEFT's configurations name their type
TEXT_DIM, PICTURE_DIM = 1024, 1280  # what the heads read
TEXT_HEAD, PICTURE_HEAD = "text_head", "picture_head"


@dataclass(frozen=True, slots=True, eq=False)
class StarterHeads:
    """The two maps."""

    text: Floats  # (TEXT_DIM, dim)
    picture: Floats  # (PICTURE_DIM, dim)

    def read(self, points: Floats, sentences: Floats) -> Floats:
        """Moves texts.

        Args:
            points: (n, dim), unit length, where the untrained starter puts them.
            sentences: (n, 1024), of any length.
        """
        return unit(points + unit(sentences) @ self.text)

    def see(self, points: Floats, features: Floats) -> Floats:
        """Moves pictures.

        Args:
            points: (n, dim), unit length, where the untrained starter puts them.
            features: (n, 1280), centred; of any length.
        """
        return unit(points + unit(features) @ self.picture)


def load_heads(adapter: Adapter, dim: int) -> StarterHeads:
    """The heads of an adapter.

    Raises:
        ModelUnavailableError: It is an adapter of another encoder, or damaged.
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
