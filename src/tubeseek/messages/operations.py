"""Everything a shell can ask of a library."""

from collections.abc import Generator
from typing import Protocol

from tubeseek.events import Event
from tubeseek.messages.changing import (
    JobRequest,
    RemoveAnswer,
    RemoveRequest,
)
from tubeseek.messages.looking import ListAnswer, Status, VideoDetail
from tubeseek.messages.searching import SearchAnswer, SearchRequest
from tubeseek.messages.timeline import Timeline, TimelineRequest
from tubeseek.messages.training import RunDetail, RunsAnswer


class Operations(Protocol):
    """Everything a shell can ask of a library, wherever it is open."""

    def search(self, request: SearchRequest) -> SearchAnswer: ...
    def video(self, video_id: str) -> VideoDetail: ...
    def timeline(self, video_id: str, request: TimelineRequest) -> Timeline: ...
    def list(self, limit: int, offset: int) -> ListAnswer: ...
    def status(self) -> Status: ...
    def training_runs(self) -> RunsAnswer: ...
    def training_run(self, name: str) -> RunDetail: ...
    def remove(self, request: RemoveRequest) -> RemoveAnswer: ...

    def run(self, request: JobRequest) -> Generator[Event, None, None]:
        """Does a long verb; closing the iterator stops it and loses nothing that was reported."""
        ...

    def close(self) -> None: ...
