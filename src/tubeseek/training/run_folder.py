"""The training runs of a library, read from the files that `tubeseek.training` writes.

LIBRARY/adapters/NAME/training.json       what a finished run says of itself
LIBRARY/adapters/NAME/run/run.json        the same from its start on, as far as it is known
LIBRARY/adapters/NAME/run/run.lock        held while it runs
LIBRARY/adapters/NAME/run/curves.jsonl    its curves, line by line
LIBRARY/adapters/NAME/report/report.html  of `tubeseek eval --report`
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from tubeseek.core.errors import QueryError
from tubeseek.core.schemas import Measure, RunCurve, RunDetail, RunFacts, RunState, SetScores

ADAPTERS = "adapters"  # in a library: the runs that were given no folder of their own
FACTS = "training.json"
WORK = "run"  # folder in a run's: what is needed only until it is done, and what tells how it went
STANDING = "run.json"
LOCK = "run.lock"
CURVES = "curves.jsonl"
REPORT = "report/report.html"

FIGURES = {  # curves by how `curves.jsonl` calls them
    "loss": "loss",
    "alignment": "alignment",
    "uniformity": "uniformity",
    "within_texts": "within_texts",
    "within_pictures": "within_pictures",
    "validation_recall@10": "validation_recall",
}
MOST_POINTS = 500  # of a curve
GLANCE_SECONDS = 0.5  # others who look at the lock hold it for less
MALFORMED = (OSError, ValueError, LookupError, TypeError, AttributeError)

Row = Mapping[str, Any]


class Runs:
    """The runs below one folder. It only reads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> tuple[RunFacts, ...]:
        """Every run in short, the latest first."""
        found = [_in_short(folder) for folder in self._folders()]
        return tuple(sorted(found, key=_age, reverse=True))

    def one(self, name: str) -> RunDetail:
        """One run in full.

        Raises:
            QueryError: There is none by that name.
        """
        folder = self._of(name)
        try:
            told = _read(folder)
            curves = curves_of(_rows(folder, told))
            return RunDetail(
                **_facts(folder, told),
                step=max((curve.steps[-1] for curve in curves), default=0),
                steps=told.get("steps"),
                best_epoch=told.get("best_epoch"),
                curves=curves,
                warnings=tuple(told.get("warnings", ())),
                settings=told["config"],
                split={name: n for name, n in told["split"].items() if name != "seed"},
            )
        except MALFORMED:
            return RunDetail(name=folder.name, state=RunState.UNREADABLE)

    def report(self, name: str) -> Path | None:
        """The page that tells how well it searches; None where nobody has made one.

        Raises:
            QueryError: There is no run by that name.
        """
        return _report(self._of(name))

    def _of(self, name: str) -> Path:
        """Found among those there are: no name leads to another folder."""
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


def curves_of(rows: Sequence[Row]) -> tuple[RunCurve, ...]:
    """The figures of `FIGURES` along the steps, thinned to at most `MOST_POINTS`.

    >>> curves_of([{"step": 0, "validation_recall@10": 0.5}, {"step": 1, "loss": 2.0}])
    ... # doctest: +NORMALIZE_WHITESPACE
    (RunCurve(name='loss', steps=(1,), values=(2.0,)),
     RunCurve(name='validation_recall', steps=(0,), values=(0.5,)))
    """
    curves = []
    for key, name in FIGURES.items():
        noted = [(int(row["step"]), float(row[key])) for row in rows if key in row]
        points = [(step, value) for step, value in noted if isfinite(value)]
        size = -(-len(points) // MOST_POINTS) or 1
        bins = [points[at : at + size] for at in range(0, len(points), size)]
        if bins:
            steps = tuple(some[-1][0] for some in bins)
            values = tuple(sum(value for _, value in some) / len(some) for some in bins)
            curves.append(RunCurve(name=name, steps=steps, values=values))
    return tuple(curves)


def rows_of_card(curves: Mapping[str, Sequence[Row]]) -> list[Row]:
    """What `training.json` says of steps and epochs, as lines of `curves.jsonl`."""
    steps = list(curves["steps"])
    rows = []
    for epoch in curves["epochs"]:
        done = [row["step"] for row in steps if row["epoch"] <= epoch["epoch"]]
        rows.append({"step": max(done, default=0), "validation_recall@10": epoch["recall@10"]})
    return steps + rows


def _in_short(folder: Path) -> RunFacts:
    try:
        return RunFacts(**_facts(folder, _read(folder)))
    except MALFORMED:
        return RunFacts(name=folder.name, state=RunState.UNREADABLE)


def _read(folder: Path) -> dict[str, Any]:
    """What the run says of itself; what it said at its end counts more."""
    told: dict[str, Any] = {}
    for path in (folder / WORK / STANDING, folder / FACTS):
        if path.is_file():
            told |= json.loads(path.read_text("utf-8"))
    return told


def _facts(folder: Path, told: Row) -> dict[str, Any]:
    """The arguments of `RunFacts`."""
    started = told.get("started")
    data = told["data"]
    return {
        "name": folder.name,
        "state": _state(folder, told),
        "started": datetime.fromisoformat(started) if started else None,
        "encoder": told["base_model"],
        "method": told["method"]["method"],
        "data": data["name"],
        "digest": data["digest"],
        "pairs": data["pairs"],
        "seed": told["split"]["seed"],
        "measured": tuple(_measured(name, both) for name, both in told["metrics"].items()),
        "has_report": _report(folder) is not None,
    }


def _state(folder: Path, told: Row) -> RunState:
    if told.get("finished", True):  # of a run whose working files were removed, the card is left
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


def _measured(name: str, both: Row) -> SetScores:
    before, after, gain = both["before"], both.get("after"), both.get("gain")
    return SetScores(
        name=name,
        pictures=before["pictures"],
        texts=before["texts"],
        before=_measure(before),
        after=_measure(after) if after else None,
        gain=Measure(**{name: gain[name] for name in ("value", "low", "high")}) if gain else None,
        p_value=gain["p_value"] if gain else None,
    )


def _measure(told: Row) -> Measure:
    low, high = told.get("recall@10_interval") or (None, None)
    return Measure(value=told["recall@10"], low=low, high=high)


def _rows(folder: Path, told: Row) -> list[Row]:
    """The lines of the curves; of a run that is over and tidied up those of its card."""
    path = folder / WORK / CURVES
    if "curves" in told and (told.get("finished", True) or not path.is_file()):
        return rows_of_card(told["curves"])
    if not path.is_file():
        return []
    whole, _, _ = path.read_text("utf-8").rpartition("\n")  # the last line may be half written
    return [json.loads(line) for line in whole.splitlines()]


def _report(folder: Path) -> Path | None:
    """Inside the run's own folder, wherever a link may lead."""
    path = (folder / REPORT).resolve()
    return path if path.is_file() and path.is_relative_to(folder.resolve()) else None


def _age(run: RunFacts) -> tuple[bool, float, str]:
    """For sorting: those whose start is not known count as the oldest."""
    return run.started is not None, run.started.timestamp() if run.started else 0.0, run.name
