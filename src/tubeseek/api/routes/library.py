"""Defines the routes of the library as a whole, and of its training runs."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query
from fastapi.responses import HTMLResponse
from starlette.responses import Response

import tubeseek
from tubeseek.core.errors import QueryError
from tubeseek.core.schemas import RemoveAnswer, RemoveRequest, RunDetail, RunsAnswer, Status
from tubeseek.core.schemas.server import Health
from tubeseek.library.identity import library_id, proof_of
from tubeseek.library.library import Library


def library_routes(
    library: Library, may_write: Callable[..., None], *, has_app: bool = False
) -> APIRouter:
    """Return the routes /health, /status and /remove."""
    routes = APIRouter(tags=["library"])
    identity = library_id(library.folder)

    @routes.get("/health", summary="Check that the server answers")
    async def health(
        challenge: Annotated[
            str, Query(max_length=64, description="Random text; the answer then has a proof.")
        ] = "",
    ) -> Health:
        proof = proof_of(identity, challenge) if identity and challenge else ""
        folder = str(library.folder)
        return Health(version=tubeseek.__version__, library=folder, proof=proof, app=has_app)

    @routes.get("/status", summary="Get what the library holds and what is pending or failed")
    def status() -> Status:
        return library.status()

    @routes.post(
        "/remove",
        summary="Remove videos, or a source with the videos that only it brought",
        dependencies=[Depends(may_write)],
    )
    def remove(request: RemoveRequest) -> RemoveAnswer:
        return library.remove(request)

    return routes


# A report is a file in a folder that others may have handed on. It holds its pictures and its
# style; nothing in it is run, nothing is loaded, and it belongs to no origin.
REPORT_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src data:; "
    "style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def training_routes(library: Library) -> APIRouter:
    """Return the routes under /training."""
    routes = APIRouter(tags=["training"])

    @routes.get("/training", summary="List the training runs of the library, the latest first")
    def runs() -> RunsAnswer:
        return library.training_runs()

    @routes.get("/training/{name}", summary="Get a training run with its curves")
    def run(name: str) -> RunDetail:
        try:
            return library.training_run(name)
        except QueryError as error:
            raise HTTPException(404, str(error)) from error

    @routes.get(
        "/training/{name}/report",
        summary="Get the report of a training run that `tubeseek eval --report` wrote",
        response_class=HTMLResponse,
    )
    def report(name: str) -> Response:
        run(name)
        path = library.report(name)
        if path is None:
            raise HTTPException(
                404,
                f"there is no report of {name!r}; `tubeseek eval --compare A B --report "
                "FOLDER/report` writes one into the folder of the run",
            )
        return HTMLResponse(path.read_bytes(), headers=REPORT_HEADERS)

    return routes
