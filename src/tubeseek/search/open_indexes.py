"""Opens encoders and stores when they are first needed, once, whichever thread asks."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tubeseek.catalog import IndexRow
from tubeseek.core.index import Index
from tubeseek.core.protocols import Encoder, PassageStore, VectorStore
from tubeseek.core.types import EncoderSpec


class OpenIndexes:
    """What of a library is open: encoders by how they are opened, stores by index, the words."""

    def __init__(
        self,
        encoder: Callable[[str], Encoder],
        store: Callable[[EncoderSpec], VectorStore],
        words: Callable[[], PassageStore],
    ) -> None:
        self._open_encoder, self._open_store, self._open_words = encoder, store, words
        self._encoders: dict[str, Encoder] = {}
        self._stores: dict[str, VectorStore] = {}
        self._words: PassageStore | None = None
        self._lock = threading.RLock()
        self._asking: set[object] = set()  # one for each search that runs
        self._asked = threading.Condition()

    def index(self, row: IndexRow) -> Index:
        """An index ready to be searched and filled.

        Raises:
            ModelUnavailableError: The encoder's weights cannot be had.
            EncoderMismatchError: They are not those that made the index.
        """
        return Index(self.encoder(row.encoder), self.store(row))

    def encoder(self, name: str) -> Encoder:
        """An encoder by name, hub id or folder."""
        with self._lock:
            if name not in self._encoders:
                self._encoders[name] = self._open_encoder(name)
            return self._encoders[name]

    def store(self, row: IndexRow) -> VectorStore:
        """The vectors of an index, without its encoder."""
        with self._lock:
            if row.key not in self._stores:
                self._stores[row.key] = self._open_store(row.spec)
            return self._stores[row.key]

    def words(self) -> PassageStore:
        """The index of words."""
        with self._lock:
            if self._words is None:
                self._words = self._open_words()
            return self._words

    @contextmanager
    def asking(self) -> Iterator[None]:
        """While a search runs in this, no index that it may ask is taken from under it."""
        search = object()
        with self._asked:
            self._asking.add(search)
        try:
            yield
        finally:
            with self._asked:
                self._asking.remove(search)
                self._asked.notify_all()

    def forget(self, row: IndexRow) -> None:
        """Closes an index that no search to come knows of, after those that may ask it now."""
        with self._asked:
            running = set(self._asking)
            self._asked.wait_for(lambda: not running & self._asking)
        with self._lock:
            store = self._stores.pop(row.key, None)
        if store is not None:
            store.close()

    def close(self) -> None:
        with self._lock:
            for store in self._stores.values():
                store.close()
            if self._words is not None:
                self._words.close()
