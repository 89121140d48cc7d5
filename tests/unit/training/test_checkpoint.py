"""A checkpoint that is being written is written to its end."""

import signal
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
import torch

from tubeseek.training import checkpoint
from tubeseek.training.checkpoint import Progress


class Interrupted:
    """Is Ctrl-C, or another signal, in the middle of being written."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __reduce__(self) -> tuple[Any, ...]:
        signal.raise_signal(self.number)
        return OrderedDict, ()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_waits_until_it_is_written(tmp_path: Path, number: int) -> None:
    weights = {"w": torch.nn.Parameter(torch.arange(3.0))}
    optimizer = torch.optim.AdamW(weights.values())
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(number, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            checkpoint.save(
                tmp_path, Progress(step=7), weights, optimizer, {"at": Interrupted(number)}
            )
        assert signal.getsignal(number) is signal.default_int_handler
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
    assert [path.name for path in tmp_path.iterdir()] == [checkpoint.NAME]
    found = torch.load(tmp_path / checkpoint.NAME, weights_only=True)
    assert found["progress"]["step"] == 7
    torch.testing.assert_close(found["weights"]["w"], torch.arange(3.0))
