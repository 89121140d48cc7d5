"""Tells who looks at a run from outside what it is, from its start on, and whether it runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from tubeseek.core.errors import TrainingError
from tubeseek.core.files import write_atomically
from tubeseek.core.schemas.run_record import RunRecord
from tubeseek.training.run_folder import LOCK, STANDING

WAIT_SECONDS = 5.0  # for somebody who looks whether this runs; that takes no time at all


class RunStateFile:
    """`run.json`, replaced whenever more is known."""

    def __init__(self, folder: Path | None) -> None:
        """Args:
        folder: The working folder of the run; None writes nothing.
        """
        self._folder = folder
        self._record = RunRecord(started=datetime.now(UTC), finished=False)

    def update(self, newer: RunRecord) -> None:
        """Write the record again with the fields that are set in a newer one.

        Raises:
            TrainingError: It cannot be written.
        """
        self._record = self._record.updated(newer)
        if self._folder is None:
            return
        with _as_ours(self._folder):
            content = self._record.to_json().encode()
            write_atomically(self._folder / STANDING, content, durable=True)


@contextmanager
def standing_in(folder: Path | None) -> Iterator[RunStateFile]:
    """What is told of a run while it runs; the system ends that when the process dies.

    Args:
        folder: Of what is needed while it runs; None for the processes that do not write.

    Raises:
        TrainingError: Another process trains into the same folder, or it cannot be written.
    """
    if folder is None:
        yield RunStateFile(None)
        return
    lock = FileLock(folder / LOCK, thread_local=False)
    with _as_ours(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=WAIT_SECONDS)
        except Timeout as error:
            raise TrainingError(
                f"another `tubeseek train` writes into {folder.parent}; wait until it is done, or "
                f"choose another --out"
            ) from error
    try:
        yield RunStateFile(folder)
    finally:
        lock.release()


@contextmanager
def _as_ours(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TrainingError(
            f"{folder} cannot be written ({error.strerror or error}); make room, or choose "
            f"another --out"
        ) from error
