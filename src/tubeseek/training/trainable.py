"""Defines what the training loop needs of an encoder."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor

from tubeseek.core.types import Vectors
from tubeseek.training.config import TrainConfig
from tubeseek.training.data.batches import Item
from tubeseek.training.data.pairs import Pair


class Trainable(Protocol):
    """An encoder with parameters that learn, and others that are frozen.

    Attributes:
        name: The encoder that training starts from, as in `--encoder`.
        fingerprint: The fingerprint of that encoder.
        temperature: The temperature that the encoder was trained with.
        bias: The bias of a sigmoid loss that the encoder was trained with.
        device: The device to compute on.
    """

    name: str
    fingerprint: str
    temperature: float
    bias: float
    device: torch.device

    def parameters(self) -> Mapping[str, torch.nn.Parameter]:
        """Return the parameters that learn, by name; a checkpoint keeps them."""
        ...

    def prepare(self, pairs: Sequence[Pair], digest: str) -> Iterator[int]:
        """Compute what stays the same in every epoch; yield how many pairs are done.

        Args:
            pairs: All pairs of a data set that will be trained on or measured.
            digest: The digest of that data set; results are cached by it.
        """
        ...

    def require(self, config: TrainConfig) -> None:
        """Raise ConfigError if this encoder cannot train with these settings."""
        ...

    def load(self, items: Sequence[Item], *, augmented: bool = False) -> Any:
        """Read what `embed` takes; called ahead of time, from another thread.

        Args:
            items: A batch or a part of one.
            augmented: Whether `see_again` will be called with the result.
        """
        ...

    def embed(self, loaded: Any) -> tuple[Tensor, Tensor]:
        """Embed texts (n, dim) and pictures (n, dim), unnormalised, with gradients and dropout."""
        ...

    def read_again(self, loaded: Any) -> Tensor:
        """Embed the texts under another dropout, (n, dim)."""
        ...

    def see_again(self, loaded: Any) -> Tensor:
        """Embed the augmented views of the pictures, (n, dim)."""
        ...

    def encode(self, pairs: Sequence[Pair]) -> tuple[Vectors, Vectors]:
        """Embed all texts of all pairs in order, (texts, dim), and the pictures, (n, dim).

        The vectors are those that the encoder gives in a search: of unit length, without dropout.
        """
        ...

    def save(self, folder: Path) -> None:
        """Write the adapter in the format of PEFT."""
        ...

    def facts(self) -> dict[str, Any]:
        """Return what the card says about the method."""
        ...
