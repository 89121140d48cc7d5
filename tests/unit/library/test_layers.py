"""A verb walks down through the rooms: no room calls one that lies above it.

import-linter checks imports; this checks calls, which a function handed down could turn upwards.
Only `core.index` calls what implements its protocols, which is what protocols are for.
"""

import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType

import pytest

import tubeseek
from tests.helpers.painted_library import open_painted, paint_dataset
from tests.helpers.palette_encoder import PALETTE
from tubeseek.core.schemas import AddRequest, IndexRequest, SearchRequest, SyncRequest

PACKAGE = Path(tubeseek.__file__).parent
PYPROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"
PROTOCOL_USERS = {"core"}  # they call adapters through the protocols


@pytest.fixture(scope="module")
def depth_of_room() -> dict[str, int]:
    """How deep each room lies, as the import contract states it."""
    contracts = tomllib.loads(PYPROJECT.read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["type"] == "layers")
    return {room.strip(): i for i, row in enumerate(layers) for room in row.split("|")}


def room_of(code: CodeType) -> str | None:
    file = Path(code.co_filename)
    if not file.is_relative_to(PACKAGE) or file.parent == PACKAGE:
        return None
    return file.relative_to(PACKAGE).parts[0]


@contextmanager
def calls_between_rooms() -> Iterator[set[tuple[str, str]]]:
    """Record which room calls which in this thread, libraries in between left out."""
    calls: set[tuple[str, str]] = set()

    def record(frame: FrameType, event: str, argument: object) -> None:
        room = room_of(frame.f_code) if event == "call" else None
        caller = frame.f_back
        while room is not None and caller is not None:
            calling = room_of(caller.f_code)
            if calling is not None:
                if calling != room:
                    calls.add((calling, room))
                return
            caller = caller.f_back

    before = sys.getprofile()
    sys.setprofile(record)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def test_verbs_walk_down(tmp_path: Path, depth_of_room: dict[str, int]) -> None:
    folder = paint_dataset(tmp_path / "data", {colour: colour for colour in PALETTE})
    with calls_between_rooms() as calls:
        library = open_painted(tmp_path / "library")
        for request in (
            AddRequest(locators=(str(folder),)),
            IndexRequest(encoder="palette"),
            SyncRequest(),
        ):
            list(library.run(request))
        assert library.search(SearchRequest(text="red")).hits
        library.close()
    assert {("library", "search"), ("library", "indexing"), ("search", "catalog")} <= calls
    upwards = {
        (caller, called)
        for caller, called in calls
        if depth_of_room[caller] > depth_of_room[called] and caller not in PROTOCOL_USERS
    }
    assert not upwards
