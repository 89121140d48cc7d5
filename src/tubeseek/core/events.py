"""What the long verbs tell about their progress, as it happens. The shells render it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class EventKind(StrEnum):
    """What an event says."""

    STARTED = "started"  # a stage begins; `total` when it is known
    ADVANCED = "advanced"  # one more item is done and safe on disk
    FAILED = "failed"  # one item failed; the rest go on
    NOTICE = "notice"  # something the user should know
    FINISHED = "finished"  # the stage is over; `counts` sums it up


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a long verb."""

    kind: EventKind
    stage: str  # "add", "sync" or "index"
    message: str = ""
    video_id: str = ""
    done: int = 0
    total: int | None = None
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
