"""Defines the routes of jobs: start, list, follow, cancel."""

from collections.abc import AsyncIterator, Callable
from typing import Annotated

from fastapi import APIRouter, Body, Depends, HTTPException, Query
from fastapi.responses import StreamingResponse

from tubeseek.api.jobs import Job, JobRunner
from tubeseek.core.schemas import JobRequest
from tubeseek.core.schemas.server import JobFacts, JobsAnswer

NDJSON = "application/x-ndjson"
UNBUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # for proxies
EXAMPLES = {
    "add": {
        "summary": "Add the videos of a channel",
        "value": {"verb": "add", "locators": ["https://www.youtube.com/@NASA"], "limit": 100},
    },
    "sync": {
        "summary": "Update the library from everything that was added",
        "value": {"verb": "sync"},
    },
    "index": {
        "summary": "Fetch and embed all pending videos",
        "value": {"verb": "index", "encoder": "starter", "workers": 4},
    },
}


def job_routes(runner: JobRunner, may_write: Callable[..., None]) -> APIRouter:
    """Return the routes under /jobs."""
    routes = APIRouter(tags=["jobs"])
    writing = [Depends(may_write)]

    def job_of(job_id: str) -> Job:
        job = runner.get(job_id)
        if job is None:
            raise HTTPException(404, f"there is no job {job_id!r}; GET /v1/jobs lists them")
        return job

    @routes.post(
        "/jobs", status_code=202, dependencies=writing, summary="Start a job: add, sync or index"
    )
    def start(request: Annotated[JobRequest, Body(openapi_examples=EXAMPLES)]) -> JobFacts:
        return runner.submit(request).facts()

    @routes.get("/jobs", summary="List the jobs that run, wait or ended lately, newest first")
    def jobs() -> JobsAnswer:
        return JobsAnswer(jobs=tuple(job.facts() for job in runner.jobs()))

    @routes.get("/jobs/{job_id}", summary="Get the state of a job")
    def facts(job: Annotated[Job, Depends(job_of)]) -> JobFacts:
        return job.facts()

    @routes.get(
        "/jobs/{job_id}/events",
        summary="Follow the events of a job until it ends",
        description="Each line is a `JobEvent`. An empty line is a heartbeat.",
        response_class=StreamingResponse,
        responses={200: {"content": {NDJSON: {}}}},
    )
    async def events(
        job: Annotated[Job, Depends(job_of)],
        after: Annotated[
            int, Query(ge=0, description="The number of the last event that the client has.")
        ] = 0,
    ) -> StreamingResponse:
        return StreamingResponse(_lines(job, after), headers=UNBUFFERED, media_type=NDJSON)

    @routes.delete(
        "/jobs/{job_id}",
        status_code=202,
        dependencies=writing,
        summary="Cancel a job; what it has done is kept",
    )
    def cancel(job: Annotated[Job, Depends(job_of)]) -> JobFacts:
        job.cancel()
        return job.facts()

    return routes


async def _lines(job: Job, after: int) -> AsyncIterator[str]:
    async for events in job.follow(after):
        yield "".join(event.model_dump_json() + "\n" for event in events) or "\n"
