"""Long verbs as jobs: start, list, follow, cancel."""

from collections.abc import AsyncIterator, Callable
from typing import Annotated

from fastapi import APIRouter, Body, Depends, HTTPException, Query
from fastapi.responses import StreamingResponse

from tubeseek.api.jobs import Job, JobRunner
from tubeseek.core.schemas import JobRequest
from tubeseek.core.schemas.server import JobFacts, JobsAnswer

NDJSON = "application/x-ndjson"
UNBUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # by proxies on the way
EXAMPLES = {
    "add": {
        "summary": "List a channel into the library",
        "value": {"verb": "add", "locators": ["https://www.youtube.com/@NASA"], "limit": 100},
    },
    "sync": {"summary": "Look again at everything that was added", "value": {"verb": "sync"}},
    "index": {
        "summary": "Fetch and embed what is pending",
        "value": {"verb": "index", "encoder": "starter", "workers": 4},
    },
}


def job_routes(runner: JobRunner, may_write: Callable[..., None]) -> APIRouter:
    """/jobs and what is below it."""
    routes = APIRouter(tags=["jobs"])
    writing = [Depends(may_write)]

    def known(job_id: str) -> Job:
        job = runner.get(job_id)
        if job is None:
            raise HTTPException(404, f"there is no job {job_id!r}; GET /v1/jobs lists them")
        return job

    @routes.post(
        "/jobs", status_code=202, dependencies=writing, summary="Add, sync or index; see the events"
    )
    def start(request: Annotated[JobRequest, Body(openapi_examples=EXAMPLES)]) -> JobFacts:
        return runner.submit(request).facts()

    @routes.get("/jobs", summary="What is done, waits or was done lately; newest first")
    def jobs() -> JobsAnswer:
        return JobsAnswer(jobs=tuple(job.facts() for job in runner.jobs()))

    @routes.get("/jobs/{job_id}", summary="Where a job stands")
    def job(found: Annotated[Job, Depends(known)]) -> JobFacts:
        return found.facts()

    @routes.get(
        "/jobs/{job_id}/events",
        summary="The events of a job as they happen, until it ends",
        description="One `JobEvent` a line; an empty line where nothing happened for a while.",
        response_class=StreamingResponse,
        responses={200: {"content": {NDJSON: {}}}},
    )
    async def events(
        found: Annotated[Job, Depends(known)],
        after: Annotated[int, Query(ge=0, description="the number of the last one known")] = 0,
    ) -> StreamingResponse:
        return StreamingResponse(_lines(found, after), headers=UNBUFFERED, media_type=NDJSON)

    @routes.delete(
        "/jobs/{job_id}",
        status_code=202,
        dependencies=writing,
        summary="Cancel a job; what it has done stays",
    )
    def cancel(found: Annotated[Job, Depends(known)]) -> JobFacts:
        found.cancel()
        return found.facts()

    return routes


async def _lines(job: Job, after: int) -> AsyncIterator[str]:
    async for events in job.follow(after):
        yield "".join(event.model_dump_json() + "\n" for event in events) or "\n"
