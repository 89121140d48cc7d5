"""Turns errors into HTTP responses: one table of status codes, one shape of body."""

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
    MediaError: 422,  # the only picture that a request decodes is its own
    EncoderMismatchError: 409,
    StoreError: 503,
    CatalogError: 503,
    ModelUnavailableError: 503,
    TubeseekError: 500,
}
NAMES = {404: QueryError, 401: ConfigError, 403: ConfigError}  # the rest of 4xx is InputError
MAX_INPUT_SHOWN = 80  # characters

DOCUMENTED: dict[int | str, dict[str, Any]] = {
    422: {"model": ErrorAnswer, "description": "The request is not valid"},
    503: {"model": ErrorAnswer, "description": "The library or its encoder is not available"},
}


def code_of(error: TubeseekError) -> int:
    """Return the HTTP status of an error, that of its nearest class in the table."""
    return next(CODES[kind] for kind in type(error).__mro__ if kind in CODES)


def refusal(status: int, message: str) -> JSONResponse:
    """Return a response for a request that did not reach the library."""
    kind = NAMES.get(status, InputError if status < 500 else TubeseekError)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    answer = ErrorAnswer(error=kind.__name__, message=message)
    return JSONResponse(answer.model_dump(), status, headers)


def add_error_handlers(app: FastAPI) -> None:
    """Make `app` answer every error with an `ErrorAnswer`."""

    @app.exception_handler(TubeseekError)
    def on_tubeseek_error(_: Request, error: TubeseekError) -> JSONResponse:
        return JSONResponse(error_answer(error).model_dump(), code_of(error))

    @app.exception_handler(RequestValidationError)
    def on_invalid_request(_: Request, error: RequestValidationError) -> JSONResponse:
        return refusal(422, describe_problems(error.errors()))

    @app.exception_handler(StarletteHTTPException)
    def on_http_error(request: Request, error: HTTPException) -> JSONResponse:
        if error.detail in ("Not Found", "Method Not Allowed"):  # no route matches
            place = f"{request.method} {request.url.path}"
            return refusal(error.status_code, f"there is no {place}; /docs shows what there is")
        return refusal(error.status_code, error.detail)

    @app.exception_handler(Exception)
    def on_unexpected_error(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse(error_answer(error).model_dump(), 500)


def describe_problems(problems: Sequence[Any]) -> str:
    """Return the problems that pydantic reports as text.

    >>> problem = {"type": "less_than", "msg": "Input should be less than 9", "input": 10}
    >>> describe_problems([problem | {"loc": ("body", "limit")}])
    'limit: Input should be less than 9 (got 10)'
    """
    return "; ".join(_describe(problem) for problem in problems)


def _describe(problem: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in problem["loc"] if part not in ("body", "query"))
    if problem["type"] == "json_invalid":
        return f"the body is not JSON: {problem['ctx']['error']} at character {place}"
    text = f"{place or 'the request'}: {problem['msg'].removeprefix('Value error, ')}"
    value = problem["input"]
    if not isinstance(value, str | int | float | bool):
        return text  # the value is a whole object; `place` names the part of it
    shown = repr(value)
    if len(shown) > MAX_INPUT_SHOWN:
        shown = shown[:MAX_INPUT_SHOWN] + "..."
    return f"{text} (got {shown})"
