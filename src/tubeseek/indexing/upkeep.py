"""Refreshes what is known of videos from their sites."""

from collections.abc import Iterator, Sequence

from tubeseek.catalog import Catalog
from tubeseek.core.errors import RateLimitedError, VideoUnavailableError
from tubeseek.core.events import Event, EventKind
from tubeseek.indexing.listing import update_indexes
from tubeseek.indexing.segmentation import IndexingTools
from tubeseek.search.open_indexes import OpenIndexes

STAGE = "refresh"


def refresh_facts(
    catalog: Catalog, open_indexes: OpenIndexes, tools: IndexingTools, ids: Sequence[str]
) -> Iterator[Event]:
    """Fetch the facts of videos again, one after the other, until the site refuses.

    Pictures and captions stay as they are. A video that the site says is gone is marked as gone.

    Yields:
        ADVANCED for each video whose facts were fetched, FAILED for each whose could not be.
    """
    yield Event(EventKind.STARTED, STAGE, "refreshing", total=len(ids))
    counts = dict.fromkeys(("refreshed", "gone", "failed"), 0)
    for number, video_id in enumerate(ids, start=1):
        pending = catalog.indexes.pending(video_id)
        source = tools.facts.get(pending.kind) if pending else None
        if pending is None or source is None:
            continue  # removed, or now from another place
        try:
            video = source.facts(pending.video)
        except RateLimitedError as error:
            counts["failed"] += 1
            yield Event(EventKind.FAILED, STAGE, f"stopped: {error}", total=len(ids))
            break
        except VideoUnavailableError as error:
            if error.final:
                catalog.upkeep.mark_gone(video_id)
            counts["gone" if error.final else "failed"] += 1
            kind = EventKind.NOTICE if error.final else EventKind.FAILED
            yield Event(kind, STAGE, str(error), video_id, total=len(ids))
            continue
        catalog.record_facts(video)
        update_indexes(catalog, open_indexes, video_id)
        counts["refreshed"] += 1
        yield Event(EventKind.ADVANCED, STAGE, video.title, video_id, number, len(ids))
    yield Event(EventKind.FINISHED, STAGE, counts=counts)
