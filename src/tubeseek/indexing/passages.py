"""Brings indexes of words up to date: those searched by letters, and those searched by meaning."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from tubeseek.catalog import Catalog, IndexedVideo, Progress
from tubeseek.core.events import Event, EventKind
from tubeseek.core.index import Index
from tubeseek.core.passages import video_passages
from tubeseek.core.protocols import PassageStore, VectorStore
from tubeseek.core.types import Passage, Video
from tubeseek.indexing.batches import store_batch, sweep_leftovers

STAGE = "words"
VIDEOS_PER_BATCH = 64  # stored together; also what a crash makes the next run do again


def index_words(catalog: Catalog, store: PassageStore) -> Iterator[Event]:
    """Store the title, description, chapters and captions of every video that changed.

    Yields:
        ADVANCED for each video whose words are safe in the index.
    """
    return _index_passages(
        catalog, catalog.indexed_words, store, store.add, label="words", counted="passages"
    )


def index_meanings(catalog: Catalog, index: Index) -> Iterator[Event]:
    """Store the same words in the index of an encoder that reads them.

    Yields:
        ADVANCED for each video whose words are safe in the index.
    """
    return _index_passages(
        catalog,
        catalog.indexes.videos(index.spec.key),
        index.store,
        index.add_passages,
        label=f"words by {index.spec.name}",
        counted="passages by meaning",
    )


def _index_passages(
    catalog: Catalog,
    progress: Progress,
    store: VectorStore | PassageStore,
    add: Callable[[Sequence[Passage], Mapping[str, Video]], None],
    *,
    label: str,
    counted: str,
) -> Iterator[Event]:
    sweep_leftovers(progress, store)
    ids = progress.pending_ids()
    yield Event(EventKind.STARTED, STAGE, label, total=len(ids))
    stored = 0
    for start in range(0, len(ids), VIDEOS_PER_BATCH):
        words = _words_of(catalog, ids[start : start + VIDEOS_PER_BATCH])
        recorded = store_batch(
            progress, store, words.indexed, partial(add, words.passages, words.videos)
        )
        done = [indexed for indexed in words.indexed if indexed.video_id in recorded]
        stored += sum(indexed.segments for indexed in done)
        for number, indexed in enumerate(done, start=start + 1):
            video = words.videos[indexed.video_id]
            yield Event(EventKind.ADVANCED, STAGE, video.title, video.id, number, len(ids))
    store.commit()
    yield Event(EventKind.FINISHED, STAGE, counts={counted: stored})


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of some videos."""

    passages: list[Passage]
    videos: dict[str, Video]  # by id
    indexed: list[IndexedVideo]


def _words_of(catalog: Catalog, video_ids: Sequence[str]) -> _Words:
    """Return the words of those videos that were not removed meanwhile."""
    words = _Words([], {}, [])
    for video_id in video_ids:
        row = catalog.indexed_words.words(video_id)
        if row is None:
            continue
        video, content, captions = row
        passages = [*video_passages(video), *captions]
        words.passages.extend(passages)
        words.videos[video_id] = video
        words.indexed.append(IndexedVideo(video_id, content, len(passages)))
    return words
