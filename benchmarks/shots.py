"""Measures how well neighbouring stills are joined to shots, on videos whose shots are known.

    python benchmarks/shots.py DEMO/library [--shots DEMO/videos/shots.json]
        [--clips ../shared/data/clips]

The demo's 192 shots, each from a stamp, in 40 videos; and rows of real clips, each taken for a
shot although cameras move in it and some have cuts: forty rows of five clips drawn by chance.
Half of the videos, by the parity of a hash of their ids, chose the measure; the other half reports.
Of each still:

- seek: whether its shot begins in the true shot, so that a player that starts there shows it;
- start, end: how far, in seconds, its shot's are from the true one's, on average;
- shots: how many there are to a true one; above 1, shots are cut too often.
"""

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np

from tubeseek.core.settings import Settings
from tubeseek.core.types import Vectors
from tubeseek.library.library import Library
from tubeseek.library.open import open_library
from tubeseek.media.container import measured_duration, opened
from tubeseek.media.keyframes import keyframes
from tubeseek.search.shots import ALIKE_SHARE, Neighbours, Shot, alike_cosine, cut, shot_at

ROWS, CLIPS_IN_ROW = 40, 5
VIDEO_FILES = (".mp4", ".mkv", ".webm", ".avi", ".gif")
SHARES = (1 / 20, 1 / 10, 3 / 20, ALIKE_SHARE, 3 / 10, 2 / 5, 1 / 2)


class Row(NamedTuple):
    """A video with its stills and its true shots."""

    name: str
    times: list[float]
    vectors: Vectors
    shots: list[Shot]


def demo_rows(library: Library, listing: Path) -> Iterator[Row]:
    """Yield the videos of the demo with the stills of its library."""
    true: dict[str, list[Shot]] = {}
    for shot in json.loads(listing.read_text("utf-8"))["shots"]:
        true.setdefault(shot["video_id"], []).append(Shot(shot["start"], shot["end"]))
    store = library.index("starter").store
    for video_id, shots in true.items():
        batch = store.read_videos([video_id])
        rows = [row for row, segment in enumerate(batch.segments) if segment.kind == "still"]
        yield Row(video_id, [batch.segments[r].start for r in rows], batch.vectors[rows], shots)


def clip_rows(library: Library, folder: Path) -> Iterator[Row]:
    """Yield rows of real clips, one after another as if they were cut into one video."""
    encoder = library.index("starter")._encoder
    files = sorted(path for path in folder.rglob("*") if path.suffix in VIDEO_FILES)
    stills, lengths = {}, {}
    for file in files:
        frames = list(keyframes(file, min_spacing_seconds=1.0))
        stills[file] = (
            [at for at, _ in frames],
            encoder.encode_clips([frame[None] for _, frame in frames]),
        )
        with opened(file) as (container, stream):
            lengths[file] = measured_duration(container, stream)
    chance = random.Random(0)  # noqa: S311  no secret
    for number in range(ROWS):
        times, parts, shots, start = [], [], [], 0.0
        for file in chance.sample(files, CLIPS_IN_ROW):
            own, vectors = stills[file]
            times += [start + at for at in own]
            parts.append(vectors)
            shots.append(Shot(start, start + max(lengths[file], own[-1] + 0.1)))
            start = shots[-1].end
        yield Row(f"row {number}", times, np.concatenate(parts), shots)


def measure(rows: list[Row], alike: float) -> tuple[float, float, float, float]:
    """Return the figures of the module's docstring over all stills of some videos."""
    inside, starts, ends, count, true_count = [], [], [], 0, 0
    for row in rows:
        cosines = np.einsum("ij,ij->i", row.vectors[1:], row.vectors[:-1])
        stills = Neighbours(row.times, row.times, (-1.0, *map(float, cosines)))
        shots = cut(stills, alike, row.shots[-1].end)
        count, true_count = count + len(shots), true_count + len(row.shots)
        for at in row.times:
            own, true = shot_at(shots, at), shot_at(row.shots, at)
            assert own is not None
            assert true is not None
            inside.append(true.start - 1e-6 <= own.start < true.end)
            starts.append(abs(own.start - true.start))
            ends.append(abs(own.end - true.end))
    seek, start, end = (float(np.mean(values)) for values in (inside, starts, ends))
    return seek, start, end, count / true_count


def _report(name: str, rows: list[Row], sample: Vectors) -> None:
    usual = 1 - (1 - alike_cosine(sample)) / ALIKE_SHARE
    print(f"{name}: {sum(len(row.shots) for row in rows)} shots, mean cosine {usual:.2f}")
    for half, parity in (("chosen on", 0), ("reported", 1)):
        own = [row for row in rows if crc32(row.name.encode()) % 2 == parity]
        for share in SHARES:
            seek, start, end, shots = measure(own, 1 - share * (1 - usual))
            print(
                f"  {half}  share {share:.2f}  cosine {1 - share * (1 - usual):.2f}  "
                f"seek {seek:.3f}  start {start:.2f} s  end {end:.2f} s  shots {shots:.2f}"
            )


def main() -> None:
    """Print the figures of each set, by half and by measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("library", type=Path)
    parser.add_argument("--shots", type=Path)
    parser.add_argument("--clips", type=Path)
    options = parser.parse_args()
    library, _ = open_library(Settings(library=options.library), "benchmark")
    sample = (
        library.index("starter")
        .store.read_videos([video.id for video in library.list(200, 0).videos])
        .vectors
    )
    if options.shots:
        _report("demo", list(demo_rows(library, options.shots)), sample)
    if options.clips:
        rows = list(clip_rows(library, options.clips))
        _report("clips", rows, np.concatenate([row.vectors for row in rows]))
    library.close()


if __name__ == "__main__":
    main()
