"""Lets one process own a library folder: a command, or the server that other commands ask.

Qdrant Edge lets one process open its files. The owner locks `owner.lock`, which the system releases
when the process dies, and writes into `owner.json` its command and, if it is a server, its address.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tubeseek.core.errors import CatalogError, StoreLockedError
from tubeseek.core.files import write_atomically

LOCK_NAME = "owner.lock"
CARD_NAME = "owner.json"


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that has a library open."""

    pid: int
    command: str
    url: str = ""  # of the server, if it is one


UNNAMED = Owner(0, "another tubeseek")  # has the lock and has not written its card yet


class Ownership:
    """Makes this process the owner of a library until `release`.

    Raises:
        StoreLockedError: Another process is the owner.
        CatalogError: The folder cannot be written.
    """

    def __init__(self, library: Path, command: str) -> None:
        from filelock import FileLock, Timeout  # imports asyncio

        self._library, self._command = library, command
        self._lock = FileLock(library / LOCK_NAME, thread_local=False)
        with _folder_errors(library):
            library.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire(timeout=0)
            except Timeout as error:
                raise StoreLockedError(_occupied(library)) from error
            self.announce("")

    def announce(self, url: str) -> None:
        """Write down the address at which the owner answers; empty while it does not."""
        card = json.dumps(asdict(Owner(os.getpid(), self._command, url)))
        with _folder_errors(self._library):
            write_atomically(self._library / CARD_NAME, card.encode(), durable=True)

    def release(self) -> None:
        (self._library / CARD_NAME).unlink(missing_ok=True)
        self._lock.release()


def current_owner(library: Path) -> Owner | None:
    """Return the owner of the library, or None."""
    from filelock import FileLock, Timeout

    lock = FileLock(library / LOCK_NAME)
    if not (library / LOCK_NAME).exists():
        return None
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return read_card(library) or UNNAMED
    except OSError:
        return None  # a folder that is read-only here has no owner that this process could ask
    lock.release()
    return None


def read_card(library: Path) -> Owner | None:
    """Return the last owner that wrote its card, which may be gone by now; None without a card."""
    try:
        return Owner(**json.loads((library / CARD_NAME).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _occupied(library: Path) -> str:
    owner = read_card(library) or UNNAMED
    if owner.url:
        return f"{library} is served at {owner.url} by process {owner.pid}; stop that one first"
    return (
        f"{library} is in use by `{owner.command}` (process {owner.pid}); wait until it is done. "
        "With `tubeseek serve` running, any number of commands can use a library at once"
    )


@contextmanager
def _folder_errors(library: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CatalogError(
            f"{library}: {error.strerror or error}; a library needs a folder that you may write "
            "to and room on its disk, choose another with --library"
        ) from error
