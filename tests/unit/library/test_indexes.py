"""Several indexes of one library: searched together, swapped at one moment, off, dropped."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.painted_library import open_painted, paint_dataset
from tests.helpers.palette_encoder import PALETTE, PaletteEncoder
from tubeseek.core.errors import QueryError
from tubeseek.core.protocols import Encoder
from tubeseek.core.schemas import (
    AddRequest,
    IndexRequest,
    Scope,
    SearchRequest,
    SwitchRequest,
)
from tubeseek.core.types import Vectors
from tubeseek.library.library import Library

PICTURES = Scope.PICTURES


class NamedPalette(PaletteEncoder):
    """The palette under another name; reads clips when `frames` says so."""

    def __init__(self, name: str, frames: int = 1) -> None:
        super().__init__(frames, fingerprint=name)
        self.spec = replace(self.spec, name=name)


class ReversedPalette(NamedPalette):
    """Takes every colour for another one, and says so to whoever asks for it."""

    def encode_texts(self, texts) -> Vectors:
        return np.ascontiguousarray(super().encode_texts(texts)[:, ::-1])


def encoder_of(name: str) -> Encoder:
    if name == "clips":
        return NamedPalette("clips", frames=4)
    return ReversedPalette(name) if name == "backwards" else NamedPalette(name)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = open_painted(tmp_path / "library", encoder=encoder_of)
    folder = paint_dataset(tmp_path / "data", {colour: colour for colour in PALETTE})
    list(library.run(AddRequest(locators=(str(folder),))))
    yield library
    library.close()


def index(library: Library, encoder: str | None, *, beside: bool = False) -> None:
    list(library.run(IndexRequest(encoder=encoder, beside=beside)))


def active(library: Library) -> set[str]:
    return {index_facts.encoder for index_facts in library.status().indexes if index_facts.active}


def test_clips_are_searched_beside_stills_and_stills_in_place_of_stills(library: Library) -> None:
    index(library, "old")
    index(library, "clips")
    assert active(library) == {"old", "clips"}
    index(library, "new")
    assert active(library) == {"new", "clips"}
    index(library, "old", beside=True)
    assert active(library) == {"old", "new", "clips"}
    index(library, None)  # brings all of them up to date and switches none off
    assert active(library) == {"old", "new", "clips"}


def test_all_that_are_on_answer_together_and_one_alone_when_it_is_named(library: Library) -> None:
    index(library, "stills")
    index(library, "clips")
    together = library.search(SearchRequest(text="red", using=PICTURES))
    assert together.encoder == "stills + clips"
    assert together.hits[0].video_id == "red"
    alone = library.search(SearchRequest(text="red", using=PICTURES, encoder="clips"))
    assert alone.encoder == "clips"
    assert alone.hits[0].video_id == "red"
    other = library.search(SearchRequest(text="red", using=PICTURES, encoder="stills"))
    total = alone.hits[0].score + other.hits[0].score  # evidence adds up, and what is needed
    assert together.hits[0].score == pytest.approx(total, abs=1e-3)
    like = library.search(SearchRequest(like="red"))
    assert "red" not in {hit.video_id for hit in like.hits}


def test_weights_decide_between_indexes_that_disagree(library: Library) -> None:
    index(library, "right")
    index(library, "backwards", beside=True)
    names = list(PALETTE)
    mirrored = names[::-1][names.index("red")]

    def first(**weights: float) -> str:
        request = SearchRequest(text="red", using=PICTURES, weights=weights)
        return library.search(request).hits[0].video_id

    assert first(right=5) == "red"
    assert first(backwards=5) == mirrored
    assert first(backwards=0) == "red"
    with pytest.raises(QueryError, match="right"):
        first(nonsense=1)


def test_an_index_that_is_off_is_kept_and_one_dropped_is_not(library: Library) -> None:
    index(library, "stills")
    index(library, "clips")
    list(library.run(SwitchRequest(off=("clips",))))
    assert active(library) == {"stills"}
    index(library, None)  # brings up to date what is on
    assert active(library) == {"stills"}
    list(library.run(SwitchRequest(on=("clips",))))
    assert active(library) == {"stills", "clips"}
    list(library.run(SwitchRequest(drop=("stills",))))
    assert [index.encoder for index in library.status().indexes] == ["clips"]
    assert library.search(SearchRequest(text="blue", using=PICTURES)).hits[0].video_id == "blue"
    with pytest.raises(QueryError, match="clips"):
        list(library.run(SwitchRequest(on=("clips",), drop=("nonsense",))))


def test_no_answer_mixes_the_old_encoder_with_the_new(library: Library) -> None:
    """Searches run while another index is filled, takes over, and the old one is dropped."""
    index(library, "old")
    stop, answers, faults = threading.Event(), [], []

    def ask() -> None:
        while not stop.is_set():
            try:
                answers.append(library.search(SearchRequest(text="red", using=PICTURES)))
            except Exception as error:
                faults.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    for name, before in (("backwards", "old"), ("old", "backwards")) * 5:
        index(library, name)
        list(library.run(SwitchRequest(drop=(before,))))
    stop.set()
    asking.join()
    assert faults == []
    names = list(PALETTE)
    first = {"old": "red", "backwards": names[::-1][names.index("red")]}
    assert {answer.encoder for answer in answers} <= set(first)
    assert all(answer.hits[0].video_id == first[answer.encoder] for answer in answers)
