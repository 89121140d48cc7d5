"""Defines the routes of videos: facts, pictures and files.

The paths of files come from the catalogue, never from a URL.
"""

from typing import Annotated, TypeAlias

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import FileResponse, PlainTextResponse
from starlette.responses import Response

from tubeseek.api.files import CACHED, small_picture_response, video_response
from tubeseek.api.security import Access
from tubeseek.core.errors import QueryError
from tubeseek.core.schemas import ListAnswer, Timeline, TimelineRequest, VideoDetail
from tubeseek.core.segment_plan import still_at
from tubeseek.library.library import Library
from tubeseek.media.webvtt import MEDIA_TYPE, webvtt

Width: TypeAlias = Annotated[
    int | None,
    Query(ge=16, le=2000, description="Scale the picture down to this many pixels, as a JPEG."),
]
MAX_OFFSET = 2**62  # SQLite counts to 2**63


def video_routes(library: Library, access: Access) -> APIRouter:
    """Return the routes under /videos.

    An id may contain slashes, so the route that matches every id comes last.
    """
    routes = APIRouter(tags=["videos"])

    @routes.get("/videos", summary="List videos, the latest additions first")
    def videos(
        limit: Annotated[int, Query(ge=0, le=1000)] = 50,
        offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
    ) -> ListAnswer:
        return library.list(limit, offset)

    @routes.get(
        "/videos/{video_id:path}/thumbnail",
        summary="Get the thumbnail of a video",
        response_class=FileResponse,
    )
    def thumbnail(video_id: str, request: Request, width: Width = None) -> Response:
        media = library.media(video_id)
        if media is None:
            raise HTTPException(
                404, f"there is no picture of {video_id!r}; `tubeseek index` fetches pictures"
            )
        return small_picture_response(media.thumbnail, request.headers, width)

    @routes.get(
        "/videos/{video_id:path}/still",
        summary="Get the picture from inside a video that stands for a second",
        response_class=FileResponse,
    )
    def still(
        video_id: str,
        request: Request,
        seconds: Annotated[float, Query(ge=0, allow_inf_nan=False)],
        width: Width = None,
    ) -> Response:
        media = library.media(video_id)
        if media is None or not media.stills:
            raise HTTPException(
                404,
                f"there are no pictures from inside {video_id!r}; `tubeseek index` makes them "
                "from local videos and storyboards",
            )
        path = still_at(media.stills, seconds).path
        return small_picture_response(path, request.headers, width)

    @routes.get(
        "/videos/{video_id:path}/file",
        summary="Get a local video file, from this machine only",
        response_class=FileResponse,
    )
    def file(
        video_id: str,
        request: Request,
        key: Annotated[
            str,
            Query(description="The HMAC-SHA256 of the id, with the library's secret as its key."),
        ] = "",
    ) -> Response:
        access.check_file(request.headers, video_id, key)
        path = library.file(video_id)
        if path is None:
            raise HTTPException(
                404, f"there is no local file of {video_id!r}; open its url instead"
            )
        return video_response(path)

    @routes.get(
        "/videos/{video_id:path}/captions",
        summary="Get the captions of a video as WebVTT",
        response_class=PlainTextResponse,
    )
    def captions(video_id: str) -> Response:
        cues = library.captions(video_id)
        if not cues:
            raise HTTPException(
                404, f"there are no captions of {video_id!r}; `tubeseek index` fetches them"
            )
        return PlainTextResponse(webvtt(cues), media_type=MEDIA_TYPE, headers=CACHED)

    @routes.get(
        "/videos/{video_id:path}/timeline",
        summary="Get the fit of each moment to a query",
    )
    def timeline(
        video_id: str,
        q: Annotated[
            str, Query(description="A query as in a search. Without it there are no curves.")
        ] = "",
    ) -> Timeline:
        video(video_id)  # a missing video is 404, a faulty query 422
        return library.timeline(video_id, TimelineRequest(text=q))

    @routes.get("/videos/{video_id:path}", summary="Get all facts of a video")
    def video(video_id: str) -> VideoDetail:
        try:
            return library.video(video_id)
        except QueryError as error:
            raise HTTPException(404, str(error)) from error

    return routes
