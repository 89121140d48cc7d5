"""From what the library knows to the messages that it answers with. Pure functions."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from tubeseek.catalog import Catalog, Failure
from tubeseek.messages import (
    ChapterFacts,
    FailureFacts,
    IndexFacts,
    Moment,
    SearchAnswer,
    SearchHit,
    SearchRequest,
    SourceFacts,
    Status,
    VideoDetail,
    VideoFacts,
    WordFacts,
)
from tubeseek.reasons import reason
from tubeseek.records import Hit, Media, Video, VideoHit

YOUTUBE_HOSTS = ("youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be")


def query_name(request: SearchRequest) -> str:
    """How answers call the query."""
    if request.like is not None:
        return f"like {request.like}"
    return request.image_name or "picture" if request.image is not None else request.text.strip()


def search_answer(
    request: SearchRequest,
    encoders: Sequence[str],
    hits: Sequence[VideoHit],
    notices: Sequence[str],
) -> SearchAnswer:
    """The answer to a search."""
    return SearchAnswer(
        query=query_name(request),
        encoder=" + ".join(encoders),
        hits=tuple(_search_hit(rank, hit) for rank, hit in enumerate(hits, start=1)),
        notices=tuple(notices),
    )


def moment_url(video: Video, seconds: float) -> str:
    """A link that starts there.

    >>> moment_url(Video("abc", "https://www.youtube.com/watch?v=abc", ""), 83.7)
    'https://youtu.be/abc?t=83'
    >>> moment_url(Video("abc", "file:///films/a.mp4", "", file="/films/a.mp4"), 83.7)
    'file:///films/a.mp4#t=83.7'
    """
    if seconds == 0:
        return video.url
    if urlsplit(video.url).hostname in YOUTUBE_HOSTS:
        return f"https://youtu.be/{video.id}?t={int(seconds)}"
    return f"{video.url}#t={seconds:.1f}"  # a media fragment: players of files understand it


def video_facts(video: Video, *, gone: bool = False) -> VideoFacts:
    """A video in short."""
    return VideoFacts(
        id=video.id,
        url=video.url,
        title=video.title,
        channel=video.channel,
        category=video.category,
        published=video.published,
        duration_seconds=video.duration_seconds,
        views=video.views,
        honesty=video.honesty,
        gone=gone,
    )


def video_detail(video: Video, media: Media | None) -> VideoDetail:
    """A video in full."""
    return VideoDetail(
        **video_facts(video).model_dump(),
        description=video.description,
        language=video.language,
        tags=video.tags,
        chapters=tuple(
            ChapterFacts(title=c.title, start=c.start, end=c.end) for c in video.chapters
        ),
        has_picture=media is not None,
        has_file=bool(video.file),
    )


def status(catalog: Catalog, library: str, store: str) -> Status:
    """What there is and what is still to be done."""
    counts, facets = catalog.counts(), catalog.facets()
    retried, final = catalog.failures.counts()
    worded, passages = catalog.wording.counts()
    active = {row.key for row in catalog.stages.active_indexes()}
    indexes = []
    for row in catalog.stages.indexes():
        videos, segments = catalog.stages.embedded_count(row.key)
        facts = IndexFacts(
            encoder=row.encoder,
            name=row.spec.name,
            fingerprint=row.spec.fingerprint,
            languages=row.spec.languages,
            active=row.key in active,
            videos=videos,
            segments=segments,
            pending=len(catalog.stages.pending_ids(row.key, retry_final=False)),
        )
        indexes.append(facts)
    return Status(
        library=library,
        store=store,
        videos=counts["videos"],
        gone=counts["gone"],
        failed=retried,
        failed_for_good=final,
        sources=tuple(SourceFacts(locator=s.locator, kind=s.kind) for s in catalog.sources()),
        indexes=tuple(indexes),
        words=WordFacts(
            videos=worded, passages=passages, pending=len(catalog.wording.pending_ids())
        ),
        channels=tuple(facets["channel"]),
        categories=tuple(facets["category"]),
        failures=tuple(_failure(f) for f in catalog.failures.latest()),
    )


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
        copies=hit.copies,
    )


def _moment(video: Video, hit: Hit) -> Moment:
    segment = hit.segment
    return Moment(
        start=segment.start,
        end=segment.end,
        kind=segment.kind.value,
        url=moment_url(video, segment.start),
        score=round(hit.score, 4),
        reason=reason(hit),
    )


def _failure(failure: Failure) -> FailureFacts:
    return FailureFacts(
        video_id=failure.video_id,
        title=failure.title,
        stage=failure.stage,
        reason=failure.reason,
        final=failure.final,
        attempts=failure.attempts,
    )
