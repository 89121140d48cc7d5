"""Damaged and missing indexes end in a message, a repair or a correct answer.

Real folders of Qdrant Edge are cut, overwritten and deleted.
"""

import random
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.helpers.edge_writer import PER_BATCH, SPEC, batch
from tests.helpers.painted_library import open_painted, paint_dataset
from tests.helpers.palette_encoder import PALETTE, PaletteEncoder
from tubeseek.api.jobs import JobRunner
from tubeseek.core.bm25 import BM25_SPEC
from tubeseek.core.errors import StoreError
from tubeseek.core.schemas import AddRequest, IndexRequest, Scope, SearchRequest, TimelineRequest
from tubeseek.core.schemas.server import JobState
from tubeseek.core.types import Video
from tubeseek.library.library import Library
from tubeseek.stores.edge.folder import remove
from tubeseek.stores.edge.passages import EdgePassages
from tubeseek.stores.edge.store import EdgeStore

COLOURS = {f"v{n}": colour for n, colour in enumerate(PALETTE)}
FOLDERS = (PaletteEncoder().spec.key, BM25_SPEC.key)
SEEDS = range(20)
FLIPPED_BITS = 8


def open_edge(folder: Path) -> Library:
    indexes = folder / "indexes"
    return open_painted(
        folder,
        store=lambda spec: EdgeStore(indexes / spec.key, spec),
        words=lambda: EdgePassages(indexes / BM25_SPEC.key),
        drop_store=lambda spec: remove(indexes / spec.key),
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an indexed library, which is closed; copy it."""
    place = tmp_path_factory.mktemp("whole")
    library = open_edge(place / "library")
    list(library.run(AddRequest(locators=(str(paint_dataset(place / "data", COLOURS)),))))
    list(library.run(IndexRequest(encoder="palette")))
    library.close()
    return place / "library"


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Iterator[Path]:
    shutil.copytree(whole, tmp_path / "library")
    return tmp_path / "library"


def damage(folder: Path, seed: int) -> None:
    """Cut, overwrite, empty or delete one file of an index."""
    draw = random.Random(seed)  # noqa: S311  for damage that is the same each time
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.stat().st_size)
    file = draw.choice(files)
    content = bytearray(file.read_bytes())
    match draw.choice(["cut", "flip", "zero", "delete"]):
        case "cut":
            file.write_bytes(content[: draw.randrange(len(content))])
        case "flip":
            for _ in range(FLIPPED_BITS):
                content[draw.randrange(min(len(content), 4096))] ^= 1 << draw.randrange(8)
            file.write_bytes(content)
        case "zero":
            file.write_bytes(bytes(len(content)))
        case _:
            file.unlink()


def make_panic(shard_folder: Path) -> None:
    """Cut a file that Qdrant Edge reads without checking its length."""
    for status in shard_folder.rglob("has_values/status.dat"):
        status.write_bytes(b"")


def ids_of(library: Library, using: Scope) -> set[str]:
    request = SearchRequest(text="red", limit=50, using=using, fold=False)
    return {hit.video_id for hit in library.search(request).hits}


@pytest.mark.parametrize("seed", SEEDS)
def test_each_damage_ends_in_a_message_or_an_answer_and_is_repaired(
    folder: Path, seed: int
) -> None:
    damage(folder / "indexes", seed)
    library = open_edge(folder)
    for using in (Scope.PICTURES, Scope.WORDS):
        with suppress(StoreError):
            assert ids_of(library, using) <= COLOURS.keys()
    with suppress(StoreError):
        list(library.run(IndexRequest()))
    list(library.run(IndexRequest(repair=True)))
    assert [finding for finding in library.diagnose_indexes() if not finding.good] == []
    list(library.run(IndexRequest(rebuild=True)))
    assert ids_of(library, Scope.PICTURES) == COLOURS.keys()
    assert "v0" in ids_of(library, Scope.WORDS)
    library.close()


@pytest.mark.parametrize("name", FOLDERS)
def test_a_missing_folder_is_reported_until_it_is_made_again(folder: Path, name: str) -> None:
    shutil.rmtree(folder / "indexes" / name)
    using = Scope.WORDS if name == BM25_SPEC.key else Scope.PICTURES
    library = open_edge(folder)
    with pytest.raises(StoreError):
        ids_of(library, using)
    timeline = library.timeline("v0", TimelineRequest(text="red"))
    assert len(timeline.notices) == 1
    assert all((curve.index == "words") == (using is Scope.PICTURES) for curve in timeline.curves)
    assert [finding.good for finding in library.diagnose_indexes()].count(False) == 1
    list(library.run(IndexRequest()))
    assert "v0" in ids_of(library, using)
    assert all(finding.good for finding in library.diagnose_indexes())
    library.close()


@pytest.mark.parametrize("name", FOLDERS)
def test_a_job_that_meets_a_panic_fails_and_the_next_one_runs(folder: Path, name: str) -> None:
    make_panic(folder / "indexes" / name)
    library = open_edge(folder)
    runner = JobRunner(library.run)
    try:
        jobs = [
            runner.submit(request)
            for request in (IndexRequest(), IndexRequest(rebuild=True), IndexRequest())
        ]
        while not all(job.facts().state.ended for job in jobs):
            time.sleep(0.05)
    finally:
        runner.shutdown()
    states = [job.facts().state for job in jobs]
    assert states == [JobState.FAILED, JobState.DONE, JobState.DONE]
    failure = jobs[0].facts().failure
    assert failure is not None
    assert failure.error == "StoreError"
    assert ids_of(library, Scope.PICTURES) == COLOURS.keys()
    library.close()


def test_a_library_with_a_panicking_index_lets_go_of_the_rest(folder: Path) -> None:
    make_panic(folder / "indexes" / FOLDERS[0])
    library = open_edge(folder)
    with pytest.raises(StoreError):
        ids_of(library, Scope.PICTURES)
    assert "v0" in ids_of(library, Scope.WORDS)
    library.close()
    library = open_edge(folder)  # the folder of words is not locked
    assert "v0" in ids_of(library, Scope.WORDS)
    library.close()


def test_after_a_panic_the_shard_is_loaded_again(tmp_path: Path) -> None:
    EdgeStore(tmp_path / "other", SPEC).close()
    make_panic(tmp_path / "other")
    with pytest.raises(StoreError) as damaged:
        EdgeStore(tmp_path / "other", SPEC)
    panic = damaged.value.__cause__
    assert panic is not None
    assert not isinstance(panic, Exception)
    store = EdgeStore(tmp_path / "store", SPEC)
    store.add(batch(0), {"v0": Video("v0", "", "")})
    with pytest.raises(StoreError), store._owned.use() as before:
        raise panic
    assert store.count() == PER_BATCH
    with store._owned.use() as after:
        assert after is not before
    store.close()
    EdgeStore(tmp_path / "store", SPEC).close()
