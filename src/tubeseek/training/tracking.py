"""Where the curves of a run go: always into its folder, and to a tracker if one is asked for."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from tubeseek.core.errors import ConfigError, TrainingError, TubeseekError
from tubeseek.training.run_folder import CURVES

PROJECT = "tubeseek"


class ReportTo(StrEnum):
    """Trackers that accelerate speaks to."""

    NONE = "none"
    WANDB = "wandb"
    TENSORBOARD = "tensorboard"
    TRACKIO = "trackio"


class Tracker(Protocol):
    """What accelerate's trackers have in common."""

    def start(self) -> None: ...
    def store_init_configuration(self, values: dict[str, Any]) -> None: ...
    def log(self, values: dict[str, Any], step: int) -> None: ...
    def finish(self) -> None: ...


class Trackio:
    """trackio by itself: accelerate's tracker has it ended twice, and told a setting too many."""

    def __init__(self, run: str, *, resumed: bool) -> None:
        self._run, self._resumed = run, resumed
        self._trackio: Any = import_module("trackio")  # types are checked where it is not installed

    def start(self) -> None:
        """It begins with its configuration."""

    def store_init_configuration(self, values: dict[str, Any]) -> None:
        resume = "allow" if self._resumed else "never"
        self._trackio.init(PROJECT, name=self._run, resume=resume, config=values)

    def log(self, values: dict[str, Any], step: int) -> None:
        self._trackio.log(values, step=step)

    def finish(self) -> None:
        self._trackio.finish()


class Reporter:
    """A tracker whose errors are ours, and which writes nothing between results on stdout."""

    def __init__(self, report_to: ReportTo, tracker: Tracker) -> None:
        self._report_to, self._tracker = report_to, tracker

    def start(self, config: Mapping[str, Any]) -> None:
        """Begins the tracker's run.

        Raises:
            ConfigError: It cannot, as where it is not logged in.
        """
        with self._as_ours(ConfigError, "begin; see to its own settings, or leave it out"):
            self._tracker.start()
            self._tracker.store_init_configuration(dict(config))

    def log(self, facts: Mapping[str, float], step: int) -> None:
        """Tells of a step or a validation.

        Raises:
            TrainingError: It cannot.
        """
        with self._as_ours(
            TrainingError, "be told of a step; without it the run goes on from the last checkpoint"
        ):
            self._tracker.log(dict(facts), step=step)

    def finish(self) -> None:
        """Ends the tracker's run.

        Raises:
            TrainingError: It cannot.
        """
        with self._as_ours(
            TrainingError, "be ended; the same command without it writes the adapter"
        ):
            self._tracker.finish()

    @contextmanager
    def _as_ours(self, kind: type[TubeseekError], failed: str) -> Iterator[None]:
        try:
            with redirect_stdout(sys.stderr):
                yield
        except Exception as error:  # three packages, and what each of them is built on
            raise kind(f"--report-to {self._report_to} cannot {failed} ({error})") from error


class Curves:
    """One line of JSON for each step and each validation, in a file that may be read meanwhile."""

    def __init__(self, folder: Path, reporter: Reporter | None) -> None:
        """Starts the file anew.

        Raises:
            TrainingError: It cannot be written.
        """
        self._reporter = reporter
        path = folder / CURVES
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8", buffering=1)  # whole lines
        except OSError as error:
            raise TrainingError(
                f"{path} cannot be written ({error.strerror}); choose another --out"
            ) from error

    def rewrite(self, rows: Iterable[Mapping[str, float]]) -> None:
        """Write the rows from before a run was resumed; trackers have them already."""
        for row in rows:
            self._write(row)

    def log(self, facts: Mapping[str, float], step: int) -> None:
        """Tells of a step or a validation."""
        self._write({"step": step, **facts})
        if self._reporter is not None:
            self._reporter.log(facts, step)

    def close(self) -> None:
        """Ends the file and the tracker's run."""
        self._file.close()
        if self._reporter is not None:
            self._reporter.finish()

    def _write(self, row: Mapping[str, float]) -> None:
        try:
            self._file.write(json.dumps(row) + "\n")
        except OSError as error:
            raise TrainingError(
                f"{self._file.name} cannot be written ({error.strerror}); make room and run the "
                f"same command again: it goes on from the last checkpoint"
            ) from error


def open_reporter(
    report_to: ReportTo, run: str, folder: Path, config: Mapping[str, Any], *, step: int
) -> Reporter | None:
    """The tracker asked for, told of the configuration; None for none.

    Args:
        report_to: Which.
        run: How it calls this run.
        folder: For what it keeps here. trackio keeps everything where its dashboard looks for it.
        config: Of the run.
        step: The last one that it was told of; 0 for a run that begins.

    Raises:
        ConfigError: Its package is not installed, or it cannot begin.
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
    match report_to:
        case ReportTo.WANDB:
            tracker = tracking.WandBTracker(PROJECT, name=run, dir=str(folder))
        case ReportTo.TENSORBOARD:  # of steps that are told of again it shows the last
            again = step + 1 if step else None
            tracker = tracking.TensorBoardTracker(run, logging_dir=folder, purge_step=again)
        case ReportTo.TRACKIO:
            tracker = Trackio(run, resumed=step > 0)
    reporter = Reporter(report_to, tracker)
    reporter.start({name: value for name, value in config.items() if value is not None})
    return reporter
