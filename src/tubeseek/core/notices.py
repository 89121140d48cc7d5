"""Collects what a user should know once, however often it happens."""

from threading import Lock


class Notices:
    """Sentences that wait to be shown, each at most once. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: set[str] = set()
        self._waiting: list[str] = []

    def put(self, text: str) -> None:
        """Add a sentence, unless it was added before."""
        with self._lock:
            if text not in self._known:
                self._known.add(text)
                self._waiting.append(text)

    def take(self) -> list[str]:
        """Return the sentences that were added since the last call."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        return waiting
