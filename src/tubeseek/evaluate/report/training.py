"""The curves that a training run leaves in its adapter's folder."""

import json
from dataclasses import dataclass
from pathlib import Path

from tubeseek.errors import InputError

TRAINING = "training.json"
CURVES = ("loss", "alignment", "uniformity", "validation_recall")


@dataclass(frozen=True, slots=True)
class TrainingCurves:
    """What was noted at some steps of a run.

    Attributes:
        curves: By name, the steps and the values at them.
    """

    curves: dict[str, tuple[list[int], list[float]]]


def read_training(folder: Path) -> TrainingCurves:
    """Reads `training.json`: {"steps": [...], "loss": [...], ...}; null where nothing was noted.

    Raises:
        InputError: The folder holds none, or it is not of this form.
    """
    path = folder / TRAINING if folder.is_dir() else folder
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        steps = [int(step) for step in facts["steps"]]
        curves = {}
        for name in CURVES:
            points = zip(steps, facts.get(name) or [None] * len(steps), strict=True)
            noted = [(step, float(value)) for step, value in points if value is not None]
            if noted:
                curves[name] = ([step for step, _ in noted], [value for _, value in noted])
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path} cannot be read as the curves of a training run ({error}); give the folder "
            f"that `tubeseek train` wrote, which holds {TRAINING}"
        ) from error
    return TrainingCurves(curves)
