"""Fills the indexes of a library, switches them on and off, and drops them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial

from tubeseek.catalog import Catalog, IndexRow
from tubeseek.catalog.indexed_videos import IndexedVideos
from tubeseek.catalog.indexed_words import IndexedWords
from tubeseek.core.diagnosis import Diagnosis
from tubeseek.core.errors import StoreError, StoreLockedError
from tubeseek.core.events import Event, EventKind
from tubeseek.core.schemas import IndexRequest, SwitchRequest
from tubeseek.core.types import EncoderSpec
from tubeseek.indexing.captions import fetch_owed_captions, owes_captions
from tubeseek.indexing.embedding import embed_pending
from tubeseek.indexing.passages import index_meanings, index_words
from tubeseek.indexing.segmentation import IndexingTools
from tubeseek.indexing.thumbnail_honesty import rate_thumbnails
from tubeseek.search.calibration import Calibrations
from tubeseek.search.open_indexes import OpenIndexes

VIDEOS_PER_READ = 100  # whose vectors are read at once to examine an index
WORDS_READ = 1_000  # so many videos at most have their words read


class Indexer:
    """Fills, switches and drops the indexes of a library.

    Args:
        catalog: Where the indexes are listed.
        open_indexes: Opens them.
        calibrations: Learns how each index scores once it is filled.
        open_tools: Opens what one run fetches and reads with. The arguments say whether to
            download videos and whether to keep them; None stands for the settings.
        drop_store: Deletes the vectors of an encoder, whose store must not be open.
        default_encoder: For a library without any index.
        meanings_encoder: What words mean is indexed with it beside the first index; empty: with
            none.
        chosen_encoder: The one of the settings; empty for the library's own.
        workers: Threads that fetch and read ahead.
    """

    def __init__(
        self,
        catalog: Catalog,
        open_indexes: OpenIndexes,
        calibrations: Calibrations,
        open_tools: Callable[[bool | None, bool | None], IndexingTools],
        drop_store: Callable[[EncoderSpec], None],
        *,
        default_encoder: str,
        meanings_encoder: str,
        chosen_encoder: str,
        workers: int,
    ) -> None:
        self._catalog, self._indexes = catalog, catalog.indexes
        self._open_indexes, self._calibrations = open_indexes, calibrations
        self._open_tools, self._drop_store = open_tools, drop_store
        self._default_encoder, self._chosen_encoder = default_encoder, chosen_encoder
        self._meanings_encoder = meanings_encoder
        self._workers = workers

    def run(self, request: IndexRequest) -> Iterator[Event]:
        """Fetch and embed what the indexes lack, then index the words.

        The index of a new encoder replaces the active one of its form (stills, clips or words)
        in one step, once it is complete. The first index of a library gets one of what its words
        mean beside it.
        """
        if request.repair:
            if not self._indexes.indexes():
                return
            self._empty_damaged()
        if owes_captions(self._catalog):
            with closing(self._open_tools(None, None)) as tools:
                yield from tools.with_notices(fetch_owed_captions(self._catalog, tools))
        names = self._encoder_names(request.encoder)
        if not self._indexes.indexes():
            self._add_meanings_beside(names[0])
        for name in dict.fromkeys((*names, *self._active_meanings())):
            yield from self._fill(name, request)
        if request.rebuild:
            self._empty_words()
        words = self._open_indexes.words()
        if words.count() < self._catalog.indexed_words.counts()[1]:  # lost, or the terms changed
            self._catalog.indexed_words.forget_all()
        yield from index_words(self._catalog, words)

    def switch(self, request: SwitchRequest) -> None:
        """Switch indexes on and off, and drop some, once all names are checked.

        Raises:
            QueryError: No index has one of the names.
        """
        on, off, drop = map(self._named, (request.on, request.off, request.drop))
        self._indexes.switch([row.key for row in on], [row.key for row in (*off, *drop)])
        for row in drop:
            self._indexes.drop_index(row.key)
            self._open_indexes.forget(row)
            self._drop_store(row.spec)

    def diagnose(self) -> Iterator[Diagnosis]:
        """Open every index and compare what it holds with the catalogue."""
        for row in self._indexes.indexes():
            read = partial(self._read_vectors, row)
            yield _diagnose(f"index {row.encoder}", self._indexes.videos(row.key), read)
        words = self._catalog.indexed_words
        if words.counts()[0]:
            yield _diagnose("index of words", words, self._read_words)

    def _empty_damaged(self) -> None:
        for row in self._indexes.indexes():
            if _is_damaged(self._indexes.videos(row.key), partial(self._read_vectors, row)):
                self._empty(row)
        if _is_damaged(self._catalog.indexed_words, self._read_words):
            self._empty_words()

    def _read_vectors(self, row: IndexRow) -> int:
        """Read an index from end to end; return how many segments there are."""
        store = self._open_indexes.store(row)
        ids = sorted(self._indexes.videos(row.key).video_ids())
        for start in range(0, len(ids), VIDEOS_PER_READ):
            store.read_videos(ids[start : start + VIDEOS_PER_READ])
        return store.count()

    def _read_words(self) -> int:
        """Read the words of some videos; return how many passages there are."""
        store = self._open_indexes.words()
        ids = sorted(self._catalog.indexed_words.video_ids())
        for video_id in ids[:: len(ids) // WORDS_READ + 1]:
            store.read_video(video_id)
        return store.count()

    def _empty(self, row: IndexRow) -> None:
        self._indexes.videos(row.key).forget_all()  # first: a kill leaves it to be made again
        self._open_indexes.empty(row, self._drop_store)

    def _empty_words(self) -> None:
        self._catalog.indexed_words.forget_all()
        self._open_indexes.empty_words(self._drop_store)

    def _encoder_names(self, requested: str | None) -> list[str]:
        """Return the encoders whose indexes are to be brought up to date."""
        active = [row.encoder for row in self._indexes.active_indexes()]
        if requested:
            return [requested]
        if self._chosen_encoder and self._chosen_encoder not in active:
            return [self._chosen_encoder]
        return active or [self._default_encoder]

    def _add_meanings_beside(self, encoder: str) -> None:
        """List the first index of a library, and the index of what its words mean, as active.

        In this order, so that a kill between them leaves a library with an index of pictures.
        """
        first = self._indexes.add_index(encoder, self._open_indexes.encoder(encoder).spec)
        self._indexes.switch([first.key])
        if first.spec.frames and self._meanings_encoder:
            spec = self._open_indexes.encoder(self._meanings_encoder).spec
            self._indexes.switch([self._indexes.add_index(self._meanings_encoder, spec).key])

    def _active_meanings(self) -> list[str]:
        return [row.encoder for row in self._indexes.active_indexes() if not row.spec.frames]

    def _fill(self, name: str, request: IndexRequest) -> Iterator[Event]:
        row = self._indexes.add_index(name, self._open_indexes.encoder(name).spec)
        if request.rebuild:
            self._empty(row)
        active = self._indexes.active_indexes()
        # an index that answers searches already was put beside the others; it replaces none
        joins = request.beside or any(other.key == row.key for other in active)
        replaced = [] if joins else [other for other in active if _same_form(other, row)]
        if not replaced:
            self._indexes.switch([row.key])  # searches use what is there already
        index = self._open_indexes.index(row)
        videos = self._indexes.videos(row.key)
        if index.store.count() < videos.counts()[1]:  # a power cut lost what was not on the disk
            videos.forget_all()
        if row.spec.frames:
            embedded = []
            tools = self._open_tools(request.download, request.keep)
            events = embed_pending(
                self._catalog,
                index,
                tools,
                workers=request.workers or self._workers,
                retry_final=request.retry,
                newest_first=request.newest_first,
            )
            for event in tools.with_notices(events):
                if event.kind is EventKind.ADVANCED:
                    embedded.append(event.video_id)
                yield event
            if row.spec.frames == 1:
                rate_thumbnails(self._catalog, index, embedded)
        else:
            yield from index_meanings(self._catalog, index)
        self._calibrations.refresh(index)  # so that the first search does not wait for it
        self._indexes.switch([row.key], [other.key for other in replaced])

    def _named(self, names: Sequence[str]) -> list[IndexRow]:
        return [row for name in names for row in self._indexes.named(name)]


def _is_damaged(progress: IndexedVideos | IndexedWords, read: Callable[[], int]) -> bool:
    try:
        return read() < progress.counts()[1]
    except StoreLockedError:
        raise
    except StoreError:
        return True


def _diagnose(
    name: str,
    progress: IndexedVideos | IndexedWords,
    read: Callable[[], int],
) -> Diagnosis:
    videos, current = progress.counts()
    try:
        count = read()
    except StoreError as error:
        return Diagnosis(name, str(error), good=False)
    if count < current:
        lost = f"only {count} of {current} vectors are there"
        return Diagnosis(name, f"{lost}; run `tubeseek doctor --repair`", good=False)
    if count > progress.segment_count():
        text = "holds vectors of removed videos or of an interrupted run; run `tubeseek index`"
        return Diagnosis(name, text, good=False)
    return Diagnosis(name, f"{count} vectors of {videos} videos")


def _same_form(first: IndexRow, second: IndexRow) -> bool:
    """Return whether both indexes hold stills, both clips, or both words."""
    return min(first.spec.frames, 2) == min(second.spec.frames, 2)
