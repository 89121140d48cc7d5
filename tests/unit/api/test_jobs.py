"""Jobs run one after the other, can be followed from any point, and stop when cancelled."""

import asyncio
import threading
import time
from collections.abc import Callable, Generator

import pytest

from tubeseek.api.jobs import EVENTS_KEPT, MAX_WAITING_JOBS, Job, JobRunner
from tubeseek.core.errors import InputError, RateLimitedError, StoreUnavailableError
from tubeseek.core.events import Event, EventKind
from tubeseek.core.schemas import IndexRequest, JobRequest, SyncRequest
from tubeseek.core.schemas.server import JobState, error_of
from tubeseek.sources.youtube.rate_limit import Politeness, RateLimiter

Run = Callable[[JobRequest], Generator[Event, None, None]]


@pytest.fixture
def runner_of():
    """Make runners, and shut them down at the end."""
    made: list[JobRunner] = []

    def make(run: Run) -> JobRunner:
        made.append(JobRunner(run))
        return made[-1]

    yield make
    for runner in made:
        runner.shutdown()


def count_to(most: int) -> Run:
    def run(request: JobRequest) -> Generator[Event, None, None]:
        yield Event(EventKind.STARTED, "index", total=most)
        for number in range(1, most + 1):
            yield Event(EventKind.ADVANCED, "index", f"video {number}", done=number, total=most)
        yield Event(EventKind.FINISHED, "index", counts={"indexed": most})

    return run


def wait_for(job: Job, *states: JobState) -> None:
    end = time.monotonic() + 10
    while job.facts().state not in states:
        assert time.monotonic() < end, f"still {job.facts().state}"
        time.sleep(0.002)


async def followed(job: Job, after: int = 0) -> list[int]:
    return [event.number async for events in job.follow(after) for event in events]


def test_a_job_yields_all_events_and_ends(runner_of):
    job = runner_of(count_to(3)).submit(IndexRequest())
    numbers = asyncio.run(followed(job))
    assert numbers == [1, 2, 3, 4, 5]
    facts = job.facts()
    assert (facts.state, facts.advanced, facts.failed) == (JobState.DONE, 3, 0)
    assert facts.created <= facts.started <= facts.ended
    assert facts.last.event() == Event(EventKind.FINISHED, "index", counts={"indexed": 3})


def test_cancelling_ends_a_pause_between_requests():
    limiter = RateLimiter(Politeness(backoff_first_seconds=3000))

    def run(request):
        yield Event(EventKind.STARTED, "sync")
        limiter.back_off("The site says no")
        yield Event(EventKind.FINISHED, "sync")

    runner = JobRunner(run, limiter.close)
    job = runner.submit(SyncRequest())
    wait_for(job, JobState.RUNNING)
    while not limiter.refusals:
        time.sleep(0.002)
    job.cancel()
    wait_for(job, JobState.CANCELLED, JobState.FAILED)
    runner.shutdown()


def test_following_resumes_after_a_number(runner_of):
    job = runner_of(count_to(5)).submit(IndexRequest())
    wait_for(job, JobState.DONE)
    assert asyncio.run(followed(job, after=4)) == [5, 6, 7]
    assert asyncio.run(followed(job, after=7)) == []


def test_events_come_while_the_job_runs_with_heartbeats_between(runner_of):
    gate = threading.Event()

    def run(request):
        yield Event(EventKind.STARTED, "sync")
        gate.wait(10)
        yield Event(EventKind.FINISHED, "sync")

    job = runner_of(run).submit(SyncRequest())

    async def watch() -> list[list[int]]:
        batches = []
        async for events in job.follow(heartbeat_seconds=0.02):
            batches.append([event.number for event in events])
            if batches[-1] == []:
                gate.set()
        return batches

    batches = asyncio.run(watch())
    assert [] in batches  # a heartbeat before the gate opened
    assert batches[: batches.index([])] in ([[1]], [])
    assert [number for numbers in batches for number in numbers] == [1, 2]


def test_memory_is_bounded_and_keeps_failures_longest(runner_of):
    advanced, failed = EVENTS_KEPT[EventKind.ADVANCED], 1_500

    def run(request):
        for number in range(failed):
            yield Event(EventKind.FAILED, "index", f"bad {number}")
        for number in range(advanced + 10):
            yield Event(EventKind.ADVANCED, "index", f"good {number}")

    job = runner_of(run).submit(IndexRequest())
    wait_for(job, JobState.DONE)
    events, ended = job.read()
    kept = [event.message for event in events]
    assert ended
    assert kept == [f"bad {n}" for n in range(failed)] + [
        f"good {n}" for n in range(10, advanced + 10)
    ]
    assert (job.facts().advanced, job.facts().failed) == (advanced + 10, failed)


def test_cancelling_closes_the_events_in_the_thread_that_runs_them(runner_of):
    threads: dict[str, int] = {}
    gate = threading.Event()

    def run(request):
        threads["ran"] = threading.get_ident()
        try:
            for number in range(1000):
                yield Event(EventKind.ADVANCED, "index", done=number)
                gate.wait(10)
        finally:
            threads["closed"] = threading.get_ident()

    job = runner_of(run).submit(IndexRequest())
    wait_for(job, JobState.RUNNING)
    job.cancel()
    assert job.facts().stopping
    gate.set()
    wait_for(job, JobState.CANCELLED)
    assert threads["closed"] == threads["ran"] != threading.get_ident()
    assert job.facts().advanced <= 2  # the item at hand, and no more
    assert not job.facts().stopping


def test_jobs_wait_their_turn_and_a_waiting_one_can_be_cancelled(runner_of):
    gate, ran = threading.Event(), []

    def run(request):
        ran.append(request.workers)
        gate.wait(10)
        yield Event(EventKind.FINISHED, "index")

    runner = runner_of(run)
    jobs = [runner.submit(IndexRequest(workers=n)) for n in (1, 2, 3)]
    wait_for(jobs[0], JobState.RUNNING)
    assert [job.facts().state for job in jobs[1:]] == [JobState.QUEUED] * 2
    jobs[1].cancel()
    assert jobs[1].facts().state is JobState.CANCELLED
    gate.set()
    wait_for(jobs[2], JobState.DONE)
    assert ran == [1, 3]
    assert [job.id for job in runner.jobs()] == [job.id for job in reversed(jobs)]


def test_an_error_ends_its_job_only_and_keeps_its_class(runner_of):
    def run(request):
        if isinstance(request, SyncRequest):
            yield Event(EventKind.STARTED, "sync")
            raise RateLimitedError("come back tomorrow", final=True)
        yield Event(EventKind.FINISHED, "index")

    runner = runner_of(run)
    bad, good = runner.submit(SyncRequest()), runner.submit(IndexRequest())
    wait_for(good, JobState.DONE)
    facts = bad.facts()
    assert facts.state is JobState.FAILED
    error = error_of(facts.failure)
    assert isinstance(error, RateLimitedError)
    assert (str(error), error.final) == ("come back tomorrow", True)


def test_an_unexpected_error_is_logged_and_its_text_is_not_sent(runner_of, caplog):
    def run(request):
        yield Event(EventKind.STARTED, "index")
        raise KeyError("secret-token")

    job = runner_of(run).submit(IndexRequest())
    wait_for(job, JobState.FAILED)
    failure = job.facts().failure
    assert failure.error == "TubeseekError"
    assert "KeyError" in failure.message
    assert "secret-token" not in failure.message
    assert "secret-token" in caplog.text


def test_shutdown_stops_what_runs_and_refuses_more(runner_of):
    closed = threading.Event()

    def run(request):
        try:
            while True:
                yield Event(EventKind.ADVANCED, "index")
                time.sleep(0.001)
        finally:
            closed.set()

    runner = runner_of(run)
    running, waiting = runner.submit(IndexRequest()), runner.submit(IndexRequest())
    wait_for(running, JobState.RUNNING)
    runner.shutdown()
    assert closed.is_set()
    assert running.facts().state is waiting.facts().state is JobState.CANCELLED
    with pytest.raises(StoreUnavailableError):
        runner.submit(IndexRequest())


def test_the_queue_has_a_maximum(runner_of):
    gate = threading.Event()

    def run(request):
        gate.wait(10)
        yield Event(EventKind.FINISHED, "index")

    runner = runner_of(run)
    first = runner.submit(IndexRequest())
    wait_for(first, JobState.RUNNING)
    for _ in range(MAX_WAITING_JOBS):
        runner.submit(IndexRequest())
    with pytest.raises(InputError, match=str(MAX_WAITING_JOBS)):
        runner.submit(IndexRequest())
    for job in runner.jobs():
        job.cancel()
    gate.set()
