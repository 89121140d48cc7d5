"""Defines how LoRA is added to a dual encoder."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from tubeseek.core.errors import ConfigError


class Towers(StrEnum):
    """The towers of an encoder that are trained."""

    BOTH = "both"
    TEXT = "text"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class LoraOptions:
    """Low-rank adaptation: W' = W + (alpha / rank) B A, Hu et al. 2021, arXiv 2106.09685, eq. 3.

    Attributes:
        rank: The rank of B A. The paper uses 8 on the attention's query and value for large models
            (section 7.1, table 6: ranks 4 to 64 differ little).
        alpha: The scale; PEFT's guides and most published recipes use twice the rank. With a fixed
            alpha, another rank needs no other learning rate (section 4.1).
        targets: Names of the linear layers that get LoRA, in all blocks of a tower. The defaults
            are query and value, as in section 4.2 and table 5; Zanella and Ben Ayed 2024 (arXiv
            2405.18541) adapt query, key and value of CLIP, and find two towers better than one.
        towers: Which towers get LoRA.
        full_heads: Whether to train the projections into the common space in full as well.
        checkpointing: Whether to compute activations again rather than keep them, which saves
            memory and makes training take half as long again.
        dtype: The type of the frozen weights and the computation; "auto" is bfloat16 if the device
            supports it in hardware, else float32. Trained weights are always float32.
    """

    rank: int = 8
    alpha: float = 16.0
    targets: tuple[str, ...] = ("q_proj", "v_proj")
    towers: Towers = Towers.BOTH
    full_heads: bool = False
    checkpointing: bool = False
    dtype: Literal["auto", "float32", "bfloat16"] = "auto"

    def __post_init__(self) -> None:
        if self.rank < 1 or self.alpha <= 0 or not self.targets:
            raise ConfigError(
                f"LoRA needs a rank of at least 1, an alpha above 0 and at least one layer, got "
                f"{self.rank}, {self.alpha:g}, {', '.join(self.targets) or 'none'}"
            )
