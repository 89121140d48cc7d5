"""Embeddings of all processes as one batch, with gradients that find their way back.

Each process embeds its share, gathers those of the others and computes the loss of the whole. The
backward pass of `gather` adds up what all processes want of an embedding, which is the number of
processes times the gradient that a single one would have got, as all compute the same loss. Taking
the mean of the parameters' gradients over the processes, as DistributedDataParallel and
`average_gradients` do, makes it that of one process with the whole batch, to the last rounding.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, distributed

from tubeseek.errors import TrainingError


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
    told = torch.tensor(numbers, dtype=torch.float64, device=device)
    with _together():
        distributed.broadcast(told, 0)
    return [float(number) for number in told]


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
        told = ", ".join(str(tuple(other.tolist())) for other in shapes)
        raise ValueError(f"each process must bring as many rows as the others, got {told}")


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
