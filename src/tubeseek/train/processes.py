"""The processes that train together: one, or as many as `torchrun` or `accelerate launch` starts.

accelerate finds out which it is and opens the connection between them; docs/decisions/0007 says
why it does no more than that.
"""

import os
from dataclasses import dataclass

import torch
from torch import distributed

from tubeseek.encoders.device import choose_device
from tubeseek.errors import ConfigError

NOT_INSTALLED = "training needs packages that are missing: pip install 'tubeseek[train]'"


@dataclass(frozen=True, slots=True)
class Processes:
    """How many there are, and which of them this is."""

    count: int
    rank: int
    device: torch.device
    here: int = 1  # of them on this machine

    @property
    def is_main(self) -> bool:
        """Whether this is the one that writes and speaks."""
        return self.rank == 0

    def threads(self, asked: int | None) -> int:
        """Of this process; where none were asked for, its share of the machine's."""
        return asked or max(1, (os.cpu_count() or 1) // self.here)


def join_processes(device: str) -> Processes:
    """Meets the others, if there are any.

    Args:
        device: "auto" or a torch device; with several processes each takes its own.

    Raises:
        ConfigError: accelerate is not installed, or several processes cannot share such a device.
    """
    try:
        from accelerate import PartialState  # type: ignore[import-untyped]
    except ImportError as error:
        raise ConfigError(NOT_INSTALLED) from error
    chosen = choose_device(device)
    # Told of no CPU where there is no GPU it would take each process for one that is alone.
    state = PartialState(cpu=chosen.type == "cpu")
    count, rank = int(state.num_processes), int(state.process_index)
    started = distributed.get_world_size() if distributed.is_initialized() else 1
    if count != started:
        raise ConfigError(
            f"{started} processes cannot train together on {chosen.type}, only on CUDA or the CPU; "
            f"set TUBESEEK_DEVICE=cpu, or start one process"
        )
    if count == 1:
        return Processes(1, 0, chosen)
    here = int(os.environ.get("LOCAL_WORLD_SIZE", count))
    return Processes(count, rank, state.device, here)
