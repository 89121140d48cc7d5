"""Training runs: how they stand, their curves, and their reports."""

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from tubeseek.errors import QueryError
from tubeseek.library import Library
from tubeseek.messages import RunDetail, RunsAnswer

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
    """/training and what is below it."""
    routes = APIRouter(tags=["training"])

    @routes.get("/training", summary="The training runs of the library, the latest first")
    def runs() -> RunsAnswer:
        return library.training_runs()

    @routes.get("/training/{name}", summary="A training run in full, with its curves")
    def run(name: str) -> RunDetail:
        try:
            return library.training_run(name)
        except QueryError as error:
            raise HTTPException(404, str(error)) from error

    @routes.get(
        "/training/{name}/report",
        summary="What `tubeseek eval --report` has written of a training run",
        response_class=HTMLResponse,
    )
    def report(name: str) -> Response:
        run(name)
        path = library.report(name)
        if path is None:
            raise HTTPException(
                404,
                f"there is no report of {name!r}; "
                f"`tubeseek eval --compare A B --report FOLDER/report` with its folder makes one",
            )
        return HTMLResponse(path.read_bytes(), headers=REPORT_HEADERS)

    return routes
