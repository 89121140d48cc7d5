"""From a locator to the catalogue. Each video is on disk as soon as it is known."""

from collections.abc import Callable, Iterator
from itertools import islice

from tubeseek.catalog import Catalog, ListingChange, SourceRow
from tubeseek.core.errors import SourceError
from tubeseek.core.events import Event, EventKind
from tubeseek.core.protocols import VideoSource
from tubeseek.core.types import Video


def ingest(
    catalog: Catalog,
    source: VideoSource,
    row: SourceRow,
    stage: str,
    changed: Callable[[Video], None],
) -> Iterator[Event]:
    """Lists one place into the catalogue.

    What a complete listing no longer names is marked as gone and kept. A listing that was cut
    short, by an error, by `row.item_limit` or by closing this generator, marks nothing.

    Args:
        catalog: Where the videos go.
        source: The kind of place.
        row: The place.
        stage: The name that the events carry.
        changed: Told of each known video after its facts were taken in.

    Yields:
        ADVANCED for each video that is new or changed, FAILED for each item that cannot be
        listed, and FINISHED with the counts.
    """
    listing = catalog.add_source(row)
    counts = dict.fromkeys(("new", "changed", "same", "gone", "failed"), 0)
    yield Event(EventKind.STARTED, stage, row.locator)
    complete = False
    try:
        items = source.list(row.locator)
        if row.item_limit is not None:
            items = islice(items, row.item_limit)
        for item in items:
            if isinstance(item, Video):
                listed = catalog.record_listed(item, row.locator, listing)
                if listed is not ListingChange.NEW:
                    changed(catalog.videos([item.id])[item.id])
                counts[listed] += 1
                done = counts["new"] + counts["changed"] + counts["same"]
                label = item.title if listed is not ListingChange.SAME else ""
                yield Event(EventKind.ADVANCED, stage, label, item.id, done)
            else:
                counts["failed"] += 1
                yield Event(EventKind.FAILED, stage, str(item))
        complete = row.item_limit is None
    except SourceError as error:
        counts["failed"] += 1
        yield Event(EventKind.FAILED, stage, str(error))
    if complete:
        gone = catalog.finish_listing(row.locator, listing)
        counts["gone"] = len(gone)
    yield Event(EventKind.FINISHED, stage, row.locator, counts=counts)
