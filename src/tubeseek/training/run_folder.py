"""Reads the training runs of a library from the files that `tubeseek.training` writes.

LIBRARY/adapters/NAME/training.json       the record of a finished run
LIBRARY/adapters/NAME/run/run.json        the record of an unfinished run, as far as it is known
LIBRARY/adapters/NAME/run/run.lock        locked while the run is under way
LIBRARY/adapters/NAME/run/curves.jsonl    its curves, line by line
LIBRARY/adapters/NAME/report/report.html  written by `tubeseek eval --report`
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from tubeseek.core.errors import InputError, QueryError
from tubeseek.core.schemas import Measure, RunCurve, RunDetail, RunFacts, RunState, SetScores
from tubeseek.core.schemas.run_record import (
    Row,
    RunRecord,
    ScoresRecord,
    SetRecord,
    curve_points,
    read_run_record,
)

ADAPTERS = "adapters"  # in a library: the runs without --out
FACTS = "training.json"
WORK = "run"  # in the folder of a run: what is needed only until it is done, and its curves
STANDING = "run.json"
LOCK = "run.lock"
CURVES = "curves.jsonl"
REPORT = "report/report.html"

MOST_POINTS = 500  # in a curve
GLANCE_SECONDS = 0.5  # longer than another reader keeps the lock
NEEDED = ("base_model", "method", "config", "data", "split", "metrics")  # fields of a record
# What a damaged record or curve raises; pydantic's ValidationError is a ValueError.
DAMAGED = (InputError, OSError, ValueError, LookupError, TypeError, AttributeError)


class Runs:
    """Reads the runs in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> tuple[RunFacts, ...]:
        """Return the main facts of every run, the latest first."""
        runs = [_in_short(folder) for folder in self._folders()]
        return tuple(sorted(runs, key=_age, reverse=True))

    def run(self, name: str) -> RunDetail:
        """Return everything about one run.

        Raises:
            QueryError: There is no run by that name.
        """
        folder = self._of(name)
        try:
            record = _read(folder)
            curves = thinned_curves(_rows(folder, record))
            return RunDetail(
                **_facts(folder, record),
                step=max((curve.steps[-1] for curve in curves), default=0),
                steps=record.steps,
                best_epoch=record.best_epoch,
                curves=curves,
                warnings=record.warnings,
                settings=record.config,
                split=record.split.model_dump(include={"train", "validation", "test"}),
            )
        except DAMAGED:
            return RunDetail(name=folder.name, state=RunState.UNREADABLE)

    def report(self, name: str) -> Path | None:
        """Return the page of `tubeseek eval --report`; None if it was not written.

        Raises:
            QueryError: There is no run by that name.
        """
        return _report(self._of(name))

    def _of(self, name: str) -> Path:
        """Return the folder of a run; looked up in a list, so that no name leads elsewhere."""
        for folder in self._folders():
            if folder.name == name:
                return folder
        raise QueryError(f"no training run {name!r} in this library; `tubeseek train` starts one")

    def _folders(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return [
            folder
            for folder in self._folder.iterdir()
            if (folder / FACTS).is_file() or (folder / WORK / STANDING).is_file()
        ]


def thinned_curves(rows: Iterable[Row]) -> tuple[RunCurve, ...]:
    """Return the curves along the steps, each thinned to at most `MOST_POINTS`.

    >>> thinned_curves([{"step": 0, "validation_recall@10": 0.5}, {"step": 1, "loss": 2.0}])
    ... # doctest: +NORMALIZE_WHITESPACE
    (RunCurve(name='loss', steps=(1,), values=(2.0,)),
     RunCurve(name='validation_recall', steps=(0,), values=(0.5,)))
    """
    curves = []
    for name, points in curve_points(rows).items():
        size = -(-len(points) // MOST_POINTS)
        bins = [points[at : at + size] for at in range(0, len(points), size)]
        steps = tuple(near[-1][0] for near in bins)
        values = tuple(sum(value for _, value in near) / len(near) for near in bins)
        curves.append(RunCurve(name=name, steps=steps, values=values))
    return tuple(curves)


def _in_short(folder: Path) -> RunFacts:
    try:
        return RunFacts(**_facts(folder, _read(folder)))
    except DAMAGED:
        return RunFacts(name=folder.name, state=RunState.UNREADABLE)


def _read(folder: Path) -> RunRecord:
    """Return the record of a run; the one of the finished run counts if there are both."""
    record = RunRecord()
    for path in (folder / WORK / STANDING, folder / FACTS):
        if path.is_file():
            record = record.updated(read_run_record(path))
    record.require(*NEEDED)
    return record


def _facts(folder: Path, record: RunRecord) -> dict[str, Any]:
    """Return the arguments of `RunFacts`."""
    return {
        "name": folder.name,
        "state": _state(folder, record),
        "started": record.started,
        "encoder": record.base_model,
        "method": record.method_name,
        "data": record.data.name,
        "digest": record.data.digest,
        "pairs": record.data.pairs,
        "seed": record.split.seed,
        "measured": tuple(_scores(name, scores) for name, scores in record.metrics.items()),
        "has_report": _report(folder) is not None,
    }


def _state(folder: Path, record: RunRecord) -> RunState:
    if record.finished:
        return RunState.FINISHED
    path = folder / WORK / LOCK
    if not path.is_file():
        return RunState.STOPPED
    lock = FileLock(path)
    try:
        lock.acquire(timeout=GLANCE_SECONDS, poll_interval=0.01)
    except Timeout:
        return RunState.RUNNING
    lock.release()
    return RunState.STOPPED


def _scores(name: str, scores: SetRecord) -> SetScores:
    gain = scores.gain
    return SetScores(
        name=name,
        pictures=scores.before.pictures,
        texts=scores.before.texts,
        before=_measure(scores.before),
        after=_measure(scores.after) if scores.after else None,
        gain=Measure(value=gain.value, low=gain.low, high=gain.high) if gain else None,
        p_value=gain.p_value if gain else None,
    )


def _measure(scores: ScoresRecord) -> Measure:
    low, high = scores.interval or (None, None)
    return Measure(value=scores.recall_at_10, low=low, high=high)


def _rows(folder: Path, record: RunRecord) -> list[Row]:
    """Return the lines of `curves.jsonl`, or the same from the record of a finished run."""
    path = folder / WORK / CURVES
    if "curves" in record.model_fields_set and (record.finished or not path.is_file()):
        return record.curves.rows()
    if not path.is_file():
        return []
    whole, _, _ = path.read_text("utf-8").rpartition("\n")  # the last line may be half written
    return [json.loads(line) for line in whole.splitlines()]


def _report(folder: Path) -> Path | None:
    """Return the report of a run, unless a link leads out of its folder."""
    path = (folder / REPORT).resolve()
    return path if path.is_file() and path.is_relative_to(folder.resolve()) else None


def _age(run: RunFacts) -> tuple[bool, float, str]:
    """Return a key to sort runs by; those whose start is not known count as the oldest."""
    return run.started is not None, run.started.timestamp() if run.started else 0.0, run.name
