"""Indexes of two encoders swapped on disk under a server that is asked ten times a second."""

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.api_server import same_user, serving
from tests.helpers.made_adapters import TRAINING, save_heads
from tests.helpers.training_data import paint_pairs
from tubeseek.api.app import create_api
from tubeseek.core.events import EventKind
from tubeseek.core.schemas import (
    AddRequest,
    IndexRequest,
    JobRequest,
    Scope,
    SearchRequest,
    SwitchRequest,
)
from tubeseek.core.settings import load_settings
from tubeseek.library.open import open_library
from tubeseek.library.remote import RemoteLibrary

BETWEEN_SECONDS = 0.1
ANSWERS_EACH = 5  # that are waited for after each swap
PATIENCE_SECONDS = 120
SWAPS = 2
PICTURES = 16
QUERY = SearchRequest(text="red beside blue", using=Scope.PICTURES)


class Asker:
    """Asks one query in a thread, ten times a second, and keeps each answer or fault."""

    def __init__(self, library: RemoteLibrary) -> None:
        self._library = library
        self._news, self._over = threading.Condition(), threading.Event()
        self.requests = 0
        self.answers: list[tuple[str, tuple[tuple[str, float], ...]]] = []
        self.faults: list[Exception] = []
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> "Asker":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def wait_for(self, encoder: str) -> None:
        """Waits until that encoder has answered a few times more."""
        with self._news:
            enough = self._count(encoder) + ANSWERS_EACH
            answered = self._news.wait_for(
                lambda: self.faults or self._count(encoder) >= enough, PATIENCE_SECONDS
            )
        assert answered, f"{encoder} does not answer"

    def _count(self, encoder: str) -> int:
        return sum(name == encoder for name, _ in self.answers)

    def _ask(self) -> None:
        while not self._over.wait(BETWEEN_SECONDS):
            self.requests += 1
            try:
                answer = hits_of(self._library)
            except Exception as error:
                self.faults.append(error)
            else:
                self.answers.append(answer)
            with self._news:
                self._news.notify_all()


def hits_of(library: RemoteLibrary) -> tuple[str, tuple[tuple[str, float], ...]]:
    """Return the name of the picture encoder that answers, and the hits: ids and scores."""
    answer = library.search(QUERY)
    (pictures,) = set(answer.encoder.split(" + ")) - {"sentences"}
    return pictures, tuple((hit.video_id, hit.score) for hit in answer.hits)


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[RemoteLibrary]:
    settings = load_settings({"library": tmp_path / "library", "threads": 1})
    library, _ = open_library(settings, "test")
    try:
        with serving(create_api(library, loopback=True)) as url:
            yield same_user(url, library)
    finally:
        library.close()


def do(library: RemoteLibrary, request: JobRequest) -> None:
    assert not [event for event in library.run(request) if event.kind is EventKind.FAILED]


def test_no_search_is_lost_or_mixed_while_an_adapter_is_swapped_in_and_out(
    remote: RemoteLibrary, tmp_path: Path
) -> None:
    adapted = f"starter+adapter:{save_heads(tmp_path / 'mine', TRAINING)}"
    do(remote, AddRequest(locators=(str(paint_pairs(tmp_path / "data", count=PICTURES)),)))
    alone = {}
    for encoder in (adapted, "starter"):
        do(remote, IndexRequest(encoder=encoder))
        name, hits = hits_of(remote)
        alone[name] = hits
    do(remote, SwitchRequest(drop=(adapted,)))
    first, second = alone
    assert second == "starter"
    assert len(set(alone.values())) == 2

    with Asker(remote) as asker:
        asker.wait_for("starter")
        for _ in range(SWAPS):
            for encoder, name, other in (
                (adapted, first, "starter"),
                ("starter", "starter", adapted),
            ):
                do(remote, IndexRequest(encoder=encoder))
                do(remote, SwitchRequest(drop=(other,)))
                asker.wait_for(name)

    assert asker.faults == []
    assert len(asker.answers) == asker.requests
    assert Counter(name for name, _ in asker.answers).keys() == alone.keys()
    assert all(hits == alone[name] for name, hits in asker.answers)
