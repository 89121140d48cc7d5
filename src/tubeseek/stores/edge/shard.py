"""Opens the shard of an embedded store, replaces it by a built copy, and closes it.

Both stores on Qdrant Edge work with one of these, and decide what a point holds.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from subprocess import Popen
from threading import Lock

import qdrant_edge as qe

from tubeseek.core.errors import StoreError
from tubeseek.core.types import EncoderSpec
from tubeseek.stores.edge.build import finish_build, start_build
from tubeseek.stores.edge.folder import (
    Card,
    copy_shard,
    edge_errors,
    is_panic,
    own,
    read_card,
    require_room,
    sweep,
    sync_all,
    write_card,
)
from tubeseek.stores.payload import check_spec


class OwnedShard:
    """A folder that this process owns, and the shard in it that counts now.

    Locks are taken by the stores, with nothing but `with lock`: a context manager of ours around
    them could be left by Ctrl-C while it holds one.

    Args:
        folder: Where the shard is kept; made if it does not exist.
        spec: The encoder of the vectors in it.
        create: Makes an empty shard in a new folder.
        count_loose: How many points of a shard are outside what was built; where it is not given,
            the card is believed.

    Attributes:
        writing: Held by whoever writes points, the card, or puts another shard in place.
        committing: Held by a commit that lets writers in meanwhile; taken before `writing`.
        card: What the card will say when it is written next.

    Raises:
        StoreLockedError: Another process has the folder open.
        EncoderMismatchError: The folder holds vectors of another encoder.
        StoreError: Anything else that Qdrant Edge or the disk reports.
    """

    def __init__(
        self,
        folder: Path,
        spec: EncoderSpec,
        create: Callable[[Path], qe.EdgeShard],
        count_loose: Callable[[qe.EdgeShard], int] | None = None,
    ) -> None:
        self.folder = folder
        self.writing = Lock()
        self.committing = Lock()
        self._build: Popen[bytes] | None = None
        self._closing = False
        self._opening = Lock()  # held while the shard is loaded again after a panic
        self._lock = own(folder)
        try:
            self.card = read_card(folder) or _begin(folder, spec, create)
            check_spec(self.card.spec, spec, str(folder))
            with edge_errors(folder):
                sweep(folder)
                require_room(folder)
                shard = qe.EdgeShard.load(str(folder / self.card.shard))
                loose = count_loose(shard) if count_loose else 0
            # The card may be older than the last writes, if the program was killed.
            self.card = replace(self.card, loose=max(self.card.loose, loose))
        except BaseException:
            self._lock.release()
            raise
        self._shard: qe.EdgeShard | None = shard

    @contextmanager
    def use(self) -> Iterator[qe.EdgeShard]:
        """Yield the current shard, and translate what Qdrant Edge raises into our errors.

        Enter it once for each call: a commit puts another shard in place. After a panic of Qdrant
        Edge the shard is closed, and the next call loads it again.

        Raises:
            StoreError: The store was closed, or Qdrant Edge or the disk reports something.
        """
        shard = None
        try:
            with edge_errors(self.folder):
                shard = self._current()
                yield shard
        except StoreError as error:
            if shard is not None and is_panic(error.__cause__):
                self._discard(shard)
            raise

    def _current(self) -> qe.EdgeShard:
        with self._opening:
            if self._shard is None:
                if self._closing:
                    raise StoreError(f"{self.folder} was closed; open the store again")
                self._shard = qe.EdgeShard.load(str(self.folder / self.card.shard))
            return self._shard

    def _discard(self, shard: qe.EdgeShard) -> None:
        with self._opening:
            if self._shard is shard:
                self._shard = None
        with suppress(StoreError), edge_errors(self.folder):  # it may panic once more
            shard.close()

    def note_loose(self, points: int) -> None:
        """Note that so many points are about to be written outside what was built."""
        self.card = replace(self.card, loose=self.card.loose + points)

    def write_card(self) -> None:
        write_card(self.folder, self.card)

    def sync(self) -> None:
        """Write the shard to the disk."""
        # Not flush(): that holds the GIL for half a second.
        sync_all(self.folder / self.card.shard)

    def require_room_for_copy(self) -> None:
        """Raise StoreError if the disk is too full to copy and build the shard."""
        require_room(self.folder, for_copies_of=self.folder / self.card.shard)

    def copy(self) -> Path:
        """Copy the shard to the folder of the following one. Call it while nobody writes."""
        folder = self.folder / self.card.following.shard
        copy_shard(self.folder / self.card.shard, folder)
        return folder

    def build(self, folder: Path, when_closed: str) -> qe.EdgeShard:
        """Build a copy in another process, and open it.

        Raises:
            StoreError: It could not be built; or `close` broke it off, `when_closed`.
        """
        self._build = start_build(folder)
        try:
            if self._closing:  # between the two lines above
                self._build.kill()
            finish_build(self._build)
        except StoreError as error:
            if not self._closing:
                raise
            raise StoreError(f"{self.folder} was closed while {when_closed}") from error
        finally:
            self._build = None
        sync_all(folder)  # else loading waits for the disk, and holds the GIL meanwhile
        return qe.EdgeShard.load(str(folder))

    def put_in_place(self, card: Card, shard: qe.EdgeShard) -> None:
        """Make `shard` the current one, on the disk first."""
        try:
            write_card(self.folder, card)
        finally:  # whatever came in between, Ctrl-C say: the card on the disk decides
            if read_card(self.folder) == card:
                self.card, self._shard = card, shard

    def sweep(self) -> None:
        """Remove all other shards.

        A running search may still use the old shard, which closes with the last of them.
        """
        sweep(self.folder)

    def close(self) -> None:
        """Release the folder and stop a running `build`; closing twice is harmless."""
        self._closing = True
        build = self._build
        if build is not None:
            build.kill()
        with self.committing, self.writing, edge_errors(self.folder), ExitStack() as last:
            shard, self._shard = self._shard, None
            last.callback(self._lock.release)
            if shard is not None:
                last.callback(shard.close)
                self.write_card()


def _begin(folder: Path, spec: EncoderSpec, create: Callable[[Path], qe.EdgeShard]) -> Card:
    card = Card(spec, generation=1, loose=0)
    with edge_errors(folder):
        sweep(folder)
        require_room(folder)
        create(folder / card.shard).close()
        write_card(folder, card)
    return card
