"""Estimates the cost of a run from a few of its batches, without learning or writing."""

import sys
import time
from dataclasses import dataclass

import torch

from tubeseek.training.loop import Loop

BATCHES = 3  # the first one also allocates memory, so its time does not count


@dataclass(frozen=True, slots=True)
class DryRun:
    """The cost of a run on this machine under its present load.

    Attributes:
        seconds_per_step: The time of one optimiser step.
        steps_per_epoch: How many steps an epoch has.
        epochs: The largest number of epochs.
        memory_bytes: The peak memory of the GPU, or of the process if there is no GPU; None on
            Windows, which does not report it.
    """

    seconds_per_step: float
    steps_per_epoch: int
    epochs: int
    memory_bytes: int | None

    @property
    def seconds_per_epoch(self) -> float:
        """Return the time of one epoch without its validation."""
        return self.seconds_per_step * self.steps_per_epoch


def rehearse(loop: Loop, epochs: int, device: torch.device) -> DryRun:
    """Compute the gradients of a few batches without taking a step, and return the cost.

    Args:
        loop: The loop of the run.
        epochs: The largest number of epochs.
        device: The device that computes.
    """
    batches = loop.epoch_batches(0)
    seconds: list[float] = []
    for number in range(BATCHES):
        started = time.perf_counter()
        loop.stepper.backward(loop.loaded(batches[number % len(batches)]))
        loop.stepper.optimizer.zero_grad(set_to_none=True)
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        seconds.append(time.perf_counter() - started)
    counted = seconds[1:]
    batches_per_step = -(-len(batches) // loop.steps_per_epoch)
    return DryRun(
        sum(counted) / len(counted) * batches_per_step,
        loop.steps_per_epoch,
        epochs,
        _peak_memory(device),
    )


def _peak_memory(device: torch.device) -> int | None:
    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # Linux reports kilobytes
