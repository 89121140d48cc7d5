"""Runs jobs one after the other in a thread; any number of clients can follow them."""

import asyncio
import logging
import queue
import secrets
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime

from tubeseek.core.errors import InputError, StoreUnavailableError, TubeseekError
from tubeseek.core.events import Event, EventKind
from tubeseek.core.schemas import JobRequest
from tubeseek.core.schemas.server import ErrorAnswer, JobEvent, JobFacts, JobState, error_answer

logger = logging.getLogger(__name__)


EVENTS_KEPT = {  # how many of each kind a job remembers, the latest; failures matter most
    EventKind.STARTED: 1_000,
    EventKind.ADVANCED: 1_000,
    EventKind.FAILED: 10_000,
    EventKind.NOTICE: 1_000,
    EventKind.FINISHED: 1_000,
}
MAX_WAITING_JOBS = 100
MAX_ENDED_JOBS = 100
HEARTBEAT_SECONDS = 5.0


class Job:
    """A job: its state and its latest events. Any thread may use it."""

    def __init__(self, request: JobRequest, interrupt: Callable[[], None] = lambda: None) -> None:
        self.id, self.request = secrets.token_hex(8), request
        self._interrupt = interrupt
        self._lock = threading.Lock()
        self._facts = JobFacts(id=self.id, request=request, state=JobState.QUEUED, created=_now())
        self._number = 0  # of the last event
        self._advanced: dict[str, set[str]] = {}  # by stage, the ids of videos
        self._kept = {kind: deque[JobEvent](maxlen=most) for kind, most in EVENTS_KEPT.items()}
        self._watchers: list[Callable[[], None]] = []

    def facts(self) -> JobFacts:
        with self._lock:
            return self._facts

    def read(self, after: int = 0) -> tuple[list[JobEvent], bool]:
        """Return the remembered events after a number, and whether the job has ended."""
        with self._lock:
            later: list[JobEvent] = []
            for events in self._kept.values():
                for event in reversed(events):
                    if event.number <= after:
                        break
                    later.append(event)
            return sorted(later, key=lambda event: event.number), self._facts.state.ended

    @contextmanager
    def watched(self, wake: Callable[[], None]) -> Iterator[None]:
        """Call `wake`, from the thread that runs the job, whenever the job has changed."""
        with self._lock:
            self._watchers.append(wake)
        try:
            yield
        finally:
            with self._lock:
                self._watchers.remove(wake)

    async def follow(
        self, after: int = 0, heartbeat_seconds: float = HEARTBEAT_SECONDS
    ) -> AsyncIterator[list[JobEvent]]:
        """Yield new events as they come until the job ends, and an empty list as a heartbeat.

        This is asynchronous so that clients that only wait occupy no thread that could search.
        """
        loop, changed = asyncio.get_running_loop(), asyncio.Event()

        def wake() -> None:
            with suppress(RuntimeError):  # the loop is closed, so nobody follows
                loop.call_soon_threadsafe(changed.set)

        with self.watched(wake):
            while True:
                changed.clear()
                events, ended = self.read(after)
                if events:
                    after = events[-1].number
                    yield events
                if ended:
                    return
                try:
                    async with asyncio.timeout(heartbeat_seconds):
                        await changed.wait()
                except TimeoutError:
                    yield []

    # Called by the runner

    def cancel(self) -> None:
        """End a waiting job at once, and a running one after its current item or pause."""
        with self._lock:
            state = self._facts.state
            if state is JobState.QUEUED:
                self._change(state=JobState.CANCELLED, ended=_now())
            elif state is JobState.RUNNING:
                self._change(stopping=True)
                self._interrupt()  # under the lock, so that it cannot be the next job that it ends

    def begin(self) -> bool:
        """Start the job; return False if it was cancelled while it waited."""
        with self._lock:
            if self._facts.state is not JobState.QUEUED:
                return False
            self._change(state=JobState.RUNNING, started=_now())
            return True

    def record(self, event: Event) -> bool:
        """Record an event; return whether the job should go on."""
        with self._lock:
            self._number += 1
            last = JobEvent.of(self._number, event)
            self._kept[event.kind].append(last)
            if event.kind is EventKind.ADVANCED:  # once a video, however many indexes take it
                done = self._advanced.setdefault(event.stage, set())
                done.add(event.video_id or f"event {self._number}")
            self._change(
                last=last,
                advanced=max(map(len, self._advanced.values()), default=0),
                failed=self._facts.failed + (event.kind is EventKind.FAILED) * event.times,
            )
            return not self._facts.stopping

    def end(self, state: JobState, failure: ErrorAnswer | None = None) -> None:
        with self._lock:
            self._change(state=state, ended=_now(), stopping=False, failure=failure)

    def _change(self, **changes: object) -> None:
        self._facts = self._facts.model_copy(update=changes)
        for wake in self._watchers:
            wake()


class JobRunner:
    """Runs jobs in the order in which they were submitted.

    Args:
        run: Runs a request, as `Library.run` does; called, iterated and closed in one thread.
        interrupt: Ends the pauses of what runs, as `Library.interrupt` does.
    """

    def __init__(
        self,
        run: Callable[[JobRequest], Generator[Event, None, None]],
        interrupt: Callable[[], None] = lambda: None,
    ) -> None:
        self._run, self._interrupt = run, interrupt
        self._jobs: dict[str, Job] = {}
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._worker: threading.Thread | None = None
        self._closed = False

    def submit(self, request: JobRequest) -> Job:
        """Add a job to the end of the queue.

        Raises:
            InputError: Too many jobs are waiting.
            StoreUnavailableError: The server is stopping.
        """
        with self._lock:
            if self._closed:
                raise StoreUnavailableError("the server is stopping; start it again and retry")
            waiting = sum(job.facts().state is JobState.QUEUED for job in self._jobs.values())
            if waiting >= MAX_WAITING_JOBS:
                raise InputError(f"{waiting} jobs are waiting; cancel some or try again later")
            job = Job(request, self._interrupt)
            self._jobs[job.id] = job
            self._forget_oldest()
            self._queue.put(job)
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="tubeseek-jobs")
                self._worker.start()
        return job

    def jobs(self) -> list[Job]:
        """Return all remembered jobs, newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def get(self, job_id: str) -> Job | None:
        with self._lock:
            return self._jobs.get(job_id)

    def shutdown(self) -> None:
        """Cancel all jobs and wait until the running one has stopped."""
        with self._lock:
            self._closed = True
            jobs, worker = list(self._jobs.values()), self._worker
        for job in jobs:
            job.cancel()
        self._queue.put(None)
        if worker is not None:
            worker.join()

    def _forget_oldest(self) -> None:
        ended = [job.id for job in self._jobs.values() if job.facts().state.ended]
        for job_id in ended[: max(0, len(ended) - MAX_ENDED_JOBS)]:
            del self._jobs[job_id]

    def _work(self) -> None:
        while (job := self._queue.get()) is not None:
            if job.begin():
                self._do(job)

    def _do(self, job: Job) -> None:
        state = JobState.DONE
        try:
            with closing(self._run(job.request)) as events:
                for event in events:
                    if not job.record(event):
                        state = JobState.CANCELLED
                        break
        except Exception as error:  # any error ends its job, not the server
            if not isinstance(error, TubeseekError):
                logger.exception("job %s failed", job.id)
            job.end(JobState.FAILED, error_answer(error))
        else:
            job.end(state)


def _now() -> datetime:
    return datetime.now(UTC)
