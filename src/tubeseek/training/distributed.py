"""Connects the processes that train together, as `torchrun` or `accelerate launch` starts them.

accelerate finds out how many processes there are and connects them; docs/decisions/0007 says why
it does no more than that. A run of one process takes the same path.
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
    """The processes of a run, as one of them sees them.

    Attributes:
        count: How many processes there are.
        rank: The number of this process, from 0.
        device: The device of this process.
        local_count: How many of the processes run on this machine.
    """

    count: int
    rank: int
    device: torch.device
    local_count: int = 1

    @property
    def is_main(self) -> bool:
        """Whether this is the process that writes files and messages."""
        return self.rank == 0

    def threads(self, requested: int | None) -> int:
        """Return how many threads this process uses; by default, its share of the cores."""
        return requested or max(1, (os.cpu_count() or 1) // self.local_count)


def join_processes(device: str) -> Processes:
    """Connect to the other processes of the run, if there are any.

    Args:
        device: "auto" or a torch device; of several processes, each takes a device of its own.

    Raises:
        ConfigError: accelerate is not installed, or the device works for one process only.
    """
    try:
        from accelerate import PartialState  # type: ignore[import-untyped]
    except ImportError as error:
        raise ConfigError(
            f"training needs packages that are missing: {install_command('train')}"
        ) from error
    chosen = choose_device(device)
    # Without `cpu=True` on a machine without a GPU, accelerate takes each process for a single one.
    state = PartialState(cpu=chosen.type == "cpu")
    count, rank = int(state.num_processes), int(state.process_index)
    started = distributed.get_world_size() if distributed.is_initialized() else 1
    if count != started:
        raise ConfigError(
            f"{started} processes cannot train together on {chosen.type}; start a single process, "
            f"or set TUBESEEK_DEVICE to cpu or cuda"
        )
    if count == 1:
        return Processes(1, 0, chosen)
    local_count = int(os.environ.get("LOCAL_WORLD_SIZE", count))
    return Processes(count, rank, state.device, local_count)


def gather(x: Tensor) -> Tensor:
    """Return the rows of all processes, in the order of their ranks.

    Gradients flow back to the process that a row comes from.

    Args:
        x: (n, ...), of the same shape in every process.

    Returns:
        (processes * n, ...); `x` itself if there is only one process.

    Raises:
        ValueError: The shapes differ; raised in every process.
        TrainingError: Another process has ended or cannot be reached.
    """
    if not _has_several_processes():
        return x
    _require_equal_shapes(x)
    gathered: Tensor = _Gather.apply(x)  # type: ignore[no-untyped-call]
    return gathered


def average_gradients(parameters: Iterable[torch.nn.Parameter]) -> None:
    """Replace each gradient by its mean over the processes.

    DistributedDataParallel cannot do this for a loop that goes backward several times a step, as
    with cached gradients.

    Raises:
        TrainingError: Another process has ended or cannot be reached.
    """
    if not _has_several_processes():
        return
    for parameter in parameters:
        if not parameter.requires_grad:
            continue
        if parameter.grad is None:  # the other processes may have one, and wait for this process
            parameter.grad = torch.zeros_like(parameter)
        with _translate_errors():
            distributed.all_reduce(parameter.grad)
        parameter.grad /= distributed.get_world_size()


def broadcast_from_main(numbers: Sequence[float], device: torch.device) -> list[float]:
    """Return the numbers of the main process.

    Numbers that decide how long a run goes on must be equal everywhere: machines that round
    differently would end at different steps and wait for one another forever.

    Args:
        numbers: The numbers of this process; equally many in every process.
        device: The device of this process.

    Raises:
        TrainingError: Another process has ended or cannot be reached.
    """
    if not _has_several_processes():
        return list(numbers)
    shared = torch.tensor(numbers, dtype=torch.float64, device=device)
    with _translate_errors():
        distributed.broadcast(shared, 0)
    return [float(number) for number in shared]


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Raise TrainingError for the RuntimeError by which torch reports a lost process."""
    try:
        yield
    except RuntimeError as error:
        raise TrainingError(
            "another process of this run has ended or cannot be reached; see its output for the "
            "reason, then run the same command again to go on from the last checkpoint"
        ) from error


def _has_several_processes() -> bool:
    return (
        distributed.is_available()
        and distributed.is_initialized()
        and distributed.get_world_size() > 1
    )


def _require_equal_shapes(x: Tensor) -> None:
    """Raise ValueError in every process if shapes differ; torch would fail or wait forever."""
    shape = torch.tensor(x.shape, device=x.device)
    shapes = [torch.empty_like(shape) for _ in range(distributed.get_world_size())]
    with _translate_errors():
        distributed.all_gather(shapes, shape)
    if any(not torch.equal(shape, other) for other in shapes):
        listed = ", ".join(str(tuple(other.tolist())) for other in shapes)
        raise ValueError(f"every process must have the same shape, got {listed}")


class _Gather(torch.autograd.Function):
    """Gathers rows; its gradient is the sum of the gradients that all processes have of them."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        parts = [torch.empty_like(x) for _ in range(distributed.get_world_size())]
        with _translate_errors():
            distributed.all_gather(parts, x.contiguous())
        return torch.cat(parts)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Tensor:
        summed = grads[0].contiguous().clone()
        with _translate_errors():
            distributed.all_reduce(summed)
        return summed.chunk(distributed.get_world_size())[distributed.get_rank()]
