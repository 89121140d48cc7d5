"""Where the curves of a run go: always into its folder, and to a tracker if one is asked for."""

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from tubeseek.errors import ConfigError, TrainingError
from tubeseek.runs import CURVES

PROJECT = "tubeseek"


class ReportTo(StrEnum):
    """Trackers that accelerate speaks to."""

    NONE = "none"
    WANDB = "wandb"
    TENSORBOARD = "tensorboard"
    TRACKIO = "trackio"


class Tracker(Protocol):
    """What accelerate's trackers have in common."""

    def log(self, values: dict[str, Any], step: int) -> None: ...
    def finish(self) -> None: ...


class Curves:
    """One line of JSON for each step and each validation, in a file that may be read meanwhile."""

    def __init__(self, folder: Path, tracker: Tracker | None) -> None:
        """Starts the file anew.

        Raises:
            TrainingError: It cannot be written.
        """
        self._tracker = tracker
        path = folder / CURVES
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8", buffering=1)  # whole lines
        except OSError as error:
            raise TrainingError(
                f"{path} cannot be written ({error.strerror}); choose another --out"
            ) from error

    def again(self, rows: Iterable[Mapping[str, float]]) -> None:
        """Writes what a resumed run had told before; trackers were told already."""
        for row in rows:
            self._write(row)

    def log(self, facts: Mapping[str, float], step: int) -> None:
        """Tells of a step or a validation."""
        self._write({"step": step, **facts})
        if self._tracker is not None:
            self._tracker.log(dict(facts), step=step)

    def close(self) -> None:
        """Ends the file and the tracker's run."""
        self._file.close()
        if self._tracker is not None:
            self._tracker.finish()

    def _write(self, row: Mapping[str, float]) -> None:
        try:
            self._file.write(json.dumps(row) + "\n")
        except OSError as error:
            raise TrainingError(
                f"{self._file.name} cannot be written ({error.strerror}); make room and run the "
                f"same command again: it goes on from the last checkpoint"
            ) from error


def open_tracker(
    report_to: ReportTo, run: str, folder: Path, config: Mapping[str, Any]
) -> Tracker | None:
    """The tracker asked for, told of the configuration; None for none.

    Args:
        report_to: Which.
        run: How it calls this run.
        folder: For what it keeps here.
        config: Of the run.

    Raises:
        ConfigError: Its package is not installed.
    """
    if report_to is ReportTo.NONE:
        return None
    from accelerate import tracking  # type: ignore[import-untyped]

    there = {
        ReportTo.WANDB: tracking.is_wandb_available,
        ReportTo.TENSORBOARD: tracking.is_tensorboard_available,
        ReportTo.TRACKIO: tracking.is_trackio_available,
    }[report_to]
    if not there():
        raise ConfigError(f"--report-to {report_to} needs its package: pip install {report_to}")
    flat = {name: value for name, value in config.items() if value is not None}
    match report_to:
        case ReportTo.WANDB:
            tracker = tracking.WandBTracker(PROJECT, name=run, dir=str(folder))
        case ReportTo.TENSORBOARD:
            tracker = tracking.TensorBoardTracker(run, logging_dir=folder)
        case ReportTo.TRACKIO:
            tracker = tracking.TrackioTracker(PROJECT, name=run)
    tracker.start()
    tracker.store_init_configuration(flat)
    opened: Tracker = tracker
    return opened
