"""Defines the routes of searches: POST for programs, GET for browsers and curl."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError
from starlette.concurrency import run_in_threadpool

from tubeseek.core.schemas import SearchAnswer, SearchRequest, Where
from tubeseek.core.schemas.search import SearchOptions
from tubeseek.library.library import Library

FetchImage: TypeAlias = Callable[[str], Awaitable[bytes]]

MAX_FETCHES = 8  # pictures fetched at a time, each of up to 20 MB


class SearchParameters(SearchOptions, Where):
    """A search as the query of a URL."""

    q: str = Field(
        default="",
        description="What the videos show or say; or a query of several terms.",
        examples=["a red sports car"],
    )
    image_url: str = Field(
        default="",
        description="Search by this picture on the public internet, of 20 MB at most, without `q`.",
    )

    def to_request(self, image: bytes | None) -> SearchRequest:
        """Return the same search as a message.

        Args:
            image: The picture at `image_url`, or None.

        Raises:
            RequestValidationError: The parameters do not fit together.
        """
        fields: dict[str, Any] = {"text": self.q}
        fields["where"] = self.model_dump(include=set(Where.model_fields), exclude_none=True)
        fields |= self.model_dump(include=set(SearchOptions.model_fields))
        if image is not None:
            fields |= {"image": base64.b64encode(image), "image_name": self.image_url}
        try:
            return SearchRequest.model_validate(fields)
        except ValidationError as error:
            raise RequestValidationError(error.errors(include_url=False)) from error


def search_routes(library: Library, fetch_image: FetchImage) -> APIRouter:
    """Return the routes POST and GET /search."""
    routes = APIRouter(tags=["search"])
    fetching = asyncio.Semaphore(MAX_FETCHES)

    @routes.post("/search", summary="Search by words, by a picture or by a video")
    def search(request: SearchRequest) -> SearchAnswer:
        return library.search(request)

    @routes.get("/search", summary="Search from a browser or with curl")
    async def search_by_url(parameters: Annotated[SearchParameters, Query()]) -> SearchAnswer:
        parameters.to_request(image=None)  # refuses what does not fit together before any fetch
        image = None
        if parameters.image_url:
            async with fetching:
                image = await fetch_image(parameters.image_url)
        return await run_in_threadpool(library.search, parameters.to_request(image))

    return routes
