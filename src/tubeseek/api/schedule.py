"""Syncs and indexes the library of a server from time to time."""

import logging
import threading
from collections.abc import Callable

from tubeseek.api.jobs import Job, JobRunner
from tubeseek.core.errors import TubeseekError
from tubeseek.core.schemas import IndexRequest, SyncRequest

logger = logging.getLogger(__name__)

CHECK_SECONDS = 20.0  # between two looks at the clock


class Schedule:
    """Submits a sync and an indexing whenever they are due, and then updates saved searches.

    What is due is kept in the library, so a server that starts again goes on where it was.

    Args:
        runner: Runs them, after the jobs that are waiting.
        take_due: Returns whether a sync is due, once each time, as `Library.take_due_sync` does.
        update_watches: Updates the saved searches.
    """

    def __init__(
        self,
        runner: JobRunner,
        take_due: Callable[[], bool],
        update_watches: Callable[[], object],
        check_seconds: float = CHECK_SECONDS,
    ) -> None:
        self._runner, self._take_due, self._update_watches = runner, take_due, update_watches
        self._check_seconds = check_seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="tubeseek-schedule", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Submit nothing any more, and wait until the thread has ended."""
        self._stopped.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._stopped.is_set():
            try:
                if self._take_due():
                    self._run()
            except TubeseekError as error:
                logger.warning("the scheduled sync failed: %s", error)
            self._stopped.wait(self._check_seconds)

    def _run(self) -> None:
        self._runner.submit(SyncRequest())
        self._wait_for(self._runner.submit(IndexRequest(newest_first=True)))
        if not self._stopped.is_set():
            self._update_watches()

    def _wait_for(self, job: Job) -> None:
        while not job.facts().state.ended and not self._stopped.wait(min(1.0, self._check_seconds)):
            pass
