"""A library that is open in a server: the other end of `tubeseek.api`.

Only the standard library and the messages are imported, for a command that asks a server spends
most of its time on starting.
"""

import http.client
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar
from urllib.parse import quote, urlencode, urlsplit

from pydantic import BaseModel, ValidationError

from tubeseek.core.errors import ConfigError, StoreUnavailableError, TubeseekError
from tubeseek.core.events import Event
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
    VideoFacts,
)
from tubeseek.core.schemas.server import (
    ErrorAnswer,
    Health,
    JobEvent,
    JobFacts,
    JobsAnswer,
    error_of,
)

Answer = TypeVar("Answer", bound=BaseModel)

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 300.0  # the first search may have to load the encoder, on a busy machine
HEALTH_SECONDS = 2.0
SILENCE_SECONDS = 30.0  # a stream of events says something every 5
PAGE = 1000  # the most videos that one answer lists


class RemoteLibrary:
    """Implements `messages.Operations` over HTTP. Safe to use from any number of threads.

    Args:
        url: Of the server, as `http://127.0.0.1:8000`.
        token: The server's, where it asks for one.

    Raises:
        ConfigError: That is no URL of a server.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url.rstrip("/")
        self._token = (token or "").strip()  # files of secrets end in a line break
        try:
            parts = urlsplit(self.url)
            self._host, self._port, self._scheme = parts.hostname or "", parts.port, parts.scheme
        except ValueError as error:
            raise ConfigError(f"{url!r} is no URL of a server: {error}") from error
        if self._scheme not in ("http", "https") or not self._host:
            raise ConfigError(f"{url!r} is no URL of a server; give one as http://127.0.0.1:8000")
        self._prefix = f"{parts.path}/v1"

    def close(self) -> None:
        """Does nothing: each question opens a connection of its own."""

    # What any library answers

    def search(self, request: SearchRequest) -> SearchAnswer:
        """Words, a picture, or more like one video."""
        return self._ask("POST", "/search", SearchAnswer, request)

    def video(self, video_id: str) -> VideoDetail:
        """One video in full."""
        return self._ask("GET", f"/videos/{quote(video_id, safe='')}", VideoDetail)

    def timeline(self, video_id: str, request: TimelineRequest) -> Timeline:
        """One video along a query."""
        asked = urlencode({"q": request.text})
        return self._ask("GET", f"/videos/{quote(video_id, safe='')}/timeline?{asked}", Timeline)

    def list(self, limit: int, offset: int) -> ListAnswer:
        """A page of the library, newest addition first."""
        videos: list[VideoFacts] = []
        while True:
            page = urlencode({"limit": min(PAGE, limit - len(videos)), "offset": offset})
            answer = self._ask("GET", f"/videos?{page}", ListAnswer)
            videos += answer.videos
            offset += len(answer.videos)
            if len(videos) >= limit or len(answer.videos) < PAGE:
                return ListAnswer(total=answer.total, videos=tuple(videos))

    def status(self) -> Status:
        """What there is and what is still to be done."""
        return self._ask("GET", "/status", Status)

    def training_runs(self) -> RunsAnswer:
        """The training runs that write into the library, the latest first."""
        return self._ask("GET", "/training", RunsAnswer)

    def training_run(self, name: str) -> RunDetail:
        """One of them in full, with its curves."""
        return self._ask("GET", f"/training/{quote(name, safe='')}", RunDetail)

    def remove(self, request: RemoveRequest) -> RemoveAnswer:
        """Forgets videos, or a source with all that only it brought."""
        return self._ask("POST", "/remove", RemoveAnswer, request)

    def run(self, request: JobRequest) -> Generator[Event, None, None]:
        """Has a long verb done; closing the iterator stops it and loses nothing it reported."""
        job_id, ended = self.start_job(request), False
        try:
            for event in self.events(job_id):
                yield event.event()
            ended = True
        finally:
            if not ended:
                with suppress(StoreUnavailableError):  # a server that is gone does no jobs
                    self.cancel(job_id)
        failure = self.job(job_id).failure
        if failure is not None:
            raise error_of(failure)

    # What only a server answers

    def health(self, timeout_seconds: float = HEALTH_SECONDS) -> Health:
        """Which library it serves.

        Raises:
            StoreUnavailableError: It does not answer in time, or is no tubeseek.
        """
        return self._ask("GET", "/health", Health, seconds=timeout_seconds)

    def is_alive(self) -> bool:
        """Whether a tubeseek answers there, quickly."""
        try:
            self.health()
        except TubeseekError:
            return False
        return True

    def thumbnail(self, video_id: str) -> bytes | None:
        """The picture that stands for a video, as it is on disk; None where there is none."""
        return self._content(f"/videos/{quote(video_id, safe='')}/thumbnail")

    def still(self, video_id: str, seconds: float) -> bytes | None:
        """The picture from inside a video nearest to a second of it; None where there is none."""
        at = urlencode({"seconds": seconds})
        return self._content(f"/videos/{quote(video_id, safe='')}/still?{at}")

    def report(self, name: str) -> str | None:
        """The page of a training run, HTML; None where there is none."""
        content = self._content(f"/training/{quote(name, safe='')}/report")
        return content.decode("utf-8", "replace") if content is not None else None

    def thumbnail_url(self, video_id: str) -> str:
        """Where a browser finds the picture."""
        return f"{self.url}/v1/videos/{quote(video_id, safe='')}/thumbnail"

    def file_url(self, video_id: str) -> str:
        """Where a player finds the video itself, if it `has_file` and the server is on loopback."""
        return f"{self.url}/v1/videos/{quote(video_id, safe='')}/file"

    def start_job(self, request: JobRequest) -> str:
        """Asks for a long verb and does not wait for it; returns the id of the job."""
        return self._ask("POST", "/jobs", JobFacts, request).id

    def jobs(self) -> tuple[JobFacts, ...]:
        """What is done, waits or was done lately; newest first."""
        return self._ask("GET", "/jobs", JobsAnswer).jobs

    def job(self, job_id: str) -> JobFacts:
        """Where a job stands."""
        return self._ask("GET", f"/jobs/{quote(job_id, safe='')}", JobFacts)

    def events(self, job_id: str, after: int = 0) -> Generator[JobEvent, None, None]:
        """The events of a job with a number over `after`, as they happen, until it ends."""
        path = f"/jobs/{quote(job_id, safe='')}/events"
        while True:
            with self._open("GET", f"{path}?after={after}", seconds=SILENCE_SECONDS) as response:
                if response.status != http.client.OK:
                    self._raise_if_refused(response.status, response.read())
                for line in response:
                    if line.strip():  # an empty line says only that the server is there
                        event = self._read(JobEvent, line)
                        after = event.number
                        yield event
            if self.job(job_id).state.ended:
                return

    def cancel(self, job_id: str) -> JobFacts:
        """Stops a job; what it has done stays. A running one ends with its current item."""
        return self._ask("DELETE", f"/jobs/{quote(job_id, safe='')}", JobFacts)

    # Asking

    def _content(self, path: str) -> bytes | None:
        with self._open("GET", path) as response:
            status, content = response.status, response.read()
        if status == http.client.NOT_FOUND:
            return None
        self._raise_if_refused(status, content)
        return content

    def _ask(
        self,
        method: str,
        path: str,
        answer: type[Answer],
        message: BaseModel | None = None,
        seconds: float = ANSWER_SECONDS,
    ) -> Answer:
        with self._open(method, path, message, seconds) as response:
            status, content = response.status, response.read()
        self._raise_if_refused(status, content)
        return self._read(answer, content)

    @contextmanager
    def _open(
        self,
        method: str,
        path: str,
        message: BaseModel | None = None,
        seconds: float = ANSWER_SECONDS,
    ) -> Iterator[http.client.HTTPResponse]:
        """One question; every fault of the network inside becomes our error."""
        https = self._scheme == "https"
        kind = http.client.HTTPSConnection if https else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=min(CONNECT_SECONDS, seconds))
        headers = {"Content-Type": b"application/json"} if message is not None else {}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}".encode()
        body = message.model_dump_json().encode() if message is not None else None
        try:
            connection.connect()
            connection.sock.settimeout(seconds)
            connection.request(method, self._prefix + path, body, headers)
            yield connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise StoreUnavailableError(
                f"the server at {self.url} does not answer ({error or type(error).__name__}); "
                "look whether it runs, or start it again with `tubeseek serve`"
            ) from error
        finally:
            connection.close()

    def _raise_if_refused(self, status: int, content: bytes) -> None:
        if status != http.client.OK and status != http.client.ACCEPTED:
            raise error_of(self._read(ErrorAnswer, content))

    def _read(self, answer: type[Answer], content: bytes) -> Answer:
        try:
            return answer.model_validate_json(content)
        except ValidationError as error:
            raise StoreUnavailableError(
                f"what answers at {self.url} does not speak as this tubeseek does; check the "
                "address, and that both are of the same version"
            ) from error
