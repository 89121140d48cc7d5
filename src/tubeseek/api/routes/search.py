"""Searching: in full by POST, and by GET for browsers and curl."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Query
from fastapi.exceptions import RequestValidationError
from pydantic import Field, ValidationError
from starlette.concurrency import run_in_threadpool

from tubeseek.core.schemas import Boost, Message, SearchAnswer, SearchRequest, Sort, Using
from tubeseek.core.schemas.search import Fit
from tubeseek.library.library import Library

FetchImage: TypeAlias = Callable[[str], Awaitable[bytes]]

MAX_FETCHES = 8  # pictures fetched at a time, each of up to 20 MB


class SearchParameters(Message):
    """A search as the query of a URL."""

    q: str = Field(
        default="",
        description="what is seen, in words; or a query of several terms",
        examples=["a red sports car"],
    )
    literal: bool = Field(default=False, description="take the words as one sentence")
    image_url: str = Field(default="", description="a picture on the public internet, to 20 MB")
    like: str | None = Field(default=None, description="the id of a video of the library")
    limit: int = Field(default=10, description="the most videos to return, from 1 to 1,000")
    channel: list[str] = Field(default=[], description="any of these channels, by name or id")
    category: list[str] = Field(default=[], description="any of these categories")
    after: date | None = Field(default=None, description="published on or after this day")
    before: date | None = Field(default=None, description="published before this day")
    min_duration: float | None = Field(default=None, description="seconds")
    max_duration: float | None = Field(default=None, description="seconds")
    min_views: int | None = None
    min_honesty: float | None = Field(default=None, description="of the thumbnail, 0 to 1")
    moment_after: float | None = Field(default=None, description="moments from this second on")
    moment_before: float | None = Field(default=None, description="moments before this second")
    encoder: str | None = Field(default=None, description="the index to ask, by its encoder's name")
    using: Using = Field(default=Using.ALL, description="which indexes to ask")
    boost: list[Boost] = Field(default=[], description="what raises a video beside how it fits")
    sort: Sort = Field(default=Sort.BEST, description="the order of what is found")
    fold: bool = Field(default=True, description="return the best of several that show the same")
    min_fit: Fit = Field(
        default=Fit.NONE, description="the least that a hit must fit; none: all, marked"
    )

    def request(self, image: bytes | None) -> SearchRequest:
        """The same as a message.

        Raises:
            RequestValidationError: A value is out of range.
        """
        where = self.model_dump(include=_CONDITIONS, exclude_none=True)
        asked: dict[str, Any] = {"text": self.q, "where": where}
        asked |= self.model_dump(include=_AS_THEY_ARE)
        if image is not None:
            asked |= {"image": base64.b64encode(image), "image_name": self.image_url}
        try:
            return SearchRequest.model_validate(asked)
        except ValidationError as error:
            raise RequestValidationError(error.errors(include_url=False)) from error


_CONDITIONS = {
    *("channel", "category", "after", "before"),
    *("min_duration", "max_duration", "min_views", "min_honesty"),
    *("moment_after", "moment_before"),
}
_AS_THEY_ARE = {"literal", "like", "limit", "encoder", "using", "boost", "sort", "fold", "min_fit"}


def search_routes(library: Library, fetch_image: FetchImage) -> APIRouter:
    """POST and GET /search."""
    routes = APIRouter(tags=["search"])
    fetching = asyncio.Semaphore(MAX_FETCHES)

    @routes.post("/search", summary="Search by words, by a picture or by a video")
    def search(request: SearchRequest) -> SearchAnswer:
        return library.search(request)

    @routes.get("/search", summary="Search from a browser or with curl")
    async def search_by_url(asked: Annotated[SearchParameters, Query()]) -> SearchAnswer:
        asked.request(image=None)  # what cannot be meant is refused before anything is fetched
        image = None
        if asked.image_url:
            async with fetching:
                image = await fetch_image(asked.image_url)
        return await run_in_threadpool(library.search, asked.request(image))

    return routes
