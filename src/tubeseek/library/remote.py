"""Asks the server that has a library open: the client of `tubeseek.api`.

Imports only the standard library and the messages, because a command that asks a server spends
most of its time on starting.
"""

import hmac
import http.client
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
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
from tubeseek.library.identity import library_id, proof_of, read_secret

Answer = TypeVar("Answer", bound=BaseModel)

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 300.0  # the first search may have to load the encoder, on a busy machine
HEALTH_SECONDS = 2.0
SILENCE_SECONDS = 30.0  # a stream of events says something every 5
SECRET_HEADER = "Tubeseek-Secret"  # noqa: S105  the name of a header
PAGE = 1000  # the most videos that one answer lists


class RemoteLibrary:
    """Implements `tubeseek.core.schemas.Operations` over HTTP, for any number of threads.

    Args:
        url: The server's, such as `http://127.0.0.1:8000`.
        token: The server's, if it requires one.
        library_id: Of the library that the server must serve. On each connection it is checked
            before anything else is sent; None: not checked.
        secret: What proves to the server that the client is the same user.

    Raises:
        ConfigError: It is not the URL of a server.
    """

    def __init__(
        self, url: str, token: str | None = None, *, library_id: str | None = None, secret: str = ""
    ) -> None:
        self.url = url.rstrip("/")
        self._library_id, self._secret = library_id, secret
        self._token = (token or "").strip()  # files of secrets end in a line break
        try:
            parts = urlsplit(self.url)
            self._host, self._port, self._scheme = parts.hostname or "", parts.port, parts.scheme
        except ValueError as error:
            raise ConfigError(f"{url!r} is not the URL of a server: {error}") from error
        if self._scheme not in ("http", "https") or not self._host:
            raise ConfigError(
                f"{url!r} is not the URL of a server; give one such as http://127.0.0.1:8000"
            )
        self._prefix = f"{parts.path}/v1"

    @classmethod
    def of_folder(cls, url: str, folder: Path, token: str | None = None) -> "RemoteLibrary | None":
        """Return a client that speaks only to the server of the library in a folder.

        Returns:
            None where the id of the library cannot be read, so that no server can be checked.

        Raises:
            ConfigError: It is not the URL of a server.
        """
        identity = library_id(folder)
        if identity is None:
            return None
        return cls(url, token, library_id=identity, secret=read_secret(folder))

    def close(self) -> None:
        """Do nothing: each request opens its own connection."""

    # What any library answers

    def search(self, request: SearchRequest) -> SearchAnswer:
        """Find videos by words, by a picture, or by likeness to a video."""
        return self._ask("POST", "/search", SearchAnswer, request)

    def video(self, video_id: str) -> VideoDetail:
        """Return one video in full."""
        return self._ask("GET", f"/videos/{quote(video_id, safe='')}", VideoDetail)

    def timeline(self, video_id: str, request: TimelineRequest) -> Timeline:
        """Return how well each moment of a video fits a query."""
        query = urlencode({"q": request.text})
        return self._ask("GET", f"/videos/{quote(video_id, safe='')}/timeline?{query}", Timeline)

    def list(self, limit: int, offset: int) -> ListAnswer:
        """Return a page of the library, newest addition first."""
        videos: list[VideoFacts] = []
        while True:
            page = urlencode({"limit": min(PAGE, limit - len(videos)), "offset": offset})
            answer = self._ask("GET", f"/videos?{page}", ListAnswer)
            videos += answer.videos
            offset += len(answer.videos)
            if len(videos) >= limit or len(answer.videos) < PAGE:
                return ListAnswer(total=answer.total, videos=tuple(videos))

    def status(self) -> Status:
        """Return what the library holds and what is still to be done."""
        return self._ask("GET", "/status", Status)

    def training_runs(self) -> RunsAnswer:
        """Return the training runs of the library, latest first."""
        return self._ask("GET", "/training", RunsAnswer)

    def training_run(self, name: str) -> RunDetail:
        """Return one training run in full, with its curves."""
        return self._ask("GET", f"/training/{quote(name, safe='')}", RunDetail)

    def remove(self, request: RemoveRequest) -> RemoveAnswer:
        """Remove videos, or a source with all videos that only it lists."""
        return self._ask("POST", "/remove", RemoveAnswer, request)

    def run(self, request: JobRequest) -> Generator[Event, None, None]:
        """Run a job; closing the iterator stops it and loses nothing that was reported."""
        job_id, ended = self.start_job(request), False
        try:
            for event in self.events(job_id):
                yield event.event()
            ended = True
        finally:
            if not ended:
                with suppress(StoreUnavailableError):  # a server that is gone runs no jobs
                    self.cancel(job_id)
        failure = self.job(job_id).failure
        if failure is not None:
            raise error_of(failure)

    # What only a server answers

    def health(self, timeout_seconds: float = HEALTH_SECONDS) -> Health:
        """Return which library the server has open.

        Raises:
            StoreUnavailableError: It does not answer in time, or is no tubeseek server.
        """
        return self._ask("GET", "/health", Health, seconds=timeout_seconds)

    def is_alive(self) -> bool:
        """Return whether a tubeseek server answers there within `HEALTH_SECONDS`."""
        try:
            self.health()
        except TubeseekError:
            return False
        return True

    def thumbnail(self, video_id: str) -> bytes | None:
        """Return the thumbnail of a video as it is on disk, or None."""
        return self._content(f"/videos/{quote(video_id, safe='')}/thumbnail")

    def still(self, video_id: str, seconds: float) -> bytes | None:
        """Return the still of a video that stands for a time, or None."""
        at = urlencode({"seconds": seconds})
        return self._content(f"/videos/{quote(video_id, safe='')}/still?{at}")

    def report(self, name: str) -> str | None:
        """Return the report of a training run as HTML, or None."""
        content = self._content(f"/training/{quote(name, safe='')}/report")
        return content.decode("utf-8", "replace") if content is not None else None

    def thumbnail_url(self, video_id: str) -> str:
        """Return the URL of a video's thumbnail for a browser."""
        return f"{self.url}/v1/videos/{quote(video_id, safe='')}/thumbnail"

    def file_url(self, video_id: str) -> str:
        """Return the URL of the video file, for one that `has_file`; loopback servers only.

        Its key opens this file alone: a browser cannot send the secret.
        """
        key = proof_of(self._secret, video_id)
        return f"{self.url}/v1/videos/{quote(video_id, safe='')}/file?key={key}"

    def start_job(self, request: JobRequest) -> str:
        """Start a job and return its id at once."""
        return self._ask("POST", "/jobs", JobFacts, request).id

    def jobs(self) -> tuple[JobFacts, ...]:
        """Return the running, waiting and recent jobs, newest first."""
        return self._ask("GET", "/jobs", JobsAnswer).jobs

    def job(self, job_id: str) -> JobFacts:
        """Return the state of a job."""
        return self._ask("GET", f"/jobs/{quote(job_id, safe='')}", JobFacts)

    def events(self, job_id: str, after: int = 0) -> Generator[JobEvent, None, None]:
        """Yield the events of a job numbered over `after`, as they happen, until it ends."""
        path = f"/jobs/{quote(job_id, safe='')}/events"
        while True:
            with self._open("GET", f"{path}?after={after}", seconds=SILENCE_SECONDS) as response:
                if response.status != http.client.OK:
                    self._raise_if_refused(response.status, response.read())
                for line in response:
                    if line.strip():  # an empty line only keeps the connection alive
                        event = self._read(JobEvent, line)
                        after = event.number
                        yield event
            if self.job(job_id).state.ended:
                return

    def cancel(self, job_id: str) -> JobFacts:
        """Stop a job, a running one after its current item; what it has done stays."""
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
        """Send one request; network errors inside become `StoreUnavailableError`."""
        https = self._scheme == "https"
        kind = http.client.HTTPSConnection if https else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=min(CONNECT_SECONDS, seconds))
        headers = {"Content-Type": b"application/json"} if message is not None else {}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}".encode()
        if self._secret:
            headers[SECRET_HEADER] = self._secret.encode()
        body = message.model_dump_json().encode() if message is not None else None
        try:
            connection.connect()
            connection.sock.settimeout(seconds)
            connection.auto_open = 0  # never another connection than the one that was checked
            if self._library_id is not None:
                self._check_library(connection, self._library_id)
            connection.request(method, self._prefix + path, body, headers)
            yield connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise StoreUnavailableError(
                f"the server at {self.url} does not answer ({error or type(error).__name__}); "
                "check that it is running, or start it again with `tubeseek serve`"
            ) from error
        finally:
            connection.close()

    def _check_library(self, connection: http.client.HTTPConnection, library_id: str) -> None:
        """Raise an error unless the server proves that it serves the library."""
        challenge = os.urandom(16).hex()
        connection.request("GET", f"{self._prefix}/health?challenge={challenge}")
        health = self._read(Health, connection.getresponse().read())
        if not hmac.compare_digest(health.proof.encode(), proof_of(library_id, challenge).encode()):
            raise StoreUnavailableError(
                f"the server at {self.url} does not serve this library; stop the server that "
                "claims to (`tubeseek doctor` names it) and start it again with `tubeseek serve`"
            )

    def _raise_if_refused(self, status: int, content: bytes) -> None:
        if status != http.client.OK and status != http.client.ACCEPTED:
            raise error_of(self._read(ErrorAnswer, content))

    def _read(self, answer: type[Answer], content: bytes) -> Answer:
        try:
            return answer.model_validate_json(content)
        except ValidationError as error:
            raise StoreUnavailableError(
                f"the answer from {self.url} is not that of this version of tubeseek; check the "
                "address, and that client and server have the same version"
            ) from error
