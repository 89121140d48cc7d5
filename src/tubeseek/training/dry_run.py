"""What a run would cost, found by doing a little of it: nothing is learned or written."""

import sys
import time
from dataclasses import dataclass

import torch

from tubeseek.training.loop import Loop

STEPS = 3  # the first pays for what is allocated once, and is not counted


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a run would cost on this machine, as busy as it is now."""

    seconds_per_step: float
    steps_per_epoch: int
    epochs: int
    # The most in use so far, of the GPU if there is one, else of the process; None on Windows,
    # which does not tell it.
    memory_bytes: int | None

    @property
    def seconds_per_epoch(self) -> float:
        """Without the validation after it."""
        return self.seconds_per_step * self.steps_per_epoch


def rehearse(loop: Loop, epochs: int, device: torch.device) -> DryRun:
    """Computes the gradients of a few batches, of which no step is taken.

    Args:
        loop: Of the run.
        epochs: The most that it may take.
        device: Where it computes.
    """
    batches = loop.epoch_batches(0)
    taken: list[float] = []
    for number in range(STEPS):
        started = time.perf_counter()
        loop.stepper.backward(loop.loaded(batches[number % len(batches)]))
        loop.stepper.optimizer.zero_grad(set_to_none=True)
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        taken.append(time.perf_counter() - started)
    counted = taken[1:]
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
    return peak if sys.platform == "darwin" else peak * 1024  # Linux tells kilobytes
