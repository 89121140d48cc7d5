"""Measures what a library costs: time, memory and disk, for each video and for 1,000 of them.

    python benchmarks/library_cost.py FOLDER                  # of videos, or a dataset
    python benchmarks/library_cost.py FOLDER --encoder siglip2

Runs `tubeseek add` and `tubeseek index` on the folder as a user does, each a process of its own, in
a library that is removed afterwards. The peak of the memory is that of the larger of the two.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tubeseek.core.schemas import Status

THOUSAND = 1000
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Cost:
    """What one command took."""

    seconds: float
    processor_seconds: float
    peak_bytes: int


def run(library: Path, *arguments: str) -> Cost:
    """Run a command of tubeseek on a library and measure it."""
    command = [sys.executable, "-m", "tubeseek", "--library", str(library), "-q", *arguments]
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    if os.waitstatus_to_exitcode(status):
        print(f"{arguments[0]}: some items failed", file=sys.stderr)
    kilobyte = 1 if sys.platform == "darwin" else 1024  # the unit of ru_maxrss
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * kilobyte)


def status_of(library: Path) -> Status:
    """Return what a library holds."""
    command = [sys.executable, "-m", "tubeseek", "--library", str(library), "status", "--json"]
    return Status.model_validate_json(subprocess.check_output(command))


def bytes_on_disk(folder: Path) -> int:
    """Return the blocks that the files of a folder occupy; holes in them are not counted."""
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--encoder", default="starter")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        library = Path(scratch) / "library"
        added = run(library, "add", str(options.folder))
        indexed = run(library, "index", "--encoder", options.encoder)
        status = status_of(library)
        videos, segments = status.indexes[0].videos, status.indexes[0].segments
        parts = {"whole library": bytes_on_disk(library)}
        for name in ("media", "indexes"):
            parts[name] = bytes_on_disk(library / name)
    scale = THOUSAND / videos
    print(f"{videos} videos, {segments} pictures of them, {status.words.passages} passages")
    for name, cost in (("add", added), ("index", indexed)):
        print(
            f"{name}: {cost.seconds:.0f} s ({cost.processor_seconds:.0f} s of processor), "
            f"peak {cost.peak_bytes / MEGABYTE:.0f} MB; "
            f"{THOUSAND:,} videos: {cost.seconds * scale / 60:.1f} min"
        )
    for name, size in parts.items():
        print(
            f"{name}: {size / MEGABYTE:.0f} MB, {size / segments / 1000:.1f} kB a picture; "
            f"{THOUSAND:,} videos: {size * scale / MEGABYTE:.0f} MB"
        )


if __name__ == "__main__":
    main()
