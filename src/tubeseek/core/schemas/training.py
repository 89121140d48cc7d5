"""Describes the training runs of a library."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from tubeseek.core.schemas.base import Message


class RunState(StrEnum):
    """The state of a training run."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"  # the same command continues it
    UNREADABLE = "unreadable"  # its files are damaged or of another version


class Measure(Message):
    """A figure over queries with its 95 % bootstrap interval, if that was stored."""

    value: float
    low: float | None = None
    high: float | None = None


class SetScores(Message):
    """Recall@10 from text to picture on one set of pairs; `after` and `gain` once it has ended."""

    name: str = Field(description="test, validation, or the data set that must not be forgotten.")
    pictures: int
    texts: int
    before: Measure
    after: Measure | None = None
    gain: Measure | None = None
    p_value: float | None = Field(
        default=None, description="The p-value of a paired test of the gain."
    )


class RunFacts(Message):
    """A training run in short; an unreadable one has only name and state."""

    name: str
    state: RunState
    started: datetime | None = None
    encoder: str = Field(default="", description="The encoder that is adapted.")
    method: str = Field(default="", description="heads or lora.")
    data: str = Field(default="", description="The training data.")
    digest: str = Field(default="", description="The digest of the training data.")
    pairs: int = 0
    seed: int | None = None
    measured: tuple[SetScores, ...] = ()
    has_report: bool = Field(default=False, description="Whether /report has a page about it.")


class RunCurve(Message):
    """One figure along the steps of a run; neighbouring steps are averaged if there are many."""

    name: str = Field(
        description="loss, one of its terms (alignment, uniformity, within_texts, "
        "within_pictures) or validation_recall."
    )
    steps: tuple[int, ...]
    values: tuple[float, ...]


class RunDetail(RunFacts):
    """A training run in full."""

    step: int = Field(default=0, description="Steps that are done.")
    steps: int | None = Field(default=None, description="The highest number of steps.")
    best_epoch: int | None = Field(default=None, description="0 is the unchanged encoder.")
    curves: tuple[RunCurve, ...] = ()
    warnings: tuple[str, ...] = ()
    settings: dict[str, str | int | float | bool | None] = Field(default={})
    split: dict[str, int] = Field(default={}, description="The number of pairs in each part.")


class RunsAnswer(Message):
    """The training runs of a library, the latest first."""

    runs: tuple[RunFacts, ...]
