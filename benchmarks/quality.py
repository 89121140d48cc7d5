"""Measures how often an encoder puts the right picture among the first: recall@k, exact cosine.

    python benchmarks/quality.py --data ../shared/data

Two sets: captions of natural photos (each caption is a query for its photo), and titles of videos
(each a query for its own thumbnail among all of them). The starter was trained on neither.
"""

import argparse
import csv
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tubeseek.core.protocols import Encoder
from tubeseek.core.types import Frames, Vectors
from tubeseek.encoders.starter.encoder import StarterEncoder

CUTOFFS = (1, 5, 10)
CHUNK = 64  # pictures in memory at a time
TIE = 1e-6  # cosines closer than this are equal


@dataclass(frozen=True, slots=True)
class Task:
    """Queries, and for each the position of the one picture that is right."""

    name: str
    pictures: list[Path]
    queries: list[str]
    answers: NDArray[np.int64]


def photos(data: Path) -> Task:
    """Return the task with five captions for each photo (Flickr8k)."""
    folder = data / "photos_captions"
    rows = _rows(folder / "metadata.csv")
    return Task(
        name="caption to photo",
        pictures=[folder / row["file"] for row in rows],
        queries=[row[f"caption_{number}"] for row in rows for number in range(1, 6)],
        answers=np.repeat(np.arange(len(rows)), 5),
    )


def thumbnails(data: Path) -> Task:
    """Return the task with one title for each thumbnail."""
    folder = data / "youtube_thumbnails"
    rows = [row for row in _rows(folder / "metadata.csv") if (folder / row["File"]).is_file()]
    return Task(
        name="title to own thumbnail",
        pictures=[folder / row["File"] for row in rows],
        queries=[row["Title"] for row in rows],
        answers=np.arange(len(rows)),
    )


def ranks(queries: Vectors, pictures: Vectors, answers: NDArray[np.int64]) -> NDArray[np.float64]:
    """Count the pictures before the right one of each query; an equal score counts half.

    Args:
        queries: (n, dim), unit length.
        pictures: (m, dim), unit length.
        answers: (n,), positions in `pictures`.
    """
    scores = queries @ pictures.T  # (n, m)
    right = scores[np.arange(len(answers)), answers][:, None]
    before = (scores > right + TIE).sum(axis=1)
    equal = (np.abs(scores - right) <= TIE).sum(axis=1) - 1  # without the right one itself
    rank: NDArray[np.float64] = before + equal / 2
    return rank


def recall(rank: NDArray[np.float64], cutoff: int) -> float:
    """Return the share of queries whose right picture is among the first `cutoff`."""
    return float((rank < cutoff).mean())


def measure(encoder: Encoder, task: Task) -> str:
    """Return one line of results."""
    parts, encoding = [], 0.0
    for clips in _chunks(task.pictures):
        started = time.perf_counter()
        parts.append(encoder.encode_clips(clips))
        encoding += time.perf_counter() - started
    started = time.perf_counter()
    queries = encoder.encode_texts(task.queries)
    reading = time.perf_counter() - started
    rank = ranks(queries, np.concatenate(parts), task.answers)
    figures = "  ".join(f"@{cutoff} {recall(rank, cutoff):.3f}" for cutoff in CUTOFFS)
    return (
        f"{task.name:24}{figures}   chance @10 {10 / len(task.pictures):.3f}   "
        f"{1000 * encoding / len(task.pictures):.1f} ms a picture, "
        f"{1000 * reading / len(task.queries):.1f} ms a text"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--encoder", choices=["starter"], default="starter")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    encoder = StarterEncoder(threads=options.threads)
    warm_up = np.zeros((1, 360, 640, 3), np.uint8)
    encoder.encode_clips([warm_up])
    encoder.encode_texts(["warm up"])
    load = os.getloadavg()[0]
    print(f"{encoder.spec.name}, {encoder.spec.dim} dimensions; load of the machine {load:.1f}")
    for task in (photos(options.data), thumbnails(options.data)):
        print(measure(encoder, task), flush=True)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _chunks(paths: list[Path]) -> Iterator[list[Frames]]:
    for start in range(0, len(paths), CHUNK):
        yield [read(path) for path in paths[start : start + CHUNK]]


def read(path: Path) -> Frames:
    """Return the picture as a clip of one frame."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))[None]


if __name__ == "__main__":
    main()
