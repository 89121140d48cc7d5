"""The library as a whole: whether it answers, what it holds, and forgetting."""

from collections.abc import Callable

from fastapi import APIRouter, Depends

import tubeseek
from tubeseek.library import Library
from tubeseek.messages import RemoveAnswer, RemoveRequest, Status
from tubeseek.wire import Health


def library_routes(library: Library, may_write: Callable[..., None]) -> APIRouter:
    """/health, /status and /remove."""
    routes = APIRouter(tags=["library"])

    @routes.get("/health", summary="Whether the server answers")
    async def health() -> Health:
        return Health(version=tubeseek.__version__, library=str(library.folder))

    @routes.get("/status", summary="What the library holds and what is still to be done")
    def status() -> Status:
        return library.status()

    @routes.post(
        "/remove",
        summary="Forget videos, or a source with all that only it brought",
        dependencies=[Depends(may_write)],
    )
    def remove(request: RemoveRequest) -> RemoveAnswer:
        return library.remove(request)

    return routes
