"""Opens the encoders and stores of a library once, when they are first needed."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from tubeseek.catalog import IndexRow
from tubeseek.core.bm25 import BM25_SPEC
from tubeseek.core.errors import StoreError
from tubeseek.core.index import Index
from tubeseek.core.protocols import Encoder, PassageStore, VectorStore
from tubeseek.core.types import EncoderSpec


class OpenIndexes:
    """The open encoders, by name, and the open stores of a library. Safe to use from many threads.

    Args:
        open_encoder: Opens an encoder by name, hub id or folder. Its second argument opens the
            encoders that this one is made of, so that two names can share them.
        open_store: Opens the vectors of one encoder.
        open_words: Opens the index of words.
    """

    def __init__(
        self,
        open_encoder: Callable[[str, Callable[[str], Encoder]], Encoder],
        open_store: Callable[[EncoderSpec], VectorStore],
        open_words: Callable[[], PassageStore],
    ) -> None:
        self._open_encoder, self._open_store = open_encoder, open_store
        self._open_words = open_words
        self._encoders: dict[str, Encoder] = {}
        self._stores: dict[str, VectorStore] = {}
        self._words: PassageStore | None = None
        self._lock = threading.RLock()
        self._running: set[object] = set()  # one object for each search that runs
        self._search_ended = threading.Condition()

    def index(self, row: IndexRow) -> Index:
        """Return an index that can be searched and filled.

        Raises:
            ModelUnavailableError: The encoder's weights cannot be had.
            EncoderMismatchError: The index was made with other weights.
        """
        return Index(self.encoder(row.encoder), self.store(row))

    def encoder(self, name: str) -> Encoder:
        """Return an encoder by name, hub id or folder."""
        with self._lock:
            if name not in self._encoders:
                self._encoders[name] = self._open_encoder(name, self.encoder)
            return self._encoders[name]

    def store(self, row: IndexRow) -> VectorStore:
        """Return the vectors of an index, without its encoder."""
        with self._lock:
            if row.key not in self._stores:
                self._stores[row.key] = self._open_store(row.spec)
            return self._stores[row.key]

    def words(self) -> PassageStore:
        """Return the index of words."""
        with self._lock:
            if self._words is None:
                self._words = self._open_words()
            return self._words

    @contextmanager
    def keep_open(self) -> Iterator[None]:
        """Keep every index open that a search may use, for as long as the search runs."""
        search = object()
        with self._search_ended:
            self._running.add(search)
        try:
            yield
        finally:
            with self._search_ended:
                self._running.remove(search)
                self._search_ended.notify_all()

    def forget(self, row: IndexRow) -> None:
        """Close an index that the catalogue no longer names, once no running search can use it."""
        with self._search_ended:
            running = set(self._running)
            self._search_ended.wait_for(lambda: not running & self._running)
        with self._lock:
            store = self._stores.pop(row.key, None)
        if store is not None:
            store.close()

    def empty(self, row: IndexRow, drop: Callable[[EncoderSpec], None]) -> None:
        """Delete the vectors of an index that may be damaged; it is made again when next used.

        Searches wait meanwhile.
        """
        with self._lock:
            _close_damaged(self._stores.pop(row.key, None))
            drop(row.spec)

    def empty_words(self, drop: Callable[[EncoderSpec], None]) -> None:
        """Delete the index of words, which may be damaged; it is made again when next used."""
        with self._lock:
            words, self._words = self._words, None
            _close_damaged(words)
            drop(BM25_SPEC)

    def close(self) -> None:
        """Close all stores, also when one of them fails."""
        with self._lock, ExitStack() as closing:
            for store in self._stores.values():
                closing.callback(store.close)
            if self._words is not None:
                closing.callback(self._words.close)


def _close_damaged(store: VectorStore | PassageStore | None) -> None:
    if store is not None:
        with suppress(StoreError):
            store.close()
