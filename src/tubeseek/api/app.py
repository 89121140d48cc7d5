"""Puts the API together."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool

import tubeseek
from tubeseek.api.errors import DOCUMENTED, add_error_handlers
from tubeseek.api.image_fetch import fetch_public_image
from tubeseek.api.jobs import JobRunner
from tubeseek.api.routes.jobs import job_routes
from tubeseek.api.routes.library import library_routes, training_routes
from tubeseek.api.routes.search import FetchImage, search_routes
from tubeseek.api.routes.videos import video_routes
from tubeseek.api.security import Access, BodyGuard, HostGuard
from tubeseek.library.library import Library

PREFIX = "/v1"
TAGS = [
    {"name": "search", "description": "Find videos, and the moments in them."},
    {"name": "videos", "description": "What is known of a video, its picture and its file."},
    {"name": "library", "description": "What the library holds."},
    {"name": "training", "description": "The training runs of the library."},
    {"name": "jobs", "description": "Long verbs: add, sync, index."},
]


def create_api(
    library: Library,
    *,
    loopback: bool,
    token: str | None = None,
    allowed_hosts: Sequence[str] = (),
    fetch_image: FetchImage = fetch_public_image,
) -> FastAPI:
    """The API of a library. It cancels its jobs when it ends; closing the library is the caller's.

    Args:
        library: Open, and owned by this process.
        loopback: Whether the server listens on a loopback address only. Who asks from elsewhere
            may search and look; to write takes the token, and video files are not played.
        token: Lets who knows it write; None lets nobody but the own machine.
        allowed_hosts: Names that the server is reached by, beside localhost and addresses.
        fetch_image: Gets the picture that a search names by its URL.
    """
    access = Access(loopback, (token or "").strip() or None, tuple(allowed_hosts))
    runner = JobRunner(library.run)

    def may_write(request: Request) -> None:
        access.check_write(request.headers)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(runner.shutdown)

    app = FastAPI(
        title="tubeseek",
        summary=tubeseek.__doc__,
        version=tubeseek.__version__,
        openapi_tags=TAGS,
        responses=DOCUMENTED,
        redirect_slashes=False,  # ids may end in one
        lifespan=lifespan,
    )
    add_error_handlers(app)
    app.add_middleware(BodyGuard)
    app.add_middleware(HostGuard, access=access)  # added last, asked first
    app.include_router(search_routes(library, fetch_image), prefix=PREFIX)
    app.include_router(video_routes(library, access), prefix=PREFIX)
    app.include_router(library_routes(library, may_write), prefix=PREFIX)
    app.include_router(training_routes(library), prefix=PREFIX)
    app.include_router(job_routes(runner, may_write), prefix=PREFIX)
    return app
