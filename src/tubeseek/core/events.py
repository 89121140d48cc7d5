"""Reports the progress of long operations. The command line, the API and the app render it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class EventKind(StrEnum):
    """What an event reports."""

    STARTED = "started"  # a stage begins; `total` when it is known
    ADVANCED = "advanced"  # one more item is done and safe on disk
    FAILED = "failed"  # one item failed; the rest continue
    NOTICE = "notice"  # something the user should know
    FINISHED = "finished"  # the stage is over; `counts` has its totals


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a long operation."""

    kind: EventKind
    stage: str  # "add", "sync" or "index"
    message: str = ""
    video_id: str = ""
    done: int = 0
    total: int | None = None
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    times: int = 1  # how many equal messages it stands for
    group: str = ""  # what equal messages have in common, where their text does not show it
