"""Lists a source into the catalogue, one video at a time."""

from collections.abc import Iterator

from tubeseek.catalog import WORDS_KEY, Catalog, ListingChange, SourceRow
from tubeseek.core.errors import ItemError, ListingNotice, SourceError
from tubeseek.core.events import Event, EventKind
from tubeseek.core.protocols import VideoSource
from tubeseek.core.types import Video
from tubeseek.search.open_indexes import OpenIndexes


def ingest(
    catalog: Catalog, open_indexes: OpenIndexes, source: VideoSource, row: SourceRow, stage: str
) -> Iterator[Event]:
    """List one place into the catalogue. Each video is on disk as soon as it is known.

    Videos that a complete listing no longer names are marked as gone and kept. A listing that was
    cut short by an error, by `row.item_limit` or by closing this generator marks nothing, nor does
    one with an item of which nobody knows which video it is.

    Args:
        catalog: Where the videos go.
        open_indexes: The indexes, in which filters find the new facts of videos listed before.
        source: The kind of place.
        row: The place.
        stage: The name that the events carry.

    Yields:
        ADVANCED for each video that is new or changed, FAILED for each item that cannot be
        listed, and FINISHED with the counts.
    """
    listing = catalog.add_source(row)
    counts = dict.fromkeys(("new", "changed", "same", "gone", "failed"), 0)
    yield Event(EventKind.STARTED, stage, row.locator)
    complete, has_unknown_items = False, False
    files: dict[str, str] | None = None  # ids by path
    try:
        for item in _limited(source.list(row.locator), row.item_limit):
            if isinstance(item, Video):
                listed = catalog.record_listed(item, row.locator, listing)
                if listed is not ListingChange.NEW:
                    _update_indexes(catalog, open_indexes, item.id)
                counts[listed] += 1
                done = counts["new"] + counts["changed"] + counts["same"]
                label = item.title if listed is not ListingChange.SAME else ""
                yield Event(EventKind.ADVANCED, stage, label, item.id, done)
                continue
            if isinstance(item, ListingNotice):
                yield Event(EventKind.NOTICE, stage, str(item))
                continue
            group = ""
            if isinstance(item, ItemError):
                if item.file and not item.video_id and files is None:
                    files = catalog.files_of_source(row.locator)
                if video_id := item.video_id or (files or {}).get(item.file, ""):
                    catalog.keep_listed(video_id, row.locator, listing)
                has_unknown_items |= not (item.video_id or item.file)
                group = item.group
            counts["failed"] += 1
            yield Event(EventKind.FAILED, stage, str(item), group=group)
        complete = row.item_limit is None and not has_unknown_items
    except SourceError as error:
        counts["failed"] += 1
        yield Event(EventKind.FAILED, stage, str(error))
    if complete:
        gone = catalog.finish_listing(row.locator, listing)
        counts["gone"] = len(gone)
    yield Event(EventKind.FINISHED, stage, row.locator, counts=counts)


def remove_video(catalog: Catalog, open_indexes: OpenIndexes, video_id: str) -> None:
    """Remove a video from the catalogue, then from all indexes.

    A run that is storing the video at the moment learns of the removal when it records the video,
    and removes it again. What a kill leaves behind is swept by the next run.
    """
    keys = catalog.remove_video(video_id)
    for row in catalog.indexes.indexes():
        if row.key in keys:
            open_indexes.store(row).remove_video(video_id)
            catalog.indexes.videos(row.key).leftovers.finish_removal(video_id)
    if WORDS_KEY in keys:
        open_indexes.words().remove_video(video_id)
        catalog.indexed_words.leftovers.finish_removal(video_id)


def _limited(items: Iterator[Video | Exception], limit: int | None) -> Iterator[Video | Exception]:
    """Yield the first items, of which notices do not count."""
    count = 0
    while (limit is None or count < limit) and (item := next(items, None)) is not None:
        count += not isinstance(item, ListingNotice)
        yield item


def _update_indexes(catalog: Catalog, open_indexes: OpenIndexes, video_id: str) -> None:
    """Bring what filters know of a video up to date with the catalogue."""
    video = catalog.videos([video_id]).get(video_id)
    if video is None:
        return  # removed meanwhile
    for row in catalog.indexes.indexes_with(video_id):
        open_indexes.store(row).update_video(video)
    if catalog.indexed_words.has(video_id):
        open_indexes.words().update_video(video)
