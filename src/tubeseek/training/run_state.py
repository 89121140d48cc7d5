"""Records a run from its start, so that other processes see what it is and whether it runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from tubeseek.core.errors import TrainingError
from tubeseek.core.files import write_atomically
from tubeseek.core.schemas.run_record import RunRecord
from tubeseek.training.run_folder import LOCK, STANDING

WAIT_SECONDS = 5.0  # a process that checks whether this runs holds the lock for less


class RunStateFile:
    """Writes `run.json`, and replaces it whenever more is known."""

    def __init__(self, folder: Path | None) -> None:
        """Args:
        folder: The work folder of the run; None writes nothing.
        """
        self._folder = folder
        self._record = RunRecord(started=datetime.now(UTC), finished=False)

    def update(self, newer: RunRecord) -> None:
        """Set the fields that a newer record has, and write the file again.

        Raises:
            TrainingError: It cannot be written.
        """
        self._record = self._record.updated(newer)
        if self._folder is None:
            return
        with _translate_errors(self._folder):
            content = self._record.to_json().encode()
            write_atomically(self._folder / STANDING, content, durable=True)


@contextmanager
def open_run_state(folder: Path | None) -> Iterator[RunStateFile]:
    """Mark a run as running until the block ends; the system does so if the process dies.

    Args:
        folder: The work folder of the run; None in processes that do not write.

    Raises:
        TrainingError: Another process trains into the same folder, or it cannot be written.
    """
    if folder is None:
        yield RunStateFile(None)
        return
    lock = FileLock(folder / LOCK, thread_local=False)
    with _translate_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=WAIT_SECONDS)
        except Timeout as error:
            raise TrainingError(
                f"another `tubeseek train` writes to {folder.parent}; wait until it ends, or "
                f"choose another --out"
            ) from error
    try:
        yield RunStateFile(folder)
    finally:
        lock.release()


@contextmanager
def _translate_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TrainingError(
            f"{folder} cannot be written ({error.strerror or error}); make room, or choose "
            f"another --out"
        ) from error
