"""Reads what a report says of the training run that made an adapter."""

import re
from dataclasses import dataclass
from pathlib import Path

from tubeseek.core.errors import InputError
from tubeseek.core.schemas.run_record import RunRecord, curve_points, read_run_record

TRAINING = "training.json"
# A pair made of a still, or of one of several clips of a video, has the id VIDEO@SECONDS.
_AT_SECONDS = re.compile(r"@[\d.]+(?:e[+-]\d+)?$")


@dataclass(frozen=True, slots=True)
class TrainingCurves:
    """The curves of a training run.

    Attributes:
        curves: By name, the steps and the values at them.
    """

    curves: dict[str, tuple[list[int], list[float]]]


def read_training(folder: Path) -> TrainingCurves:
    """Return the curves in the `training.json` that `tubeseek train` wrote beside an adapter.

    Raises:
        InputError: The folder holds no such file, or it is damaged or holds no curves.
    """
    points = curve_points(_record(folder, "curves").curves.rows())
    return TrainingCurves(
        {
            name: ([step for step, _ in pairs], [value for _, value in pairs])
            for name, pairs in points.items()
        }
    )


def read_learned(folder: Path) -> frozenset[str]:
    """Return the ids of the videos that a run learned from, or chose its best epoch by.

    Queries about these measure how well the encoder remembers, not how well it finds.

    Raises:
        InputError: The folder holds no `training.json`, or it is damaged or names no ids.
    """
    ids = _record(folder, "ids").ids
    learned = {pair_id for part in ("train", "validation") for pair_id in ids.get(part, ())}
    return frozenset(learned | {_AT_SECONDS.sub("", pair_id) for pair_id in learned})


def _record(folder: Path, field: str) -> RunRecord:
    path = folder / TRAINING if folder.is_dir() else folder
    try:
        record = read_run_record(path)
        record.require(field)
    except InputError as error:
        raise InputError(
            f"{path} is not the record of a training run ({error}); give the folder that "
            f"`tubeseek train` wrote, which holds {TRAINING}"
        ) from error
    return record
