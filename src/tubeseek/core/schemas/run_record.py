"""Defines the schema of `training.json` and `run.json`, the records of training runs.

Training writes the record; the list of runs, reports and exports read it. Keys that this version
does not know are kept, so files of other versions survive being read and written.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_serializer

from tubeseek.core.errors import InputError

Setting: TypeAlias = str | int | float | bool | None
Number: TypeAlias = int | float  # an int stays an int when it is written again
Row: TypeAlias = Mapping[str, Number]  # a line of `curves.jsonl`

VALIDATION_RECALL = "validation_recall@10"  # in `curves.jsonl`
CURVE_NAMES = {  # by the key in `curves.jsonl`
    "loss": "loss",
    "alignment": "alignment",
    "uniformity": "uniformity",
    "within_texts": "within_texts",
    "within_pictures": "within_pictures",
    VALIDATION_RECALL: "validation_recall",
}


class Record(BaseModel):
    """Base of all parts of a record: immutable, and keeps keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)


class DataRecord(Record):
    """The pairs that were trained and measured on."""

    name: str
    digest: str  # sha256
    pairs: int
    left_out: int = 0  # rows


class SplitRecord(Record):
    """How many pairs each part of the split has."""

    seed: int | None
    train: int
    validation: int
    test: int


class ScoresRecord(Record):
    """Text-to-picture retrieval on one set of pairs."""

    recall_at_1: float | None = Field(None, alias="recall@1")
    recall_at_5: float | None = Field(None, alias="recall@5")
    recall_at_10: float = Field(alias="recall@10")
    interval: tuple[float, float] | None = Field(None, alias="recall@10_interval")  # 95 %
    mrr: float | None = None
    texts: int
    pictures: int

    def figures(self) -> dict[str, float]:
        """Return the measures that are known, by their names in the file."""
        measures = {
            "recall@1": self.recall_at_1,
            "recall@5": self.recall_at_5,
            "recall@10": self.recall_at_10,
            "mrr": self.mrr,
        }
        return {name: value for name, value in measures.items() if value is not None}


class GainRecord(Record):
    """The gain of recall@10 with its 95 % interval, and the p of a paired test."""

    value: float
    low: float
    high: float
    p_value: float


class SetRecord(Record):
    """Scores on one set of pairs; `after` and `gain` are missing until the run is over."""

    before: ScoresRecord
    after: ScoresRecord | None = None
    gain: GainRecord | None = None


class StepRecord(Record):
    """One step of the optimizer."""

    step: int
    epoch: Number
    loss: float | None = None
    alignment: float | None = None
    uniformity: float | None = None
    within_texts: float | None = None
    within_pictures: float | None = None
    lr: float | None = None
    gradient: float | None = None  # norm before clipping
    temperature: float | None = None


class EpochRecord(Record):
    """Validation after one epoch; epoch 0 is the untrained encoder."""

    epoch: Number
    recall_at_10: float = Field(alias="recall@10")
    mrr: float | None = None


class CurvesRecord(Record):
    """All steps and all validations of a run."""

    steps: tuple[StepRecord, ...] = ()
    epochs: tuple[EpochRecord, ...] = ()

    def rows(self) -> list[Row]:
        """Return the lines of `curves.jsonl`: the steps, then the recall after each epoch.

        The recall of an epoch belongs to the last step of that epoch.
        """
        rows: list[Row] = [step.model_dump(exclude_unset=True) for step in self.steps]
        for epoch in self.epochs:
            done = (step.step for step in self.steps if step.epoch <= epoch.epoch)
            rows.append({"step": max(done, default=0), VALIDATION_RECALL: epoch.recall_at_10})
        return rows


class RunRecord(Record):
    """A training run. A run that is under way, or an older file, lacks some of the fields."""

    started: datetime | None = None
    finished: bool = True  # only `run.json` says otherwise
    name: str = ""
    base_model: str = ""
    base_fingerprint: str = ""
    method: dict[str, Setting] = {}
    config: dict[str, Setting] = {}
    code: dict[str, str] = {}
    data: DataRecord = DataRecord(name="", digest="", pairs=0)
    split: SplitRecord = SplitRecord(seed=None, train=0, validation=0, test=0)
    steps: int | None = None  # at most
    best_epoch: int | None = None
    epochs_run: int | None = None
    metrics: dict[str, SetRecord] = {}
    warnings: tuple[str, ...] = ()
    curves: CurvesRecord = CurvesRecord()
    ids: dict[str, tuple[str, ...]] = {}  # of the pairs in each part of the split

    @field_serializer("started")
    def _iso(self, started: datetime | None) -> str | None:
        return started.isoformat(timespec="seconds") if started else None

    @property
    def method_name(self) -> str:
        """Either "heads" or "lora"; empty where the file does not say."""
        return str(self.method.get("method", ""))

    def require(self, *fields: str) -> None:
        """Check that the file names these fields.

        Raises:
            InputError: It lacks some; the message names them.
        """
        missing = [field for field in fields if field not in self.model_fields_set]
        if missing:
            raise InputError(f"missing: {', '.join(missing)}")

    def updated(self, newer: "RunRecord") -> "RunRecord":
        """Return this record with the fields that are set in a newer one."""
        changes = {name: getattr(newer, name) for name in newer.model_fields_set}
        return self.model_copy(update=changes)

    def to_dict(self, *, without: Iterable[str] = ()) -> dict[str, Any]:
        """Return the record with the keys of the file; fields that were not set are left out."""
        return self.model_dump(by_alias=True, exclude_unset=True, exclude=set(without))

    def to_json(self) -> str:
        """Return the content of the file."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False) + "\n"


def read_run_record(path: Path) -> RunRecord:
    """Read `training.json` or `run.json`.

    Raises:
        InputError: The file cannot be read, or is damaged; the message says where.
    """
    try:
        return RunRecord.model_validate(json.loads(path.read_text("utf-8")))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"{place}: {first['msg']}" if place else first["msg"]) from error
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(str(error)) from error


def curve_points(rows: Iterable[Row]) -> dict[str, list[tuple[int, float]]]:
    """Return the finite points (step, value) of each curve in `CURVE_NAMES` that has some.

    >>> curve_points([{"step": 0, "validation_recall@10": 0.5}, {"step": 1, "loss": 2.0}])
    {'loss': [(1, 2.0)], 'validation_recall': [(0, 0.5)]}
    """
    points: dict[str, list[tuple[int, float]]] = {name: [] for name in CURVE_NAMES.values()}
    for row in rows:
        for key, name in CURVE_NAMES.items():
            if key in row and isfinite(row[key]):
                points[name].append((int(row["step"]), float(row[key])))
    return {name: pairs for name, pairs in points.items() if pairs}


def listed(settings: Mapping[str, object]) -> str:
    """Return settings as model cards list them.

    >>> listed({"method": "lora", "rank": 8})
    'method lora, rank 8'
    """
    return ", ".join(f"{name} {value}" for name, value in settings.items())
