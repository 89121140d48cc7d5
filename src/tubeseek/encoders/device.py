"""Chooses how a torch model runs on this machine: device, number format, threads, batch size."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch

from tubeseek.core.errors import ConfigError, ModelUnavailableError
from tubeseek.core.types import Vectors

Item = TypeVar("Item")

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
FAST_BF16_FLAGS = {"avx512_bf16", "amx_bf16", "bf16"}  # x86, x86, Arm; elsewhere it is emulated
CPU_BATCH = 16
GPU_BATCH = 128
OUT_OF_MEMORY_SIGNS = ("out of memory", "can't allocate memory", "not enough memory")


def choose_device(name: str = "auto") -> torch.device:
    """Return the device of a name; "auto" is the first of CUDA, MPS and CPU that this machine has.

    Raises:
        ConfigError: There is no such device.
    """
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ConfigError(f"unknown device {name!r}; use auto, cpu, cuda, cuda:N or mps") from error
    there = {
        "cpu": True,
        "mps": torch.backends.mps.is_available(),
        "cuda": (device.index or 0) < torch.cuda.device_count(),
    }
    if not there.get(device.type, False):
        raise ConfigError(f"this machine has no device {name!r}; use TUBESEEK_DEVICE=auto or cpu")
    return device


def choose_dtype(name: str, device: torch.device) -> torch.dtype:
    """Return the number format of a name; "auto" is the fastest that keeps the order of results.

    Raises:
        ConfigError: There is no such format.
    """
    if name != "auto":
        if name not in DTYPES:
            raise ConfigError(f"unknown dtype {name!r}; use auto, {', '.join(DTYPES)}")
        return DTYPES[name]
    if device.type != "cpu":
        return torch.float16
    return torch.bfloat16 if _has_fast_bf16() else torch.float32


def _has_fast_bf16() -> bool:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8", errors="replace")
    except OSError:  # not Linux: no cheap way to know
        return False
    for line in text.splitlines():
        if line.startswith(("flags", "Features")):
            return not FAST_BF16_FLAGS.isdisjoint(line.split())
    return False


def physical_cores() -> int:
    """Return the cores that this process may use; a second hyper-thread would only wait."""
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    if allowed is None:
        return max(1, os.cpu_count() or 1)
    cores = set()
    for cpu in allowed:
        siblings = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        try:
            cores.add(siblings.read_text("ascii").strip())
        except OSError:
            cores.add(str(cpu))
    return max(1, len(cores))


def use_threads(threads: int | None) -> int:
    """Set how many threads torch computes with in this process, and return that number.

    No other code sets it. It is called when an encoder is opened and when training starts.

    Args:
        threads: At least 1; None: one for each physical core.

    Raises:
        ConfigError: The number is below 1.
    """
    chosen = physical_cores() if threads is None else threads
    if chosen < 1:
        raise ConfigError(f"need at least one thread, got {threads}")
    torch.set_num_threads(chosen)
    return chosen


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether torch ran out of memory; on CPU and MPS only the message shows it."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(
        sign in str(error).lower() for sign in OUT_OF_MEMORY_SIGNS
    )


class Batcher:
    """Feeds a model in batches, which are halved when memory runs out and then keep that size."""

    def __init__(self, size: int) -> None:
        if size < 1:
            raise ConfigError(f"the batch size must be at least 1, got {size}")
        self.size = size

    def run(self, items: Sequence[Item], encode: Callable[[Sequence[Item]], Vectors]) -> Vectors:
        """Return the rows of `encode` for all items, in order.

        Raises:
            ModelUnavailableError: Not even one item fits into memory.
        """
        rows: list[Vectors] = []
        done = 0
        while done < len(items):
            size = self.size
            try:
                rows.append(encode(items[done : done + size]))
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                if size == 1:
                    raise ModelUnavailableError(
                        "the model and one item do not fit into memory; "
                        "choose a smaller model, or `TUBESEEK_DEVICE=cpu`"
                    ) from error
                self.size = min(self.size, size // 2)
            else:
                done += size
                continue
            if torch.cuda.is_available():  # after the error, whose traceback held the tensors
                torch.cuda.empty_cache()
        return np.concatenate(rows)
