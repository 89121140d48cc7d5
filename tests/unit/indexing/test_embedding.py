"""Embedding brings an index up to date, can be stopped anywhere, and loses nothing."""

from pathlib import Path

import pytest
from PIL import Image

from tests.helpers.painted_library import open_painted, paint_dataset
from tests.helpers.palette_encoder import PALETTE, PaletteEncoder
from tubeseek.core.errors import TubeseekError
from tubeseek.core.events import Event, EventKind
from tubeseek.core.schemas import AddRequest, IndexRequest, SearchRequest, SyncRequest
from tubeseek.library.library import Library

COLOURS = {f"v{n:03}": list(PALETTE)[n % len(PALETTE)] for n in range(100)}


def run(library: Library, request: AddRequest | IndexRequest | SyncRequest) -> list[Event]:
    return list(library.run(request))


def counts(events: list[Event]) -> dict[str, int]:
    """What the stages of a run sum up to."""
    return {name: n for event in events for name, n in event.counts.items()}


def test_each_video_is_reported_once_it_is_safe(tmp_path: Path) -> None:
    library = open_painted(tmp_path / "library")
    data = paint_dataset(tmp_path / "data", COLOURS)
    run(library, AddRequest(locators=(str(data),)))
    events = run(library, IndexRequest(encoder="palette"))
    assert [e.kind for e in events[:1] + events[-1:]] == [EventKind.STARTED, EventKind.FINISHED]
    advanced = [e for e in events if e.kind is EventKind.ADVANCED and e.stage == "index"]
    assert [e.done for e in advanced] == list(range(1, 101))
    assert [e.video_id for e in advanced] == list(COLOURS)
    assert counts(events) == {"indexed": 100, "failed": 0, "segments": 100, "passages": 100}
    assert counts(run(library, IndexRequest()))["indexed"] == 0
    library.close()


def test_stopping_in_the_middle_keeps_what_was_reported(tmp_path: Path) -> None:
    library = open_painted(tmp_path / "library")
    data = paint_dataset(tmp_path / "data", COLOURS)
    run(library, AddRequest(locators=(str(data),)))
    events = library.run(IndexRequest(encoder="palette"))
    for event in events:
        if event.done == 40:
            break
    events.close()
    safe = library.status().indexes[0].videos
    assert 40 <= safe < 100
    assert counts(run(library, IndexRequest()))["indexed"] == 100 - safe
    assert library.status().indexes[0].segments == 100
    library.close()


def test_one_bad_picture_costs_one_message_and_is_tried_again_when_it_changes(
    tmp_path: Path,
) -> None:
    library = open_painted(tmp_path / "library")
    data = paint_dataset(tmp_path / "data", {"good": "red", "bad": "blue", "last": "green"})
    (data / "images" / "1.png").write_bytes(b"")
    run(library, AddRequest(locators=(str(data),)))
    events = run(library, IndexRequest(encoder="palette"))
    failed = [e for e in events if e.kind is EventKind.FAILED]
    assert [e.video_id for e in failed] == ["bad"]
    assert "1.png" in failed[0].message
    assert library.status().failures[0].final
    again = counts(run(library, IndexRequest()))
    assert (again["indexed"], again["failed"]) == (0, 0)
    Image.new("RGB", (32, 18), PALETTE["blue"]).save(data / "images" / "1.png")
    run(library, SyncRequest())
    assert counts(run(library, IndexRequest()))["indexed"] == 1
    assert library.search(SearchRequest(text="blue", limit=1)).hits[0].video_id == "bad"
    assert library.status().failures == ()
    library.close()


def test_a_changed_picture_replaces_the_old_vector(tmp_path: Path) -> None:
    library = open_painted(tmp_path / "library")
    data = paint_dataset(tmp_path / "data", {"a": "red", "b": "green"})
    run(library, AddRequest(locators=(str(data),)))
    run(library, IndexRequest(encoder="palette"))
    Image.new("RGB", (48, 20), PALETTE["cyan"]).save(data / "images" / "0.png")
    assert run(library, SyncRequest())[-1].counts["changed"] == 1
    run(library, IndexRequest())
    assert library.search(SearchRequest(text="cyan", limit=1)).hits[0].video_id == "a"
    (vectors,) = library.index().vectors_by_video(["a"]).values()
    assert vectors.shape[0] == 1
    cyan, red = PaletteEncoder().encode_texts(["cyan", "red"])
    assert vectors[0] @ cyan > 0.99 > vectors[0] @ red
    assert library.status().indexes[0].segments == 2
    library.close()


def test_what_filters_know_follows_the_source(tmp_path: Path) -> None:
    library = open_painted(tmp_path / "library")
    data = paint_dataset(tmp_path / "data", {"a": "red"})
    run(library, AddRequest(locators=(str(data),)))
    run(library, IndexRequest(encoder="palette"))
    table = data / "metadata.csv"
    table.write_text(table.read_text().replace("Warm", "Renamed"))
    run(library, SyncRequest())
    request = SearchRequest(text="red", where={"channel": ["Renamed"]})
    assert [hit.channel for hit in library.search(request).hits] == ["Renamed"]
    library.close()


def test_gone_videos_are_kept_and_marked(tmp_path: Path) -> None:
    library = open_painted(tmp_path / "library")
    data = paint_dataset(tmp_path / "data", {"a": "red", "b": "green"})
    run(library, AddRequest(locators=(str(data),)))
    run(library, IndexRequest(encoder="palette"))
    table = data / "metadata.csv"
    table.write_text("".join(table.read_text().splitlines(keepends=True)[:2]))
    counts = run(library, SyncRequest())[-1].counts
    assert counts["gone"] == 1
    assert {video.id: video.gone for video in library.list(9, 0).videos} == {"a": False, "b": True}
    assert library.search(SearchRequest(text="green", limit=1)).hits[0].video_id == "b"
    library.close()


def test_vectors_that_a_power_cut_took_are_made_again(tmp_path: Path) -> None:
    data = paint_dataset(tmp_path / "data", {"a": "red", "b": "green"})
    library = open_painted(tmp_path / "library")
    run(library, AddRequest(locators=(str(data),)))
    run(library, IndexRequest(encoder="palette"))
    library.close()
    library = open_painted(tmp_path / "library")  # its store, in memory, is empty now
    assert counts(run(library, IndexRequest()))["indexed"] == 2
    assert library.search(SearchRequest(text="red", limit=1)).hits[0].video_id == "a"
    library.close()


def test_an_encoder_that_cannot_be_had_changes_nothing(tmp_path: Path) -> None:
    library = open_painted(tmp_path / "library")
    data = paint_dataset(tmp_path / "data", {"a": "red"})
    run(library, AddRequest(locators=(str(data),)))
    with pytest.raises(TubeseekError):
        run(library, IndexRequest(encoder="unheard-of"))
    assert library.status().indexes == ()
    library.close()
