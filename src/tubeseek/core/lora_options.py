"""How LoRA is put into a dual encoder."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from tubeseek.core.errors import ConfigError


class Towers(StrEnum):
    """Which sides are adapted."""

    BOTH = "both"
    TEXT = "text"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class LoraOptions:
    """Low-rank adaptation: W' = W + (alpha / rank) B A, Hu et al. 2021, arXiv 2106.09685, eq. 3.

    Attributes:
        rank: Of B A. 8 on the attention's query and value is LoRA's own choice for large models
            (section 7.1, table 6: ranks 4 to 64 differ little).
        alpha: Scale; twice the rank is what PEFT's guides and most published recipes use. With a
            fixed alpha, a change of the rank needs no other learning rate (section 4.1).
        targets: Names of the linear layers that get one, in all blocks of a tower. Query and value
            as in section 4.2 and table 5; Zanella and Ben Ayed 2024 (arXiv 2405.18541) adapt query,
            key and value of CLIP's two towers, and find both towers better than one.
        towers: Which towers.
        full_heads: Whether the projections into the common space are trained in full besides.
        checkpointing: Compute activations again rather than keep them: less memory, half as slow
            again.
        dtype: Of the frozen weights and the computation; "auto" is bfloat16 where the device
            multiplies it in hardware, else float32. What learns is float32 in any case.
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
                f"LoRA needs a rank of at least 1, an alpha above 0 and a layer to sit in, got "
                f"{self.rank}, {self.alpha:g}, {', '.join(self.targets) or 'none'}"
            )
