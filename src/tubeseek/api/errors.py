"""From errors to HTTP: one table, one shape of body for whatever goes wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from tubeseek.core.errors import (
    CatalogError,
    ConfigError,
    EncoderMismatchError,
    InputError,
    MediaError,
    ModelUnavailableError,
    QueryError,
    StoreError,
    TubeseekError,
)
from tubeseek.core.schemas.server import ErrorAnswer, error_answer

CODES: dict[type[TubeseekError], int] = {
    InputError: 422,
    MediaError: 422,  # the only picture that a request can break on is the one it brought
    EncoderMismatchError: 409,
    StoreError: 503,
    CatalogError: 503,
    ModelUnavailableError: 503,
    TubeseekError: 500,
}
NAMES = {404: QueryError, 401: ConfigError, 403: ConfigError}  # the rest of 4xx is InputError
LONGEST_INPUT_SHOWN = 80  # characters

DOCUMENTED: dict[int | str, dict[str, Any]] = {
    422: {"model": ErrorAnswer, "description": "What was asked cannot be meant"},
    503: {"model": ErrorAnswer, "description": "The library or its encoder cannot be used now"},
}


def code_of(error: TubeseekError) -> int:
    """The HTTP status of an error: that of the nearest class in the table."""
    return next(CODES[kind] for kind in type(error).__mro__ if kind in CODES)


def refusal(status: int, message: str) -> JSONResponse:
    """A body in the one shape for what never reached the library."""
    kind = NAMES.get(status, InputError if status < 500 else TubeseekError)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    answer = ErrorAnswer(error=kind.__name__, message=message)
    return JSONResponse(answer.model_dump(), status, headers)


def add_error_handlers(app: FastAPI) -> None:
    """Makes every error leave `app` as an `ErrorAnswer`."""

    @app.exception_handler(TubeseekError)
    def foreseen(_: Request, error: TubeseekError) -> JSONResponse:
        return JSONResponse(error_answer(error).model_dump(), code_of(error))

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return refusal(422, readable(error.errors()))

    @app.exception_handler(StarletteHTTPException)
    def refused(request: Request, error: HTTPException) -> JSONResponse:
        if error.detail in ("Not Found", "Method Not Allowed"):  # no route took it
            place = f"{request.method} {request.url.path}"
            return refusal(error.status_code, f"there is no {place}; /docs shows what there is")
        return refusal(error.status_code, error.detail)

    @app.exception_handler(Exception)
    def surprise(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse(error_answer(error).model_dump(), 500)


def readable(problems: Sequence[Any]) -> str:
    """What pydantic found, as one sentence for each problem.

    >>> found = {"type": "less_than", "msg": "Input should be less than 9", "input": 10}
    >>> readable([found | {"loc": ("body", "limit")}])
    'limit: Input should be less than 9 (got 10)'
    """
    return "; ".join(_readable(problem) for problem in problems)


def _readable(problem: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in problem["loc"] if part not in ("body", "query"))
    if problem["type"] == "json_invalid":
        return f"the body is no JSON: {problem['ctx']['error']} at character {place}"
    told = f"{place or 'the request'}: {problem['msg'].removeprefix('Value error, ')}"
    given = problem["input"]
    if not isinstance(given, str | int | float | bool):
        return told  # a whole object, of which the place says which part is meant
    shown = repr(given)
    cut = shown if len(shown) <= LONGEST_INPUT_SHOWN else shown[:LONGEST_INPUT_SHOWN] + "..."
    return f"{told} (got {cut})"
