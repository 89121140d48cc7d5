"""Opens the catalogue's SQLite file, runs transactions and translates errors."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tubeseek.catalog import schema
from tubeseek.core.errors import CatalogError

BUSY_TIMEOUT_SECONDS = 30.0


class Database:
    """One SQLite file in WAL mode; safe to use from several threads and several processes.

    Raises:
        CatalogError: The file cannot be opened or written, or a newer tubeseek made it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        with self._errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                path, BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False
            )
        try:
            with self._errors():
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = NORMAL")
                self._db.execute("PRAGMA foreign_keys = ON")
                schema.migrate(self._db)
        except CatalogError:
            self._db.close()
            raise

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Make all statements inside take effect together, or none."""
        with self._lock, self._errors():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # a full disk rolls back by itself
                    self._db.execute("ROLLBACK")
                raise

    def all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a statement that only reads."""
        with self._lock, self._errors():
            return self._db.execute(query, values).fetchall()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn errors of SQLite and the file system into `CatalogError`."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise CatalogError(f"{self.path}: {error}; {_advice(str(error))}") from error


def now() -> str:
    """Return the time as the catalogue writes it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _advice(message: str) -> str:
    if "full" in message or "No space" in message:
        return "make room on the disk and run the command again, nothing is lost"
    if "locked" in message:
        return "another tubeseek is writing to it, try again in a moment"
    if "malformed" in message or "not a database" in message:
        return "the file is damaged: restore it from a backup, or choose another --library"
    return "check that you may write to this folder, or choose another with --library"
