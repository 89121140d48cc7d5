"""How long commands take to start: processor and wall time of whole processes.

    python -m benchmarks.start                # a library of 19 painted pictures, starter encoder
    python -m benchmarks.start --rounds 11

Each command runs once before it is measured; the figures are medians. What the interpreter alone
takes is in the first row: subtract it to see what tubeseek adds.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.helpers.made_library import make_dataset
from tubeseek.core.settings import Settings
from tubeseek.library.open import live_server

QUERY = ("search", "red circles")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        pictures, library = Path(folder) / "pictures", Path(folder) / "library"
        make_dataset(pictures)
        tubeseek = [sys.executable, "-m", "tubeseek", "--library", str(library)]
        for command in (["add", str(pictures)], ["index", "--encoder", "starter"]):
            subprocess.run([*tubeseek, *command], check=True, capture_output=True)
        print(f"| {'command':40} | CPU s | wall s |\n|---|---:|---:|")
        show("python -c pass", [sys.executable, "-c", "pass"], rounds)
        show("tubeseek --version", [*tubeseek[:3], "--version"], rounds)
        show("tubeseek --help", [*tubeseek[:3], "--help"], rounds)
        show("tubeseek status", [*tubeseek, "status"], rounds)
        show("tubeseek search", [*tubeseek, *QUERY], rounds)
        with subprocess.Popen([*tubeseek, "serve"], stderr=subprocess.DEVNULL) as server:
            while live_server(Settings(library=library)) is None:
                assert server.poll() is None, "the server did not start"
                time.sleep(0.1)
            show("tubeseek status, a server answers", [*tubeseek, "status"], rounds)
            show("tubeseek search, a server answers", [*tubeseek, *QUERY], rounds)
            server.terminate()


def show(label: str, command: Sequence[str], rounds: int) -> None:
    """Print the median processor and wall time of a command."""
    times = [measure(command) for _ in range(rounds + 1)][1:]
    cpu, wall = (median(column) for column in zip(*times, strict=True))
    print(f"| {label:40} | {cpu:.3f} | {wall:.3f} |", flush=True)


def measure(command: Sequence[str]) -> tuple[float, float]:
    """Run a command and return its seconds of processor and wall time."""
    before, start = used(), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return used() - before, time.perf_counter() - start


def used() -> float:
    """Return the processor seconds of all child processes that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
