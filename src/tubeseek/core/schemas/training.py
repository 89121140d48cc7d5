"""The training runs of a library, as far as each has come."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from tubeseek.core.schemas.base import Message


class RunState(StrEnum):
    """How a training run stands."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"  # the same command again goes on with it
    UNREADABLE = "unreadable"  # its files are damaged, or of another version

    @property
    def at_rest(self) -> bool:
        return self is not RunState.RUNNING


class Measure(Message):
    """A figure over queries with its 95 % bootstrap interval, where that was kept."""

    value: float
    low: float | None = None
    high: float | None = None


class SetScores(Message):
    """Recall@10 from text to picture on one set of pairs; `after` and `gain` once it is over."""

    name: str = Field(description="test, validation, or the data set that must not be forgotten")
    pictures: int
    texts: int
    before: Measure
    after: Measure | None = None
    gain: Measure | None = None
    p_value: float | None = Field(default=None, description="of a paired test of the gain")


class RunFacts(Message):
    """A training run, in short; of one that is unreadable only name and state are known."""

    name: str
    state: RunState
    started: datetime | None = None
    encoder: str = Field(default="", description="what is adapted")
    method: str = Field(default="", description="heads or lora")
    data: str = Field(default="", description="what it is trained on")
    digest: str = Field(default="", description="of that data")
    pairs: int = 0
    seed: int | None = None
    measured: tuple[SetScores, ...] = ()
    has_report: bool = Field(default=False, description="whether /report has a page of it")


class RunCurve(Message):
    """One figure along the steps of a run; of many steps the means of neighbours."""

    name: str = Field(
        description="loss, its terms (alignment, uniformity, within_texts, within_pictures) or "
        "validation_recall"
    )
    steps: tuple[int, ...]
    values: tuple[float, ...]


class RunDetail(RunFacts):
    """A training run in full."""

    step: int = Field(default=0, description="how many steps are done")
    steps: int | None = Field(default=None, description="how many there are at most")
    best_epoch: int | None = Field(default=None, description="0 is the encoder as it was")
    curves: tuple[RunCurve, ...] = ()
    warnings: tuple[str, ...] = ()
    settings: dict[str, str | int | float | bool | None] = Field(default={})
    split: dict[str, int] = Field(default={}, description="how many pairs each part has")


class RunsAnswer(Message):
    """The training runs of a library, the latest first."""

    runs: tuple[RunFacts, ...]
