"""Saves a checkpoint and gets a signal meanwhile: `interrupted_checkpoint.py FOLDER SIGNAL`.

It exits with status 3 if the signal arrives as KeyboardInterrupt once the file is whole.
"""

import signal
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any

import torch

from tubeseek.training import checkpoint
from tubeseek.training.checkpoint import Progress

INTERRUPTED = 3


class Interruption:
    """Sends a signal to this process while it is being pickled."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __reduce__(self) -> tuple[Any, ...]:
        signal.raise_signal(self.number)
        return OrderedDict, ()


def main(folder: Path, number: int) -> int:
    weights = {"w": torch.nn.Parameter(torch.arange(3.0))}
    optimizer = torch.optim.AdamW(weights.values())
    signal.signal(number, signal.default_int_handler)
    try:
        checkpoint.save(folder, Progress(step=7), weights, optimizer, {"at": Interruption(number)})
    except KeyboardInterrupt:
        return INTERRUPTED if signal.getsignal(number) is signal.default_int_handler else 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
