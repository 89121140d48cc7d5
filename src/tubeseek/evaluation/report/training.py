"""The curves that a training run leaves in its adapter's folder."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from tubeseek.core.errors import InputError

TRAINING = "training.json"
STEP_CURVES = ("loss", "alignment", "uniformity", "within_texts", "within_pictures")
VALIDATION = "validation_recall"
# Of stills, and of several clips of a video, a pair is called VIDEO@SECONDS.
_AT_SECONDS = re.compile(r"@[\d.]+(?:e[+-]\d+)?$")


@dataclass(frozen=True, slots=True)
class TrainingCurves:
    """What was noted at some steps of a run.

    Attributes:
        curves: By name, the steps and the values at them.
    """

    curves: dict[str, tuple[list[int], list[float]]]


def read_training(folder: Path) -> TrainingCurves:
    """Reads the `curves` of `training.json`, which `tubeseek train` writes beside an adapter.

    They are {"steps": [{"step", "epoch", "loss", ...}, ...], "epochs": [{"epoch", "recall@10"},
    ...]}; recall on the validation set belongs to the last step of its epoch.

    Raises:
        InputError: The folder holds none, or it is not of this form.
    """
    path = folder / TRAINING if folder.is_dir() else folder
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))["curves"]
        steps = [
            (int(row["step"]), {name: float(row[name]) for name in STEP_CURVES if name in row})
            for row in facts["steps"]
        ]
        curves = {
            name: [(step, row[name]) for step, row in steps if name in row] for name in STEP_CURVES
        }
        ends = [(float(row["epoch"]), int(row["step"])) for row in facts["steps"]]
        curves[VALIDATION] = [
            (max((s for e, s in ends if e <= row["epoch"]), default=0), float(row["recall@10"]))
            for row in facts["epochs"]
        ]
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path} cannot be read as the curves of a training run ({error}); give the folder "
            f"that `tubeseek train` wrote, which holds {TRAINING}"
        ) from error
    return TrainingCurves(
        {
            name: ([step for step, _ in points], [value for _, value in points])
            for name, points in curves.items()
            if points
        }
    )


def read_learned(folder: Path) -> frozenset[str]:
    """The ids of the videos that a run learned from, or chose its best epoch by.

    What it is asked about these says how well it remembers, not how well it finds.

    Raises:
        InputError: The folder holds no `training.json`, or it is not of this form.
    """
    path = folder / TRAINING if folder.is_dir() else folder
    try:
        ids = json.loads(path.read_text(encoding="utf-8"))["ids"]
        learned = {str(one) for part in ("train", "validation") for one in ids[part]}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InputError(
            f"{path} does not say what the run learned from ({error}); give the folder that "
            f"`tubeseek train` wrote, which holds {TRAINING}"
        ) from error
    return frozenset(learned | {_AT_SECONDS.sub("", one) for one in learned})
