"""Batches that shrink with the memory, and the choice of device and number format."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch

from tubeseek.core.errors import ConfigError, ModelUnavailableError
from tubeseek.core.types import Vectors
from tubeseek.encoders.device import Batcher, choose_device, choose_dtype, is_out_of_memory


class Memory:
    """Encodes a number as (number,), and holds no more than `room` of them at a time."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.sizes: list[int] = []

    def encode(self, items: Sequence[int]) -> Vectors:
        self.sizes.append(len(items))
        if len(items) > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return np.array(items, np.float32)[:, None]


def test_batches_halve_until_they_fit_and_stay_so() -> None:
    memory, batcher = Memory(room=5), Batcher(16)

    rows = batcher.run(range(40), memory.encode)

    assert rows[:, 0].tolist() == list(range(40))
    assert memory.sizes == [16, 8, *[4] * 10]
    assert batcher.run(range(3), memory.encode)[:, 0].tolist() == [0, 1, 2]
    assert batcher.size == 4


def test_one_item_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(ModelUnavailableError):
        Batcher(8).run(range(3), Memory(room=0).encode)


def test_other_errors_pass_through() -> None:
    error = RuntimeError("not the memory")

    def fail(items: Sequence[int]) -> Vectors:
        raise error

    with pytest.raises(RuntimeError) as raised:
        Batcher(8).run(range(3), fail)
    assert raised.value is error


def test_torch_out_of_memory_on_a_cpu_is_recognised() -> None:
    with pytest.raises(RuntimeError) as raised:
        torch.empty(2**60)

    assert is_out_of_memory(raised.value)
    assert is_out_of_memory(MemoryError())
    assert not is_out_of_memory(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))


def test_automatic_formats_are_fast_and_explicit_ones_are_kept() -> None:
    assert choose_dtype("auto", torch.device("cuda")) == torch.float16
    assert choose_dtype("auto", torch.device("cpu")) in (torch.float32, torch.bfloat16)
    assert choose_dtype("float32", torch.device("cuda")) == torch.float32
    with pytest.raises(ConfigError, match="'fp8'"):
        choose_dtype("fp8", torch.device("cpu"))


def test_devices_that_are_not_there_are_refused() -> None:
    assert choose_device("cpu").type == "cpu"
    assert choose_device("auto").type in ("cpu", "cuda", "mps")
    with pytest.raises(ConfigError, match="'toaster'"):
        choose_device("toaster")
    with pytest.raises(ConfigError):
        choose_device("cuda:64")
