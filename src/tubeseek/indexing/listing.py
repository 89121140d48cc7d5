"""Lists a source into the catalogue, one video at a time."""

from collections.abc import Iterator, Mapping

from tubeseek.catalog import Catalog, ListingChange, SourceRow
from tubeseek.core.errors import ItemError, ListedInPartError, ListingNotice, SourceError
from tubeseek.core.events import Event, EventKind
from tubeseek.core.protocols import VideoSource
from tubeseek.core.types import Video
from tubeseek.search.open_indexes import OpenIndexes

# A listing that lacks more than this many videos, and more than this part of those that were
# listed before, is not believed.
SHRINKS_BY = 3
SHRINKS_BY_PART = 0.1


def ingest(
    catalog: Catalog,
    open_indexes: OpenIndexes,
    source: VideoSource,
    row: SourceRow,
    stage: str,
    *,
    agreeing: int = 1,
    accept_gone: bool = False,
) -> Iterator[Event]:
    """List one place into the catalogue. Each video is on disk as soon as it is known.

    Videos that complete listings no longer name are marked as gone and kept. A listing that was
    cut short by an error, by the site, by `row.item_limit` or by closing this generator marks
    nothing, nor does one with an item of which nobody knows which video it is.

    Args:
        catalog: Where the videos go.
        open_indexes: The indexes, in which filters find the new facts of videos listed before.
        source: The kind of place.
        row: The place.
        stage: The name that the events carry.
        agreeing: How many complete listings, 1 or 2, must lack a video before it is gone; 0 if a
            listing says nothing about what is gone.
        accept_gone: Whether to mark what is missing as gone at once, also if the place was listed
            in part only.

    Yields:
        ADVANCED for each video that is new or changed, FAILED for each item that cannot be
        listed and for a place that was listed in part, and FINISHED with the counts.
    """
    listing = catalog.add_source(row)
    counts = dict.fromkeys(("new", "changed", "same", "gone", "missing", "failed"), 0)
    yield Event(EventKind.STARTED, stage, row.locator)
    cut: ListedInPartError | None = None
    ended, has_unknown_items = False, False
    files: dict[str, str] | None = None  # ids by path
    try:
        for item in _limited(source.list(row.locator), row.item_limit):
            if isinstance(item, Video):
                listed = catalog.record_listed(item, row.locator, listing)
                if listed is not ListingChange.NEW:
                    update_indexes(catalog, open_indexes, item.id)
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
        ended = True
    except ListedInPartError as error:
        cut, ended = error, True
    except SourceError as error:
        counts["failed"] += 1
        yield Event(EventKind.FAILED, stage, str(error))
    if cut and cut.certain and (row.item_limit or not agreeing):
        yield Event(EventKind.NOTICE, stage, str(cut))
    if ended and row.item_limit is None and agreeing and not has_unknown_items:
        confirm = agreeing > 1
        yield from _finish(catalog, row, listing, stage, counts, cut, confirm, accept_gone)
    yield Event(EventKind.FINISHED, stage, row.locator, counts=counts)


def _finish(
    catalog: Catalog,
    row: SourceRow,
    listing: int,
    stage: str,
    counts: dict[str, int],
    cut: ListedInPartError | None,
    confirm: bool,
    accept_gone: bool,
) -> Iterator[Event]:
    """Decide whether a listing that ended was complete, and mark what is gone."""
    missing = len(catalog.missing_ids(row.locator, listing))
    reason = _doubt(catalog, row, counts, cut, missing)
    if reason and not accept_gone:
        counts["failed"] += 1
        counts["missing"] = missing
        yield Event(EventKind.FAILED, stage, _in_part(row.locator, reason, missing))
        return
    if cut and not cut.certain and cut.shortfall > catalog.shortfall(row.locator):
        yield Event(EventKind.NOTICE, stage, f"{cut}; the others are private, removed or left out")
    gone = catalog.finish_listing(
        row.locator,
        listing,
        confirm=confirm and not accept_gone,
        shortfall=cut.shortfall if cut and not cut.certain else 0,
    )
    counts["gone"] = len(gone)
    counts["missing"] = missing - len(gone)
    if counts["missing"]:
        yield Event(
            EventKind.NOTICE,
            stage,
            f"{row.locator}: no longer lists {counts['missing']} videos; they are marked as gone "
            "if the next sync does not find them either",
        )


def _doubt(
    catalog: Catalog,
    row: SourceRow,
    counts: Mapping[str, int],
    cut: ListedInPartError | None,
    missing: int,
) -> str:
    """Return why a listing that ended is not complete, or ""."""
    if cut and (cut.certain or (missing and _is_unusual(cut, catalog.shortfall(row.locator)))):
        return str(cut)
    before = missing + counts["same"] + counts["changed"]
    if missing > max(SHRINKS_BY, SHRINKS_BY_PART * before):
        return f"{row.locator}: {missing} of {before} videos are missing all at once"
    return ""


def _is_unusual(cut: ListedInPartError, usual_shortfall: int) -> bool:
    return not cut.shortfall or cut.shortfall > usual_shortfall


def _in_part(locator: str, reason: str, missing: int) -> str:
    kept = f"the other {missing} videos are kept" if missing else "nothing is marked as gone"
    advice = " or, if they are really gone, `tubeseek sync --accept-gone`" if missing else ""
    reason = reason.removeprefix(f"{locator}: ")
    return f"{locator}: listed in part, {kept} ({reason}); run `tubeseek sync` again later{advice}"


def _limited(items: Iterator[Video | Exception], limit: int | None) -> Iterator[Video | Exception]:
    """Yield the first items, of which notices do not count."""
    count = 0
    while (limit is None or count < limit) and (item := next(items, None)) is not None:
        count += not isinstance(item, ListingNotice)
        yield item


def update_indexes(catalog: Catalog, open_indexes: OpenIndexes, video_id: str) -> None:
    """Bring what filters know of a video up to date with the catalogue."""
    video = catalog.videos([video_id]).get(video_id)
    if video is None:
        return  # removed meanwhile
    for row in catalog.indexes.indexes_with(video_id):
        open_indexes.store(row).update_video(video)
    if catalog.indexed_words.has(video_id):
        open_indexes.words().update_video(video)
