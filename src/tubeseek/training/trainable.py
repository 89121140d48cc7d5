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
        name: The encoder that it starts from, as `--encoder` calls it.
        fingerprint: Of that encoder.
        temperature: The one that the encoder was trained with.
        bias: Likewise, of a sigmoid loss.
        device: Where it computes.
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
            pairs: All of a data set that will be trained on or measured.
            digest: The digest of that data set, by which kept results are found again.
        """
        ...

    def require(self, config: TrainConfig) -> None:
        """Raise ConfigError if this encoder cannot train with these settings."""
        ...

    def load(self, items: Sequence[Item], *, augmented: bool = False) -> Any:
        """Read what `embed` takes; called ahead of time, from another thread.

        Args:
            items: Of a batch, or a part of it.
            augmented: Whether `see_again` will be asked for their pictures.
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
        """All texts of all pairs in order, (texts, dim), and the pictures, (n, dim); as served."""
        ...

    def save(self, folder: Path) -> None:
        """Write the adapter in the format of PEFT."""
        ...

    def facts(self) -> dict[str, Any]:
        """Return what the card says about the method."""
        ...
