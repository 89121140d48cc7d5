"""Where a run stands, on disk: written whole or not at all, read back exactly."""

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
        epoch: The one that is under way, from 0.
        batch: How many batches of it are done.
        step: How many steps the optimiser has taken in all.
        steps: What each step was like: step, epoch, lr, loss and its terms.
        epochs: What the validation was after each epoch, the untrained one first.
        best: The epoch with the best validation; 0 is the untrained encoder.
        best_state: Its weights.
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
    """Replaces the checkpoint in `folder`; until the new one is whole the old one stays.

    Raises:
        TrainingError: It cannot be written, as when the disk is full.
    """
    state = {
        "progress": {name: getattr(progress, name) for name in Progress.__slots__},
        "weights": {name: tensor.detach().cpu() for name, tensor in weights.items()},
        "optimizer": optimizer.state_dict(),
        "told": dict(identity),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_unfinished(folder)
        with _undisturbed(), replacing(folder / NAME) as unfinished, unfinished.open("wb") as file:
            torch.save(state, file)
    except (OSError, RuntimeError) as error:  # torch's writer says it when a disk is full
        raise TrainingError(
            f"the checkpoint {folder / NAME} cannot be written ({error}); make room and run the "
            f"same command again: it goes on from the last one"
        ) from error


def restore(
    folder: Path,
    weights: Mapping[str, torch.nn.Parameter],
    optimizer: torch.optim.Optimizer,
    identity: Mapping[str, Any],
) -> Progress | None:
    """Puts weights and optimiser back; None if there is no checkpoint.

    Random numbers need no keeping: those of a step are a function of the seed and the step.

    Raises:
        TrainingError: The checkpoint is damaged, or of a run with other settings.
    """
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise TrainingError(f"{path} is damaged ({error}); delete it to start again") from error
    before = state["told"]
    differ = sorted(name for name in {*identity, *before} if before.get(name) != identity.get(name))
    if differ:
        raise TrainingError(
            f"{path} is of a run with another {', '.join(differ)}; take the same settings to go "
            f"on with it, another --out, or delete {folder} to start again"
        )
    with torch.no_grad():
        for name, parameter in weights.items():
            parameter.copy_(state["weights"][name])
    optimizer.load_state_dict(state["optimizer"])
    return Progress(**state["progress"])


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Lets Ctrl-C and SIGTERM wait: in torch's writer they may be lost, or abort the process."""
    if threading.current_thread() is not threading.main_thread():  # only there they are raised
        yield
        return
    waiting: list[int] = []
    before = {
        number: signal.signal(number, lambda caught, _: waiting.append(caught))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for caught in waiting:
        signal.raise_signal(caught)
