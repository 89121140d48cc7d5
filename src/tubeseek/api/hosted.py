"""Gives the app the library, the jobs and the rules of the server that it is mounted in."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from starlette.datastructures import Headers

from tubeseek.api.jobs import JobRunner
from tubeseek.api.security import Access
from tubeseek.core.errors import QueryError
from tubeseek.core.schemas import (
    JobRequest,
    ListAnswer,
    RemoveAnswer,
    RemoveRequest,
    RunDetail,
    RunsAnswer,
    SearchAnswer,
    SearchRequest,
    Status,
    Timeline,
    TimelineRequest,
    VideoDetail,
)
from tubeseek.core.schemas.server import JobEvent, JobFacts
from tubeseek.library.identity import proof_of
from tubeseek.library.library import Library


class HostedLibrary:
    """Answers in this process what `RemoteLibrary` asks a server for.

    Args:
        library: Open, and owned by this process.
        runner: Runs the jobs of the server.
        access: The rules of the server.
        url: The address of the server.
    """

    def __init__(self, library: Library, runner: JobRunner, access: Access, url: str) -> None:
        self._library, self._runner, self._access, self.url = library, runner, access, url

    # The rules of the server

    @property
    def needs_token(self) -> bool:
        """Whether a visitor must know the token to change the library."""
        return self._access.token is not None

    def is_token(self, guess: str) -> bool:
        """Return whether a visitor knows the token."""
        return self._access.is_token(guess)

    def is_local(self, headers: Mapping[str, str]) -> bool:
        """Return whether a request comes from this machine, and through no proxy."""
        return self._access.is_local(Headers(headers))

    # What any library answers

    def search(self, request: SearchRequest) -> SearchAnswer:
        return self._library.search(request)

    def video(self, video_id: str) -> VideoDetail:
        return self._library.video(video_id)

    def timeline(self, video_id: str, request: TimelineRequest) -> Timeline:
        return self._library.timeline(video_id, request)

    def list(self, limit: int, offset: int) -> ListAnswer:
        return self._library.list(limit, offset)

    def status(self) -> Status:
        return self._library.status()

    def training_runs(self) -> RunsAnswer:
        return self._library.training_runs()

    def training_run(self, name: str) -> RunDetail:
        return self._library.training_run(name)

    def remove(self, request: RemoveRequest) -> RemoveAnswer:
        return self._library.remove(request)

    # Pictures and files

    def thumbnail(self, video_id: str) -> bytes | None:
        """Return the thumbnail of a video as it is on disk, or None."""
        media = self._library.media(video_id)
        return _content(media.thumbnail) if media is not None else None

    def report(self, name: str) -> str | None:
        """Return the report of a training run as HTML, or None."""
        path = self._library.report(name)
        return path.read_text("utf-8", "replace") if path is not None else None

    def file_url(self, video_id: str) -> str:
        """Return the URL of the video file, for one that `has_file`; loopback servers only."""
        key = proof_of(self._access.secret, video_id)
        return f"{self.url}/v1/videos/{quote(video_id, safe='')}/file?key={key}"

    # Jobs

    def start_job(self, request: JobRequest) -> str:
        """Start a job and return its id at once."""
        return self._runner.submit(request).facts().id

    def jobs(self) -> tuple[JobFacts, ...]:
        """Return the running, waiting and recent jobs, newest first."""
        return tuple(job.facts() for job in self._runner.jobs())

    def events(self, job_id: str) -> tuple[JobEvent, ...]:
        """Return the events of a job that are remembered.

        Raises:
            QueryError: There is no such job.
        """
        job = self._runner.get(job_id)
        if job is None:
            raise QueryError(f"there is no job {job_id!r}")
        return tuple(job.read()[0])

    def cancel(self, job_id: str) -> None:
        """Stop a job after its current item; one that is gone has ended."""
        job = self._runner.get(job_id)
        if job is not None:
            job.cancel()


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
