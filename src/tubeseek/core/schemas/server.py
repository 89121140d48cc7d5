"""Defines the messages between a server and its clients: health, errors and jobs.

This module imports no numpy and no web framework, so that both ends start quickly.
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
    """Tells that a server is alive, and which library it serves."""

    status: Literal["ok"] = "ok"
    version: str
    library: str
    proof: str = Field(
        default="",
        description="The HMAC-SHA256 of the `challenge`, with the id of the library as its key.",
    )
    app: bool = Field(default=False, description="Whether the server has the pages of the app.")


class ErrorAnswer(Message):
    """Why a request failed."""

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
    message: str = Field(description="What happened, and what to do.")
    final: bool = Field(default=False, description="Whether retrying is pointless.")
    column: int | None = Field(
        default=None, description="Where in the text of the query the error is, from 1."
    )


class JobState(StrEnum):
    """The state of a job."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return self not in (JobState.QUEUED, JobState.RUNNING)


class JobEvent(Message):
    """One event of a job. Numbers start at 1; gaps are events that were dropped."""

    number: int
    kind: EventKind
    stage: str
    message: str = ""
    video_id: str = ""
    done: int = 0
    total: int | None = None
    counts: dict[str, int] = Field(default={})
    times: int = Field(default=1, description="How many equal messages the event stands for.")

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
            times=event.times,
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
            self.times,
        )


class JobFacts(Message):
    """A long operation that a server runs or ran."""

    id: str
    request: JobRequest
    state: JobState
    created: datetime
    started: datetime | None = None
    ended: datetime | None = None
    stopping: bool = Field(
        default=False, description="Whether it was cancelled and ends after its current item."
    )
    advanced: int = Field(default=0, description="Items that are done and on disk.")
    failed: int = Field(default=0, description="Items that failed.")
    last: JobEvent | None = None
    failure: ErrorAnswer | None = Field(default=None, description="Why the job as a whole failed.")


class JobsAnswer(Message):
    """The jobs of a server, newest first."""

    jobs: tuple[JobFacts, ...]


ERRORS: dict[str, type[TubeseekError]] = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, TubeseekError)
}


def error_answer(error: Exception) -> ErrorAnswer:
    """Return the message for an exception; for unexpected ones it names only the class."""
    if not isinstance(error, TubeseekError):
        return ErrorAnswer(
            error=TubeseekError.__name__,
            message=f"unexpected error ({type(error).__name__}); see the server's log, and please "
            "report it",
        )
    name = next(kind.__name__ for kind in type(error).__mro__ if kind.__name__ in ERRORS)
    return ErrorAnswer(
        error=name,
        message=str(error),
        final=getattr(error, "final", False),
        column=getattr(error, "column", None),
    )


def error_of(answer: ErrorAnswer) -> TubeseekError:
    """Return the exception that a message stands for."""
    kind = ERRORS.get(answer.error, TubeseekError)
    if issubclass(kind, (VideoUnavailableError, RateLimitedError)):
        return kind(answer.message, final=answer.final)
    if kind is QueryError:
        return QueryError(answer.message, column=answer.column)
    return kind(answer.message)
