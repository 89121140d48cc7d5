"""Writes the curves of a run into its folder and, with `--report-to`, to a tracker."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from tubeseek.core.errors import ConfigError, TrainingError, TubeseekError
from tubeseek.core.installation import package_command
from tubeseek.training.run_folder import CURVES

PROJECT = "tubeseek"


class ReportTo(StrEnum):
    """Trackers that accelerate supports."""

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
    """Reports to trackio directly: accelerate's tracker ends a run twice and adds a setting."""

    def __init__(self, run: str, *, resumed: bool) -> None:
        self._run, self._resumed = run, resumed
        self._trackio: Any = import_module("trackio")  # so that mypy does not need it installed

    def start(self) -> None:
        """Do nothing: trackio starts when it gets the configuration."""

    def store_init_configuration(self, values: dict[str, Any]) -> None:
        resume = "allow" if self._resumed else "never"
        self._trackio.init(PROJECT, name=self._run, resume=resume, config=values)

    def log(self, values: dict[str, Any], step: int) -> None:
        self._trackio.log(values, step=step)

    def finish(self) -> None:
        self._trackio.finish()


class Reporter:
    """Reports to a tracker; translates its errors, and keeps its output away from stdout."""

    def __init__(self, report_to: ReportTo, tracker: Tracker) -> None:
        self._report_to, self._tracker = report_to, tracker

    def start(self, config: Mapping[str, Any]) -> None:
        """Start the tracker's run.

        Raises:
            ConfigError: The tracker fails, for example because it is not logged in.
        """
        with self._translated(ConfigError, "start; check its settings, or leave it out"):
            self._tracker.start()
            self._tracker.store_init_configuration(dict(config))

    def log(self, facts: Mapping[str, float], step: int) -> None:
        """Report a step or a validation.

        Raises:
            TrainingError: The tracker fails.
        """
        with self._translated(
            TrainingError, "log a step; without it the run goes on from the last checkpoint"
        ):
            self._tracker.log(dict(facts), step=step)

    def finish(self) -> None:
        """End the tracker's run.

        Raises:
            TrainingError: The tracker fails.
        """
        with self._translated(
            TrainingError, "end its run; the same command without it writes the adapter"
        ):
            self._tracker.finish()

    @contextmanager
    def _translated(self, kind: type[TubeseekError], failure: str) -> Iterator[None]:
        try:
            with redirect_stdout(sys.stderr):
                yield
        except Exception as error:  # three packages, and what each of them is built on
            raise kind(f"--report-to {self._report_to} cannot {failure} ({error})") from error


class Curves:
    """Writes a line of JSON for each step and validation; the file may be read meanwhile."""

    def __init__(self, folder: Path, reporter: Reporter | None) -> None:
        """Start a new file in place of an earlier one.

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
        """Write the rows from before a run was resumed to the file; a tracker has them already."""
        for row in rows:
            self._write(row)

    def log(self, facts: Mapping[str, float], step: int) -> None:
        """Write the figures of a step or a validation."""
        self._write({"step": step, **facts})
        if self._reporter is not None:
            self._reporter.log(facts, step)

    def close(self) -> None:
        """Close the file and end the tracker's run."""
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
    """Start a tracker with the configuration of the run; return None for `ReportTo.NONE`.

    Args:
        report_to: Which tracker.
        run: The name of the run in the tracker.
        folder: Where the tracker writes its files; trackio ignores it.
        config: The configuration of the run.
        step: The last step that the tracker has; 0 for a new run.

    Raises:
        ConfigError: The tracker's package is not installed, or the tracker cannot start.
    """
    if report_to is ReportTo.NONE:
        return None
    from accelerate import tracking  # type: ignore[import-untyped]

    is_installed = {
        ReportTo.WANDB: tracking.is_wandb_available,
        ReportTo.TENSORBOARD: tracking.is_tensorboard_available,
        ReportTo.TRACKIO: tracking.is_trackio_available,
    }[report_to]
    if not is_installed():
        command = package_command(str(report_to))
        raise ConfigError(f"--report-to {report_to} needs its package: {command}")
    match report_to:
        case ReportTo.WANDB:
            tracker = tracking.WandBTracker(PROJECT, name=run, dir=str(folder))
        case ReportTo.TENSORBOARD:  # hides what an interrupted run wrote after its checkpoint
            purge_step = step + 1 if step else None
            tracker = tracking.TensorBoardTracker(run, logging_dir=folder, purge_step=purge_step)
        case ReportTo.TRACKIO:
            tracker = Trackio(run, resumed=step > 0)
    reporter = Reporter(report_to, tracker)
    reporter.start({name: value for name, value in config.items() if value is not None})
    return reporter
