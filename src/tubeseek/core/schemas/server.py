"""What only a server and its clients tell each other: health, errors and jobs.

Like `messages` this imports no numpy and no web framework: both ends are quick to start.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, Field

from tubeseek.core import errors
from tubeseek.core.errors import QueryError, RateLimitedError, TubeseekError, VideoUnavailableError
from tubeseek.core.events import Event, EventKind
from tubeseek.core.schemas import JobRequest, Message


class Health(Message):
    """That a server answers, and for which library."""

    status: Literal["ok"] = "ok"
    version: str
    library: str


class ErrorAnswer(Message):
    """Why something could not be done."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "error": "QueryError",
                    "message": "no video 'x' in this library; `tubeseek list` shows them",
                }
            ]
        }
    )

    error: str = Field(description="the name of a class in tubeseek.core.errors")
    message: str = Field(description="what happened and what to do about it")
    final: bool = Field(default=False, description="whether waiting and asking again is pointless")
    column: int | None = Field(
        default=None, description="where in the text of a query it went wrong, from 1"
    )


class JobState(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return self not in (JobState.QUEUED, JobState.RUNNING)


class JobEvent(Message):
    """One event of a job; the numbers start at 1 and leave gaps where old events were dropped."""

    number: int
    kind: EventKind
    stage: str
    message: str = ""
    video_id: str = ""
    done: int = 0
    total: int | None = None
    counts: dict[str, int] = Field(default={})

    @classmethod
    def of(cls, number: int, event: Event) -> "JobEvent":
        return cls(
            number=number,
            kind=event.kind,
            stage=event.stage,
            message=event.message,
            video_id=event.video_id,
            done=event.done,
            total=event.total,
            counts=dict(event.counts),
        )

    def event(self) -> Event:
        return Event(
            self.kind,
            self.stage,
            self.message,
            self.video_id,
            self.done,
            self.total,
            self.counts,
        )


class JobFacts(Message):
    """A long verb that a server does or did."""

    id: str
    request: JobRequest
    state: JobState
    created: datetime
    started: datetime | None = None
    ended: datetime | None = None
    stopping: bool = Field(default=False, description="cancelled; ends with its current item")
    advanced: int = Field(default=0, description="items that are done and safe on disk")
    failed: int = Field(default=0, description="items that failed")
    last: JobEvent | None = None
    failure: ErrorAnswer | None = Field(default=None, description="why the job as a whole failed")


class JobsAnswer(Message):
    """The jobs of a server, newest first."""

    jobs: tuple[JobFacts, ...]


ERRORS: dict[str, type[TubeseekError]] = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, TubeseekError)
}


def error_answer(error: Exception) -> ErrorAnswer:
    """An exception in the form that goes over the wire; of surprises only the class is told."""
    if not isinstance(error, TubeseekError):
        told = f"something went wrong that nobody foresaw ({type(error).__name__})"
        return ErrorAnswer(
            error=TubeseekError.__name__,
            message=f"{told}; the server's log says more, please report it",
        )
    known = next(kind.__name__ for kind in type(error).__mro__ if kind.__name__ in ERRORS)
    return ErrorAnswer(
        error=known,
        message=str(error),
        final=getattr(error, "final", False),
        column=getattr(error, "column", None),
    )


def error_of(answer: ErrorAnswer) -> TubeseekError:
    """The exception that the other end raised."""
    kind = ERRORS.get(answer.error, TubeseekError)
    if issubclass(kind, (VideoUnavailableError, RateLimitedError)):
        return kind(answer.message, final=answer.final)
    if kind is QueryError:
        return QueryError(answer.message, column=answer.column)
    return kind(answer.message)
