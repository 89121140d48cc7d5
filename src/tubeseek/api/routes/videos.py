"""Single videos: facts, picture and file. Every path comes from the catalogue, none from a URL."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import FileResponse
from starlette.responses import Response

from tubeseek.api.files import nearest_still, picture_response, video_response
from tubeseek.api.security import Access
from tubeseek.core.errors import QueryError
from tubeseek.core.schemas import ListAnswer, Timeline, TimelineRequest, VideoDetail
from tubeseek.library.library import Library

MAX_OFFSET = 2**62  # SQLite counts to 2**63


def video_routes(library: Library, access: Access) -> APIRouter:
    """/videos and what is below it.

    An id may hold slashes, so the routes with an ending come before the one that takes all.
    """
    routes = APIRouter(tags=["videos"])

    @routes.get("/videos", summary="A page of the library, newest addition first")
    def videos(
        limit: Annotated[int, Query(ge=0, le=1000)] = 50,
        offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
    ) -> ListAnswer:
        return library.list(limit, offset)

    @routes.get(
        "/videos/{video_id:path}/thumbnail",
        summary="The picture that stands for a video",
        response_class=FileResponse,
    )
    def thumbnail(video_id: str, request: Request) -> Response:
        media = library.media(video_id)
        if media is None:
            raise HTTPException(
                404, f"there is no picture of {video_id!r} (yet); `tubeseek index` fetches pictures"
            )
        return picture_response(media.thumbnail, request.headers)

    @routes.get(
        "/videos/{video_id:path}/still",
        summary="The picture of a video that is nearest to a second of it",
        response_class=FileResponse,
    )
    def still(
        video_id: str,
        request: Request,
        seconds: Annotated[float, Query(ge=0, allow_inf_nan=False)],
    ) -> Response:
        media = library.media(video_id)
        if media is None or not media.stills:
            raise HTTPException(
                404,
                f"there are no pictures from inside {video_id!r} (yet); `tubeseek index` makes "
                "them of local videos and of storyboards, and the thumbnail is there without",
            )
        return picture_response(nearest_still(media.stills, seconds).path, request.headers)

    @routes.get(
        "/videos/{video_id:path}/file",
        summary="The video itself, where it is a local file and the asker on this machine",
        response_class=FileResponse,
    )
    def file(video_id: str, request: Request) -> Response:
        if not access.is_local(request.headers):
            raise HTTPException(403, "video files are played on the machine they lie on only")
        path = library.file(video_id)
        if path is None:
            raise HTTPException(
                404, f"there is no local file of {video_id!r}; open its url instead"
            )
        return video_response(path)

    @routes.get(
        "/videos/{video_id:path}/timeline", summary="How well each moment of a video fits a query"
    )
    def timeline(
        video_id: str,
        q: Annotated[str, Query(description="as of a search; empty asks for no curves")] = "",
    ) -> Timeline:
        video(video_id)  # a video that is not there is no fault of the query
        return library.timeline(video_id, TimelineRequest(text=q))

    @routes.get("/videos/{video_id:path}", summary="A video in full")
    def video(video_id: str) -> VideoDetail:
        try:
            return library.video(video_id)
        except QueryError as error:
            raise HTTPException(404, str(error)) from error

    return routes
