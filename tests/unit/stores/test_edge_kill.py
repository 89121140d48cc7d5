"""kill -9 at random moments: what the store has acknowledged is there afterwards."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.helpers import edge_writer
from tests.helpers.edge_writer import PER_BATCH, SPEC, batch
from tubeseek.core.filters import Filter
from tubeseek.stores.edge.store import EdgeStore

pytestmark = pytest.mark.slow  # starts processes and kills them


def run_and_kill(folder: Path, mode: str, after: str, delay_seconds: float) -> list[str]:
    """Starts the writer, kills it some time after its first line that is `after`.

    Returns:
        All lines that it wrote to their end: the last one may have been cut off.
    """
    command = [sys.executable, edge_writer.__file__, str(folder), mode]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        written = ""
        for line in writer.stdout:
            written += line
            if line.startswith(after):
                break
        time.sleep(delay_seconds)
        writer.kill()
        whole, _, _ = (written + writer.stdout.read()).rpartition("\n")
    assert whole, "the writer did not start"
    return whole.splitlines()


def check_whole(folder: Path, acknowledged: int) -> None:
    """The store opens, and holds the first `acknowledged` batches as they were given."""
    store = EdgeStore(folder, SPEC, hnsw_from=1)
    try:
        # The batch under way may have arrived in part.
        assert acknowledged * PER_BATCH <= store.count() <= (acknowledged + 1) * PER_BATCH
        for number in range(acknowledged):
            got, expected = store.read_videos([f"v{number}"]), batch(number)
            assert list(got.segments) == list(expected.segments)
            np.testing.assert_array_equal(got.vectors, expected.vectors)
        last = acknowledged - 1
        hits = store.search(batch(last).vectors[0], 3 * PER_BATCH, Filter(min_views=last))
        assert hits[0].segment == batch(last).segments[0]
        assert len({hit.segment for hit in hits}) == len(hits)  # none counts twice
        assert len([p for p in folder.iterdir() if p.name.startswith("shard-")]) == 1
    finally:
        store.close()


def added(lines: list[str]) -> int:
    return 1 + max(int(line.split()[1]) for line in lines if line.startswith("added"))


def test_kill_while_adding_loses_nothing_acknowledged(tmp_path: Path):
    folder = tmp_path / "s"
    for delay in np.random.default_rng(0).uniform(0, 0.5, size=4):
        acknowledged = added(run_and_kill(folder, "add", "added", delay))
        check_whole(folder, acknowledged)


def test_kill_while_committing_loses_nothing_acknowledged(tmp_path: Path):
    folder = tmp_path / "s"
    for delay in np.random.default_rng(1).uniform(0, 1.5, size=5):
        acknowledged = added(run_and_kill(folder, "commit", "committing", delay))
        check_whole(folder, acknowledged)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a build runs to its end")
def test_a_build_ends_with_its_program_even_while_it_holds_the_gil():
    hold = (
        "from tubeseek.stores.edge.build import end_with_parent; end_with_parent();"
        "print(flush=True); sum(range(10**15))"  # one call in C, for weeks
    )
    command = [sys.executable, "-c", hold]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as build:
        assert build.stdin is not None
        assert build.stdout is not None
        build.stdout.readline()
        assert build.poll() is None
        build.stdin.close()  # what the end of the parent does
        assert build.wait(timeout=10) == -signal.SIGIO


def test_kill_before_the_store_is_finished_leaves_a_folder_that_opens(tmp_path: Path):
    folder = tmp_path / "s"
    EdgeStore(folder, SPEC).close()
    os.remove(folder / "spec.json")  # noqa: PTH107 - written last, so this is what a kill leaves
    leftovers = [folder / "spec.json.new", folder / ".spec.json.0123abcd.part"]
    for leftover in leftovers:
        leftover.write_text("{")
    store = EdgeStore(folder, SPEC)
    assert store.count() == 0
    assert not any(leftover.exists() for leftover in leftovers)
    store.close()
