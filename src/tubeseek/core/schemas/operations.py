"""Defines the operations of a library."""

from collections.abc import Generator
from typing import Protocol

from tubeseek.core.events import Event
from tubeseek.core.schemas.jobs import JobRequest, RemoveAnswer, RemoveRequest
from tubeseek.core.schemas.library import ListAnswer, Status, VideoDetail
from tubeseek.core.schemas.search import SearchAnswer, SearchRequest
from tubeseek.core.schemas.timeline import Timeline, TimelineRequest
from tubeseek.core.schemas.training import RunDetail, RunsAnswer


class Answers(Protocol):
    """What a library answers at once."""

    def search(self, request: SearchRequest) -> SearchAnswer: ...
    def video(self, video_id: str) -> VideoDetail: ...
    def timeline(self, video_id: str, request: TimelineRequest) -> Timeline: ...
    def list(self, limit: int, offset: int) -> ListAnswer: ...
    def status(self) -> Status: ...
    def training_runs(self) -> RunsAnswer: ...
    def training_run(self, name: str) -> RunDetail: ...
    def remove(self, request: RemoveRequest) -> RemoveAnswer: ...


class Operations(Answers, Protocol):
    """The operations of a library, whether it is open in this process or in a server."""

    def run(self, request: JobRequest) -> Generator[Event, None, None]:
        """Run a long operation; closing the iterator stops it without losing finished items."""
        ...

    def close(self) -> None: ...
