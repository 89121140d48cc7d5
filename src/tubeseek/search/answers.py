"""Turns found videos into the message that answers a search. Pure functions."""

from collections.abc import Sequence

from tubeseek.core.schemas import Moment, SearchAnswer, SearchHit, SearchRequest
from tubeseek.core.times import seconds_text, whole_second
from tubeseek.core.types import MomentHit, Video, VideoHit
from tubeseek.core.youtube_links import is_on_youtube
from tubeseek.search.explanations import reason


def query_name(request: SearchRequest) -> str:
    """Return the name by which answers call the query."""
    if request.like is not None:
        return f"like {request.like}"
    return request.image_name or "picture" if request.image is not None else request.text.strip()


def search_answer(
    request: SearchRequest,
    encoders: Sequence[str],
    hits: Sequence[VideoHit],
    notices: Sequence[str],
) -> SearchAnswer:
    """Return the answer to a search."""
    ranked = enumerate(hits, start=1 + request.offset)
    return SearchAnswer(
        query=query_name(request),
        encoder=" + ".join(encoders),
        hits=tuple(_search_hit(rank, hit) for rank, hit in ranked),
        notices=tuple(notices),
    )


def moment_url(video: Video, seek: float) -> str:
    """Return a link that starts to play at a second of the video.

    >>> moment_url(Video("abc", "https://www.youtube.com/watch?v=abc", ""), 84.0)
    'https://youtu.be/abc?t=84'
    >>> moment_url(Video("abc", "file:///films/a.mp4", "", file="/films/a.mp4"), 83.71)
    'file:///films/a.mp4#t=83.71'
    """
    if seek == 0:
        return video.url
    if is_on_youtube(video.url):
        return f"https://youtu.be/{video.id}?t={int(seek)}"
    # a media fragment: players of files understand it
    return f"{video.url}#t={seconds_text(seek)}"


def _search_hit(rank: int, hit: VideoHit) -> SearchHit:
    video = hit.video
    return SearchHit(
        rank=rank,
        video_id=video.id,
        url=video.url,
        title=video.title,
        channel=video.channel,
        score=round(hit.score, 4),
        category=video.category,
        published=video.published,
        duration_seconds=video.duration_seconds,
        views=video.views,
        honesty=video.honesty,
        moments=tuple(_moment(video, moment) for moment in hit.moments),
        reasons=hit.reasons,
        fit=hit.fit,
        relevance=hit.relevance,
        copies=hit.copies,
    )


def _moment(video: Video, moment: MomentHit) -> Moment:
    hit, seek = moment.hit, moment.seek
    if is_on_youtube(video.url) and seek:
        seek = whole_second(moment.start, seek, moment.end)
    end = moment.end
    if video.duration_seconds is not None and moment.seek < video.duration_seconds:
        end = min(end, video.duration_seconds)  # captions and chapters may go on behind it
    return Moment(
        start=round(moment.start, 3),
        end=round(end, 3),
        seek=seek,
        kind=hit.segment.kind.value,
        url=moment_url(video, seek),
        score=round(hit.score, 4),
        reason=reason(hit),
    )
