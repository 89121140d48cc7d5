"""Puts the API together from its routes, guards and error handlers."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Protocol, TypeAlias

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

import tubeseek
from tubeseek.api.errors import DOCUMENTED, add_error_handlers
from tubeseek.api.hosted import HostedLibrary
from tubeseek.api.image_fetch import fetch_public_image
from tubeseek.api.jobs import JobRunner
from tubeseek.api.routes.jobs import job_routes
from tubeseek.api.routes.library import library_routes, training_routes
from tubeseek.api.routes.search import FetchImage, search_routes
from tubeseek.api.routes.videos import video_routes
from tubeseek.api.schedule import Schedule
from tubeseek.api.security import Access, BodyGuard, FrameGuard, HostGuard
from tubeseek.core.schemas.base import build_messages
from tubeseek.library.identity import make_secret
from tubeseek.library.library import Library


class Pages(Protocol):
    """The pages of the app: an ASGI app that is mounted beside the API."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...
    def lifespan(self) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]: ...


MakePages: TypeAlias = Callable[[HostedLibrary], Pages]

PREFIX = "/v1"
TAGS = [
    {"name": "search", "description": "Find videos, and the moments in them."},
    {"name": "videos", "description": "Read the facts, the pictures and the file of a video."},
    {"name": "library", "description": "Read what the library holds, and remove from it."},
    {"name": "training", "description": "Read the training runs of the library."},
    {"name": "jobs", "description": "Run what takes long: add, sync, index."},
]


def create_api(
    library: Library,
    *,
    loopback: bool,
    token: str | None = None,
    allowed_hosts: Sequence[str] = (),
    fetch_image: FetchImage = fetch_public_image,
    url: str = "",
    platform: bool = False,
    make_pages: MakePages | None = None,
) -> FastAPI:
    """Return the API of a library.

    It cancels its jobs when it ends. The caller closes the library.

    Args:
        library: An open library that this process owns.
        loopback: Whether the server listens on a loopback address only. Only such a one sends
            video files.
        token: The token that every client needs to write; None lets only clients of the same user
            write, who prove by the library's secret that they are.
        allowed_hosts: Host names of the server, in addition to localhost and addresses.
        fetch_image: Fetches the picture at the URL in a search.
        url: The address of the server.
        platform: Whether a hosting platform stands in front of the server, checks the names of
            hosts, and may show the pages in a frame of its own.
        make_pages: Makes the pages of the app, which then answer all that is not the API's.

    Raises:
        CatalogError: The secret of the library cannot be written.
    """
    build_messages()
    secret = make_secret(library.folder)
    access = Access(loopback, secret, (token or "").strip() or None, tuple(allowed_hosts))
    runner = JobRunner(library.run, library.interrupt)

    pages = make_pages(HostedLibrary(library, runner, access, url)) if make_pages else None

    def may_write(request: Request) -> None:
        access.check_write(request.headers)

    @asynccontextmanager
    async def lifespan(api: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(run_in_threadpool, runner.shutdown)
            schedule = Schedule(runner, library.take_due_sync, library.update_watches)
            schedule.start()
            stack.push_async_callback(run_in_threadpool, schedule.stop)
            if pages is not None:
                await stack.enter_async_context(pages.lifespan()(api))
            yield

    app = FastAPI(
        title="tubeseek",
        summary=tubeseek.__doc__,
        version=tubeseek.__version__,
        openapi_tags=TAGS,
        responses=DOCUMENTED,
        redirect_slashes=False,  # ids may end in a slash
        lifespan=lifespan,
    )
    add_error_handlers(app)
    app.add_middleware(BodyGuard)
    if not platform:
        app.add_middleware(HostGuard, access=access)  # added last, called first
    app.include_router(search_routes(library, fetch_image), prefix=PREFIX)
    app.include_router(video_routes(library, access), prefix=PREFIX)
    app.include_router(library_routes(library, may_write, has_app=pages is not None), prefix=PREFIX)
    app.include_router(training_routes(library), prefix=PREFIX)
    app.include_router(job_routes(runner, may_write), prefix=PREFIX)
    if pages is not None:
        app.mount(
            "/", pages if platform else FrameGuard(pages)
        )  # last, because it matches every path
    return app
