"""Listing local places: what fails is kept, and only what a complete listing lacks is gone."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.helpers.made_videos import RED, make_video
from tubeseek.catalog import Catalog, SourceRow
from tubeseek.core.errors import ItemError, ListingNotice
from tubeseek.core.events import EventKind
from tubeseek.core.protocols import VideoSource
from tubeseek.core.types import Video
from tubeseek.indexing.listing import ingest
from tubeseek.search.open_indexes import OpenIndexes
from tubeseek.sources.local.dataset import DatasetSource
from tubeseek.sources.local.folder import FolderSource


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path / "library" / "catalog.sqlite")
    yield opened
    opened.close()


def unopened(*_: Any) -> Any:
    raise AssertionError("no index exists")


def counts_of(catalog: Catalog, source: VideoSource, place: Path) -> dict[str, int]:
    """List a place and return the counts that are not zero."""
    indexes = OpenIndexes(unopened, unopened, unopened)
    events = list(ingest(catalog, indexes, source, SourceRow(str(place), "x", None), "sync"))
    assert events[-1].kind is EventKind.FINISHED
    return {name: number for name, number in events[-1].counts.items() if number}


def gone(catalog: Catalog) -> set[str]:
    return {video.title for video, is_gone in catalog.list_videos(100) if is_gone}


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    root = tmp_path / "dataset"
    (root / "images").mkdir(parents=True)
    (root / "metadata.csv").write_text("Id,Title\n" + "".join(f"{c},{c}\n" for c in "abcdefgh"))
    for name in "abcdefgh":
        Image.new("RGB", (16, 9)).save(root / "images" / f"{name}.jpg")
    return root


def test_a_row_without_its_picture_has_failed(catalog: Catalog, dataset: Path) -> None:
    assert counts_of(catalog, DatasetSource(), dataset) == {"new": 8}
    (dataset / "images" / "a.jpg").unlink()
    assert counts_of(catalog, DatasetSource(), dataset) == {"same": 7, "failed": 1}
    assert not gone(catalog)


def test_an_unreadable_row_may_be_any_video(catalog: Catalog, dataset: Path) -> None:
    counts_of(catalog, DatasetSource(), dataset)
    table = dataset / "metadata.csv"
    table.write_bytes(table.read_bytes().replace(b"c,c", b"c,\xff"))
    assert counts_of(catalog, DatasetSource(), dataset)["same"] == 7
    assert not gone(catalog)


def test_a_table_that_is_cut_in_the_middle_of_a_row(catalog: Catalog, dataset: Path) -> None:
    table = dataset / "metadata.csv"
    table.write_text(table.read_text().replace("h,h", 'h,"a h, that is long"'))
    counts_of(catalog, DatasetSource(), dataset)
    data = table.read_bytes()
    table.write_bytes(data[: data.index(b"long")])
    assert counts_of(catalog, DatasetSource(), dataset)["same"] == 7
    assert not gone(catalog)


def test_pictures_that_are_not_mounted(catalog: Catalog, dataset: Path) -> None:
    counts_of(catalog, DatasetSource(), dataset)
    (dataset / "images").rename(dataset / "elsewhere")
    assert counts_of(catalog, DatasetSource(), dataset) == {"failed": 1}
    (dataset / "images").mkdir()
    assert counts_of(catalog, DatasetSource(), dataset) == {"failed": 1}
    assert not gone(catalog)


def test_a_row_that_is_deleted_is_gone(catalog: Catalog, dataset: Path) -> None:
    counts_of(catalog, DatasetSource(), dataset)
    table = dataset / "metadata.csv"
    table.write_text(table.read_text().replace("c,c\n", ""))
    (dataset / "images" / "c.jpg").unlink()
    (dataset / "images" / "d.jpg").unlink()  # which has failed
    counts_of(catalog, DatasetSource(), dataset)
    counts_of(catalog, DatasetSource(), dataset)
    assert gone(catalog) == {"c"}


def test_a_file_that_is_being_copied_has_failed(catalog: Catalog, tmp_path: Path) -> None:
    root = tmp_path / "videos"
    root.mkdir()
    for name in ("a", "b", "c", "d"):
        make_video(root / f"{name}.mp4", [RED])
    assert counts_of(catalog, FolderSource(), root) == {"new": 4}
    whole = (root / "a.mp4").read_bytes()
    (root / "a.mp4").write_bytes(whole[:200])
    (root / "b.mp4").unlink()
    for _ in range(2):
        assert counts_of(catalog, FolderSource(), root)["failed"] == 1
    assert gone(catalog) == {"b"}
    (root / "a.mp4").write_bytes(whole)
    assert counts_of(catalog, FolderSource(), root) == {"changed": 1, "same": 2}


def test_a_file_that_may_not_be_read_has_failed(catalog: Catalog, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    root = tmp_path / "videos"
    root.mkdir()
    for name in ("a", "b"):
        make_video(root / f"{name}.mp4", [RED])
    counts_of(catalog, FolderSource(), root)
    (root / "a.mp4").chmod(0)
    assert counts_of(catalog, FolderSource(), root)["failed"] == 1
    assert not gone(catalog)


class ListedItems:
    """Implements the listing of `VideoSource` with given items."""

    def __init__(self, items: list[Video | Exception]) -> None:
        self._items = items

    def list(self, locator: str) -> Iterator[Video | Exception]:
        yield from self._items

    fetch: Any = None

    def close(self) -> None: ...


def test_notices_are_no_items(catalog: Catalog) -> None:
    items = [ListingNotice("how it is read"), ItemError("broken"), Video("a", "", "A")]
    source, row = ListedItems(items), SourceRow("place", "x", 2)
    events = list(ingest(catalog, OpenIndexes(unopened, unopened, unopened), source, row, "add"))
    assert [event.kind for event in events[1:]] == [
        EventKind.NOTICE,
        EventKind.FAILED,
        EventKind.ADVANCED,
        EventKind.FINISHED,
    ]
