"""Saves the state of a run as a whole, and restores it exactly."""

import pickle
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tubeseek.core.errors import TrainingError
from tubeseek.core.files import remove_unfinished, replacing

NAME = "checkpoint.pt"

State = dict[str, Tensor]


@dataclass(slots=True)
class Progress:
    """How far a run has come, without its weights and its optimiser.

    Attributes:
        epoch: The epoch that is under way, from 0.
        batch: How many of its batches are done.
        step: How many steps the optimiser has taken in all.
        steps: A row for each step: step, epoch, lr, loss and its terms.
        epochs: A row for each validation; the first is that of the untrained encoder.
        best: The epoch with the best validation; 0 is the untrained encoder.
        best_state: The weights after the best epoch.
    """

    epoch: int = 0
    batch: int = 0
    step: int = 0
    steps: list[dict[str, float]] = field(default_factory=list)
    epochs: list[dict[str, float]] = field(default_factory=list)
    best: int = 0
    best_state: State = field(default_factory=dict)


def save(
    folder: Path,
    progress: Progress,
    weights: Mapping[str, Tensor],
    optimizer: torch.optim.Optimizer,
    identity: Mapping[str, Any],
) -> None:
    """Replace the checkpoint in `folder`; the old one stays until the new one is complete.

    Raises:
        TrainingError: It cannot be written, for example because the disk is full.
    """
    state = {
        "progress": {name: getattr(progress, name) for name in Progress.__slots__},
        "weights": {name: tensor.detach().cpu() for name, tensor in weights.items()},
        "optimizer": optimizer.state_dict(),
        "told": dict(identity),  # the name that older checkpoints have
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_unfinished(folder)
        with (
            _defer_signals(),
            replacing(folder / NAME) as unfinished,
            unfinished.open("wb") as file,
        ):
            torch.save(state, file)
    except (OSError, RuntimeError) as error:  # torch raises RuntimeError if the disk is full
        raise TrainingError(
            f"the checkpoint {folder / NAME} cannot be written ({error}); make room, then run the "
            f"same command again to go on from the last one"
        ) from error


def restore(
    folder: Path,
    weights: Mapping[str, torch.nn.Parameter],
    optimizer: torch.optim.Optimizer,
    identity: Mapping[str, Any],
) -> Progress | None:
    """Restore weights and optimiser, and return the progress; None if there is no checkpoint.

    Random numbers need no state: those of a step are a function of the seed and the step.

    Raises:
        TrainingError: The checkpoint is damaged, or belongs to a run with other settings.
    """
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise TrainingError(f"{path} is damaged ({error}); delete it to start again") from error
    saved = state["told"]
    differing = sorted(
        name for name in {*identity, *saved} if saved.get(name) != identity.get(name)
    )
    if differing:
        raise TrainingError(
            f"{path} belongs to a run with another {', '.join(differing)}; use the same settings "
            f"to go on with it, choose another --out, or delete {folder} to start again"
        )
    with torch.no_grad():
        for name, parameter in weights.items():
            parameter.copy_(state["weights"][name])
    optimizer.load_state_dict(state["optimizer"])
    return Progress(**state["progress"])


@contextmanager
def _defer_signals() -> Iterator[None]:
    """Defer Ctrl-C and SIGTERM: in torch's writer they may be lost, or abort the process."""
    if threading.current_thread() is not threading.main_thread():  # others receive no signals
        yield
        return
    received: list[int] = []
    handlers = {
        number: signal.signal(number, lambda caught, _: received.append(caught))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    for received_number in received:
        signal.raise_signal(received_number)
