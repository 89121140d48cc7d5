"""Videos are removed, added again and searched while they are indexed, in any order.

Afterwards the stores hold exactly what the catalogue has, and searches return exactly that.
"""

import shutil
import tempfile
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from tests.helpers.memory_passages import MemoryPassages
from tests.helpers.memory_store import MemoryStore
from tests.helpers.painted_library import open_painted, paint_dataset
from tests.helpers.palette_encoder import PALETTE, PaletteEncoder
from tubeseek.catalog import Catalog
from tubeseek.core.events import Event
from tubeseek.core.protocols import PassageStore, VectorStore
from tubeseek.core.schemas import (
    AddRequest,
    IndexRequest,
    JobRequest,
    RemoveRequest,
    Scope,
    SearchRequest,
    SyncRequest,
)
from tubeseek.indexing import embedding, passages
from tubeseek.stores.edge.passages import EdgePassages
from tubeseek.stores.edge.store import EdgeStore

COLOURS = {f"v{n}": colour for n, colour in enumerate(PALETTE)}
IDS = st.sampled_from(sorted(COLOURS))


class Kill(BaseException):
    """Stands for a kill: nothing in the run may catch it."""


class Interrupter:
    """Wraps the two stores of a library, and does something before or after their next `add`."""

    def __init__(self, store: VectorStore, words: PassageStore) -> None:
        self.store, self.words = store, words
        self.before: list[Callable[[], object]] = []
        self.after: list[Callable[[], object]] = []
        for each in (store, words):
            each.add = partial(self._add, each.add)  # type: ignore[method-assign]

    def _add(self, add: Callable[..., None], *arguments: object) -> None:
        self._do(self.before)
        add(*arguments)
        self._do(self.after)

    @staticmethod
    def _do(actions: list[Callable[[], object]]) -> None:
        pending = actions[:]
        actions.clear()
        for action in pending:
            action()


class PaintedLibraryMachine(RuleBasedStateMachine):
    """The model is the set of ids that the library ought to have."""

    edge = False

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.data = paint_dataset(self.folder / "data", COLOURS)
        spec = PaletteEncoder().spec
        self.stores = Interrupter(
            EdgeStore(self.folder / "vectors", spec) if self.edge else MemoryStore(spec),
            EdgePassages(self.folder / "words") if self.edge else MemoryPassages(),
        )
        self.library = open_painted(
            self.folder / "library",
            store=lambda _: self.stores.store,
            words=lambda: self.stores.words,
        )
        self.indexing: Generator[Event, None, None] | None = None
        self.ids: set[str] = set()
        self.run(AddRequest(locators=(str(self.data),)))

    def teardown(self) -> None:
        self.stop()
        self.settle()
        self.library.close()
        shutil.rmtree(self.folder)

    def run(self, request: JobRequest) -> None:
        list(self.library.run(request))
        if not isinstance(request, IndexRequest):
            self.ids = set(COLOURS)

    def remove_now(self, video_id: str) -> None:
        answer = self.library.remove(RemoveRequest(names=(video_id,)))
        assert answer.removed == ((video_id,) if video_id in self.ids else ())
        self.ids.discard(video_id)

    @rule(video_id=IDS)
    def remove(self, video_id: str) -> None:
        self.remove_now(video_id)

    @rule(video_id=IDS, adds_again=st.booleans())
    def remove_before_it_is_stored(self, video_id: str, adds_again: bool) -> None:
        self.stores.before.append(lambda: self.remove_now(video_id))
        if adds_again:
            self.stores.before.append(lambda: self.run(SyncRequest()))

    @rule(video_id=IDS, adds_again=st.booleans())
    def remove_before_it_is_recorded(self, video_id: str, adds_again: bool) -> None:
        self.stores.after.append(lambda: self.remove_now(video_id))
        if adds_again:
            self.stores.after.append(lambda: self.run(SyncRequest()))

    @rule(when=st.sampled_from(["before", "after"]))
    def kill_the_run_while_it_stores(self, when: str) -> None:
        def kill() -> None:
            raise Kill

        getattr(self.stores, when).append(kill)

    @rule()
    def sync(self) -> None:
        self.run(SyncRequest())

    @precondition(lambda self: self.indexing is None)
    @rule()
    def begin_indexing(self) -> None:
        self.indexing = self.library.run(IndexRequest(encoder="palette"))

    @precondition(lambda self: self.indexing is not None)
    @rule(steps=st.integers(1, 8))
    def go_on_indexing(self, steps: int) -> None:
        assert self.indexing is not None
        try:
            for _ in range(steps):
                if next(self.indexing, None) is None:
                    self.indexing = None
                    break
        except Kill:
            self.indexing = None

    @precondition(lambda self: self.indexing is not None)
    @rule()
    def stop(self) -> None:
        if self.indexing is not None:
            self.indexing.close()
        self.indexing = None

    @rule(colour=st.sampled_from(list(PALETTE)))
    def search(self, colour: str) -> None:
        assert self.search_ids(colour) <= self.ids

    @precondition(lambda self: self.indexing is None)
    @rule()
    def settle(self) -> None:
        """Index to the end, undisturbed, and compare with the model."""
        self.stores.before.clear()
        self.stores.after.clear()
        self.run(IndexRequest(encoder="palette"))
        assert self.stores.store.video_ids() == self.stores.words.video_ids() == self.ids
        assert self.stores.store.count() == len(self.ids)  # a thumbnail each
        assert self.stores.words.count() == len(self.ids)  # a title each
        assert self.search_ids("red") == self.ids

    def search_ids(self, text: str) -> set[str]:
        request = SearchRequest(text=text, limit=50, using=Scope.PICTURES, fold=False)
        return {hit.video_id for hit in self.library.search(request).hits}


class EdgeLibraryMachine(PaintedLibraryMachine):
    edge = True


@pytest.mark.parametrize(
    ("machine", "examples"), [(PaintedLibraryMachine, 40), (EdgeLibraryMachine, 4)]
)
def test_stores_hold_what_the_catalogue_has(
    machine: type[PaintedLibraryMachine], examples: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "CLIPS_PER_BATCH", 3)
    monkeypatch.setattr(passages, "VIDEOS_PER_BATCH", 3)
    checks = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=checks,
        ),
    )


def test_vectors_that_an_older_tubeseek_left_behind_are_swept(tmp_path: Path) -> None:
    store, words = MemoryStore(PaletteEncoder().spec), MemoryPassages()
    library = open_painted(tmp_path / "library", store=lambda _: store, words=lambda: words)
    list(library.run(AddRequest(locators=(str(paint_dataset(tmp_path / "data", COLOURS)),))))
    list(library.run(IndexRequest(encoder="palette")))
    catalog = Catalog(tmp_path / "library" / "catalog.sqlite")
    for key in catalog.remove_video("v1"):  # and the stores are not cleared
        progress = catalog.indexes.videos(key) if key else catalog.indexed_words
        progress.leftovers.finish_removal("v1")
    catalog.close()
    assert "v1" in store.video_ids()
    assert "v1" in words.video_ids()
    list(library.run(IndexRequest()))
    assert store.video_ids() == words.video_ids() == COLOURS.keys() - {"v1"}
    library.close()


def test_a_removal_that_ends_late_makes_the_video_pending_again(tmp_path: Path) -> None:
    """The remover is slow: the video is added and indexed again before its vectors go."""
    store = MemoryStore(PaletteEncoder().spec)
    library = open_painted(tmp_path / "library", store=lambda _: store)
    list(library.run(AddRequest(locators=(str(paint_dataset(tmp_path / "data", COLOURS)),))))
    list(library.run(IndexRequest(encoder="palette")))
    remove_video, delayed = store.remove_video, []

    def remove_late(video_id: str) -> None:
        if not delayed:
            delayed.append(video_id)
            list(library.run(SyncRequest()))
            list(library.run(IndexRequest()))
        remove_video(video_id)

    store.remove_video = remove_late  # type: ignore[method-assign]
    library.remove(RemoveRequest(names=("v1",)))
    list(library.run(IndexRequest()))
    assert store.video_ids() == set(COLOURS)
    assert store.count() == len(COLOURS)
    library.close()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_video_removed_while_it_is_stored_is_gone_when_the_run_ends(
    tmp_path: Path, when: str
) -> None:
    stores = Interrupter(MemoryStore(PaletteEncoder().spec), MemoryPassages())
    library = open_painted(
        tmp_path / "library", store=lambda _: stores.store, words=lambda: stores.words
    )
    list(library.run(AddRequest(locators=(str(paint_dataset(tmp_path / "data", COLOURS)),))))
    actions: list[Callable[[], object]] = getattr(stores, when)
    actions.append(lambda: library.remove(RemoveRequest(names=("v1",))))
    events = list(library.run(IndexRequest(encoder="palette")))
    assert "v1" not in {event.video_id for event in events}
    assert stores.store.video_ids() == stores.words.video_ids() == COLOURS.keys() - {"v1"}
    catalog = Catalog(tmp_path / "library" / "catalog.sqlite")
    for row in catalog.indexes.indexes():
        assert catalog.indexes.videos(row.key).leftovers.ids() == []
    catalog.close()
    library.close()
