"""Turns records of the catalogue into the messages that a library answers with."""

from tubeseek.catalog import Catalog, Failure
from tubeseek.core.schemas import (
    ChapterFacts,
    FailureFacts,
    IndexFacts,
    SourceFacts,
    Status,
    VideoDetail,
    VideoFacts,
    WordFacts,
)
from tubeseek.core.types import Media, Video


def video_facts(video: Video, *, gone: bool = False) -> VideoFacts:
    """Return a video in short."""
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
    """Return a video in full."""
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
        has_captions=media is not None and bool(media.passages),
    )


def status(catalog: Catalog, library: str, store: str) -> Status:
    """Return what the library holds and what is still to be done."""
    counts, facets = catalog.counts(), catalog.facets()
    retried, final = catalog.failures.counts()
    worded_videos, passages = catalog.indexed_words.counts()
    active = {row.key for row in catalog.indexes.active_indexes()}
    indexes = []
    for row in catalog.indexes.indexes():
        videos, segments = catalog.indexes.videos(row.key).counts()
        facts = IndexFacts(
            encoder=row.encoder,
            name=row.spec.name,
            fingerprint=row.spec.fingerprint,
            languages=row.spec.languages,
            active=row.key in active,
            videos=videos,
            segments=segments,
            pending=len(catalog.indexes.videos(row.key).pending_ids()),
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
        sync_every_seconds=catalog.upkeep.sync_every_seconds(),
        words=WordFacts(
            videos=worded_videos,
            passages=passages,
            pending=len(catalog.indexed_words.pending_ids()),
        ),
        channels=tuple(facets["channel"]),
        categories=tuple(facets["category"]),
        failures=tuple(_failure(f) for f in catalog.failures.latest()),
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
