"""The processes that train together: one, or as many as `torchrun` or `accelerate launch` starts.

accelerate finds out which it is and opens the connection between them; docs/decisions/0007 says
why it does no more than that.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, distributed

from tubeseek.core.errors import ConfigError, TrainingError
from tubeseek.core.installation import install_command
from tubeseek.encoders.device import choose_device


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

    def threads(self, requested: int | None) -> int:
        """Of this process; where none were asked for, its share of the machine's."""
        return requested or max(1, (os.cpu_count() or 1) // self.here)


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
        raise ConfigError(
            f"training needs packages that are missing: {install_command('train')}"
        ) from error
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


def gather(x: Tensor) -> Tensor:
    """The rows of all processes in order of their ranks; `x` itself where there is but one.

    Args:
        x: (n, ...), of the same shape in every process.

    Returns:
        (processes * n, ...).

    Raises:
        ValueError: In every process, where they have different shapes.
        TrainingError: Another process is gone.
    """
    if not _many():
        return x
    _require_equal_shapes(x)
    gathered: Tensor = _Gather.apply(x)  # type: ignore[no-untyped-call]
    return gathered


def average_gradients(parameters: Iterable[torch.nn.Parameter]) -> None:
    """Replaces each gradient by its mean over the processes; nothing happens where there is one.

    For loops that go backward several times a step, as with cached gradients, and so cannot leave
    it to DistributedDataParallel.

    Raises:
        TrainingError: Another process is gone.
    """
    if not _many():
        return
    for parameter in parameters:
        if not parameter.requires_grad:
            continue
        if parameter.grad is None:  # here only: the others wait for this process
            parameter.grad = torch.zeros_like(parameter)
        with _together():
            distributed.all_reduce(parameter.grad)
        parameter.grad /= distributed.get_world_size()


def as_main_has_it(numbers: Sequence[float], device: torch.device) -> list[float]:
    """The numbers that the first process has found.

    For what decides how long a run goes: processes that round differently, as on unlike machines,
    would part ways and wait for one another without end.

    Args:
        numbers: As many in every process.
        device: Of this process.

    Raises:
        TrainingError: Another process is gone.
    """
    if not _many():
        return list(numbers)
    shared = torch.tensor(numbers, dtype=torch.float64, device=device)
    with _together():
        distributed.broadcast(shared, 0)
    return [float(number) for number in shared]


@contextmanager
def _together() -> Iterator[None]:
    """What all processes do at once; torch tells of one that is gone as RuntimeError."""
    try:
        yield
    except RuntimeError as error:
        raise TrainingError(
            "another process of this run is gone, or cannot be reached; when it is clear why, run "
            "the same command again: it goes on from the last checkpoint"
        ) from error


def _many() -> bool:
    return (
        distributed.is_available()
        and distributed.is_initialized()
        and distributed.get_world_size() > 1
    )


def _require_equal_shapes(x: Tensor) -> None:
    """Unequal ones would end in an error of the network, or in a wait without end."""
    shape = torch.tensor(x.shape, device=x.device)
    shapes = [torch.empty_like(shape) for _ in range(distributed.get_world_size())]
    with _together():
        distributed.all_gather(shapes, shape)
    if any(not torch.equal(shape, other) for other in shapes):
        listed = ", ".join(str(tuple(other.tolist())) for other in shapes)
        raise ValueError(f"each process must bring as many rows as the others, got {listed}")


class _Gather(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        parts = [torch.empty_like(x) for _ in range(distributed.get_world_size())]
        with _together():
            distributed.all_gather(parts, x.contiguous())
        return torch.cat(parts)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Tensor:
        summed = grads[0].contiguous().clone()
        with _together():
            distributed.all_reduce(summed)
        return summed.chunk(distributed.get_world_size())[distributed.get_rank()]
