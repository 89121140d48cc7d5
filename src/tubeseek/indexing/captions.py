"""Fetches captions that a site refused when their video was fetched.

YouTube refuses captions (HTTP 429) for hours while it hands out everything else, so a video does
not wait for them: it is indexed by its pictures, and the captions are noted as a failure.
"""

from collections.abc import Iterator

from tubeseek.catalog import CAPTIONS, Catalog
from tubeseek.core.errors import RateLimitedError, VideoUnavailableError
from tubeseek.core.events import Event, EventKind
from tubeseek.indexing.segmentation import IndexingTools

STAGE = "captions"


def owes_captions(catalog: Catalog) -> bool:
    """Return whether the captions of any video are still to be fetched."""
    return bool(catalog.failures.of_stage(CAPTIONS))


def fetch_owed_captions(catalog: Catalog, tools: IndexingTools) -> Iterator[Event]:
    """Fetch what is owed, one video after another, until the site refuses again.

    This changes the words of the videos, so the next indexing of words stores them.

    Yields:
        ADVANCED for each video whose captions came, or that turned out to have none.
    """
    ids = catalog.failures.of_stage(CAPTIONS)
    yield Event(EventKind.STARTED, STAGE, "captions", total=len(ids))
    fetched = 0
    for number, video_id in enumerate(ids, start=1):
        pending = catalog.indexes.pending(video_id)
        source = tools.captions.get(pending.kind) if pending else None
        if pending is None or source is None:
            continue  # removed, or added anew from another place
        try:
            passages, owed = source.captions(pending.video)
        except RateLimitedError as error:
            yield Event(EventKind.FAILED, STAGE, f"stopped: {error}", total=len(ids))
            break
        except VideoUnavailableError as error:
            catalog.failures.note(video_id, CAPTIONS, "" if error.final else str(error))
            yield Event(EventKind.NOTICE, STAGE, str(error), video_id, total=len(ids))
            continue
        catalog.failures.note(video_id, CAPTIONS, owed)
        if owed:  # the source has logged why
            break
        catalog.record_captions(video_id, passages)
        fetched += 1
        yield Event(EventKind.ADVANCED, STAGE, pending.video.title, video_id, number, len(ids))
    yield Event(EventKind.FINISHED, STAGE, counts={"captions": fetched})
