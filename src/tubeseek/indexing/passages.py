"""Brings the indexes of words up to date with the catalogue."""

from collections.abc import Iterator, Sequence

from tubeseek.catalog import Catalog
from tubeseek.core.events import Event, EventKind
from tubeseek.core.index import Index
from tubeseek.core.passages import video_passages
from tubeseek.core.protocols import PassageStore
from tubeseek.core.types import Passage, Video

STAGE = "words"
VIDEOS_PER_BATCH = 64  # stored together; also what a crash makes the next run do again


def index_words(catalog: Catalog, store: PassageStore) -> Iterator[Event]:
    """Stores the title, description, chapters and captions of every video that changed.

    Yields:
        ADVANCED for each video whose words are safe in the index.
    """
    ids = catalog.indexed_words.pending_ids()
    yield Event(EventKind.STARTED, STAGE, "words", total=len(ids))
    stored = 0
    for at in range(0, len(ids), VIDEOS_PER_BATCH):
        batch = ids[at : at + VIDEOS_PER_BATCH]
        for video_id in catalog.indexed_words.begin(batch):  # it may have lost a chapter since
            store.remove_video(video_id)
        passages, videos, done = _words_of(catalog, batch)
        store.add(passages, videos)
        catalog.indexed_words.record(done)
        stored += len(passages)
        for number, (video_id, _, _) in enumerate(done, start=at + 1):
            yield Event(
                EventKind.ADVANCED, STAGE, videos[video_id].title, video_id, number, len(ids)
            )
    store.commit()
    yield Event(EventKind.FINISHED, STAGE, counts={"passages": stored})


def index_meanings(catalog: Catalog, index: Index) -> Iterator[Event]:
    """The same words in an index of an encoder that reads them: found by meaning, not by letters.

    Yields:
        ADVANCED for each video whose words are safe in the index.
    """
    key = index.spec.key
    ids = catalog.indexes.pending_ids(key, retry_final=False)
    yield Event(EventKind.STARTED, STAGE, f"words by {index.spec.name}", total=len(ids))
    stored = 0
    for at in range(0, len(ids), VIDEOS_PER_BATCH):
        batch = ids[at : at + VIDEOS_PER_BATCH]
        for video_id in catalog.indexes.begin_embedding(key, batch):
            index.store.remove_video(video_id)
        passages, videos, done = _words_of(catalog, batch)
        index.add_passages(passages, videos)
        stored += len(passages)
        catalog.indexes.record_embedded(key, done)
        for number, (video_id, _, _) in enumerate(done, start=at + 1):
            yield Event(
                EventKind.ADVANCED, STAGE, videos[video_id].title, video_id, number, len(ids)
            )
    index.store.commit()
    yield Event(EventKind.FINISHED, STAGE, counts={"passages by meaning": stored})


def _words_of(
    catalog: Catalog, video_ids: Sequence[str]
) -> tuple[list[Passage], dict[str, Video], list[tuple[str, str, int]]]:
    """All passages of some videos, the videos, and (id, name of its words, passages) of each."""
    passages: list[Passage] = []
    videos: dict[str, Video] = {}
    done: list[tuple[str, str, int]] = []
    for video_id in video_ids:
        known = catalog.indexed_words.words(video_id)
        if known is None:
            continue  # removed meanwhile
        video, words, said = known
        own = [*video_passages(video), *said]
        passages += own
        videos[video_id] = video
        done.append((video_id, words, len(own)))
    return passages, videos, done
