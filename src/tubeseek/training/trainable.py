"""What the loop asks of an encoder that is trained."""

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
        """What learns, by name; what a checkpoint keeps."""
        ...

    def prepare(self, pairs: Sequence[Pair], digest: str) -> Iterator[int]:
        """Computes once what need not be computed again; yields how many pairs are done.

        Args:
            pairs: All of a data set that will be trained on or measured.
            digest: Of that data set, by which what another run has kept is known.
        """
        ...

    def require(self, config: TrainConfig) -> None:
        """Raises ConfigError where this encoder cannot learn as asked."""
        ...

    def load(self, items: Sequence[Item], *, augmented: bool = False) -> Any:
        """Reads what `embed` takes; called from another thread, ahead of time.

        Args:
            items: Of a batch, or a part of it.
            augmented: Whether `see_again` will be asked for their pictures.
        """
        ...

    def embed(self, loaded: Any) -> tuple[Tensor, Tensor]:
        """Texts (n, dim) and pictures (n, dim), not normalised, with gradients and dropout."""
        ...

    def read_again(self, loaded: Any) -> Tensor:
        """The texts under another dropout, (n, dim)."""
        ...

    def see_again(self, loaded: Any) -> Tensor:
        """The augmented views of the pictures, (n, dim)."""
        ...

    def encode(self, pairs: Sequence[Pair]) -> tuple[Vectors, Vectors]:
        """All texts of all pairs in order, (texts, dim), and the pictures, (n, dim); as served."""
        ...

    def save(self, folder: Path) -> None:
        """Writes the adapter in PEFT's form."""
        ...

    def facts(self) -> dict[str, Any]:
        """What the card says of the method."""
        ...
