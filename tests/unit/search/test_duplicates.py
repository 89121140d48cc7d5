"""Re-uploads are folded into the best of them; what only resembles another is not."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.helpers.painted_library import open_painted, paint_dataset
from tubeseek.core.schemas import AddRequest, IndexRequest, SearchRequest
from tubeseek.core.types import Vectors, Video
from tubeseek.search.duplicates import fold_duplicates, look_alike


def stills_of(seed: int, count: int = 12, dim: int = 64) -> Vectors:
    rows = np.random.default_rng(seed).standard_normal((count, dim)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def noisy(vectors: Vectors, share: float) -> Vectors:
    """Each row turned away by noise of this length."""
    rows = vectors + share * stills_of(99, *vectors.shape)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_an_encoding_of_the_same_video_is_a_copy_whatever_its_stills() -> None:
    original = stills_of(1)
    assert look_alike(original, noisy(original, 0.15)[::2])  # fewer stills, cosine about .99
    assert not look_alike(original, stills_of(2))
    half = np.concatenate([original[:6], stills_of(3)[:6]])  # one half in common
    assert not look_alike(original, half)


def test_copies_are_folded_into_the_best_found() -> None:
    vectors = {"upload": stills_of(1), "again": noisy(stills_of(1), 0.1), "other": stills_of(2)}
    videos = {name: Video(name, "", name, duration_seconds=100.0) for name in vectors}
    order = ["other", "again", "upload"]
    assert fold_duplicates(order, videos, lambda ids: vectors) == {"other": [], "again": ["upload"]}


def test_vectors_are_read_once_and_only_where_lengths_allow_a_copy() -> None:
    seconds = {"a": 10.0, "b": 20.0, "c": 10.5, "d": 40.0, "e": 20.0, "f": 10.0}
    videos = {n: Video(n, "", n, duration_seconds=s) for n, s in seconds.items()}
    reads: list[list[str]] = []

    def read(ids: Sequence[str]) -> dict[str, Vectors]:
        reads.append(list(ids))
        return {video_id: stills_of(ord(video_id)) for video_id in ids}

    assert fold_duplicates("abcdef", videos, read) == {video_id: [] for video_id in "abcdef"}
    assert reads == [["a", "b", "c", "e", "f"]]
    assert fold_duplicates("abd", videos, read) == {"a": [], "b": [], "d": []}
    assert len(reads) == 1


def test_what_resembles_a_folded_video_only_is_shown() -> None:
    """Only what is shown stands for others, or a slow change would hide whole series."""
    start, end = stills_of(1), stills_of(2)
    steps = [(1 - share) * start + share * end for share in (0.0, 0.16, 0.3)]
    vectors = {
        n: v / np.linalg.norm(v, axis=1, keepdims=True) for n, v in zip("abc", steps, strict=True)
    }
    assert look_alike(vectors["a"], vectors["b"])
    assert look_alike(vectors["b"], vectors["c"])
    assert not look_alike(vectors["a"], vectors["c"])
    videos = {n: Video(n, "", n, duration_seconds=100.0) for n in vectors}
    assert fold_duplicates("abc", videos, lambda ids: vectors) == {"a": ["b"], "c": []}


def test_an_answer_holds_one_of_them_and_names_the_others(tmp_path: Path) -> None:
    library = open_painted(tmp_path / "library")
    colours = {"first": "red", "second": "red", "third": "blue"}  # the titles name the colours
    folder = paint_dataset(tmp_path / "data", colours)
    list(library.run(AddRequest(locators=(str(folder),))))
    list(library.run(IndexRequest(encoder="palette")))
    folded = library.search(SearchRequest(text="red"))
    assert {hit.video_id: hit.copies for hit in folded.hits} in (
        {"first": ("second",), "third": ()},
        {"second": ("first",), "third": ()},
    )
    whole = library.search(SearchRequest(text="red", fold=False))
    assert [hit.video_id for hit in whole.hits][2] == "third"
    assert len(whole.hits) == 3
    library.close()
