"""The processes that train together: one, or as many as `torchrun` or `accelerate launch` starts.

accelerate finds out which it is and opens the connection between them; docs/decisions/0007 says
why it does no more than that.
"""

from dataclasses import dataclass

import torch

from tubeseek.encoders.device import choose_device
from tubeseek.errors import ConfigError

NOT_INSTALLED = "training needs packages that are missing: pip install 'tubeseek[train]'"


@dataclass(frozen=True, slots=True)
class Processes:
    """How many there are, and which of them this is."""

    count: int
    rank: int
    device: torch.device

    @property
    def is_main(self) -> bool:
        """Whether this is the one that writes and speaks."""
        return self.rank == 0


def join_processes(device: str) -> Processes:
    """Meets the others, if there are any.

    Args:
        device: "auto" or a torch device; with several processes each takes its own.

    Raises:
        ConfigError: accelerate is not installed.
    """
    try:
        from accelerate import PartialState  # type: ignore[import-untyped]
    except ImportError as error:
        raise ConfigError(NOT_INSTALLED) from error
    state = PartialState(cpu=device == "cpu")
    count, rank = int(state.num_processes), int(state.process_index)
    if count > 1:
        return Processes(count, rank, state.device)
    return Processes(count, rank, choose_device(device))
