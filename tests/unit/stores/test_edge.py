"""The folder of the embedded store: who owns it, what it refuses, what a full disk does."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.edge_writer import PER_BATCH, SPEC, batch
from tubeseek.core.errors import EncoderMismatchError, StoreError, StoreLockedError
from tubeseek.core.types import EncoderSpec, Video
from tubeseek.stores.edge.folder import read_card
from tubeseek.stores.edge.store import EdgeStore


def video(number: int) -> dict[str, Video]:
    return {f"v{number}": Video(f"v{number}", "", "")}


def test_survives_reopening(tmp_path: Path):
    with_spaces = tmp_path / "고양이 videos" / "s"
    store = EdgeStore(with_spaces, SPEC)
    store.add(batch(0), video(0))
    store.close()
    store.close()  # twice is harmless
    store = EdgeStore(with_spaces, SPEC)
    assert store.spec == SPEC
    np.testing.assert_array_equal(store.read_videos(["v0"]).vectors, batch(0).vectors)
    store.close()


def test_a_second_owner_is_refused(tmp_path: Path):
    first = EdgeStore(tmp_path, SPEC)
    with pytest.raises(StoreLockedError):
        EdgeStore(tmp_path, SPEC)
    other = (
        "import sys; from pathlib import Path; from tubeseek.core.types import EncoderSpec;"
        "from tubeseek.stores.edge.store import EdgeStore;"
        "EdgeStore(Path(sys.argv[1]), EncoderSpec('random', 'v1', 32, 1))"
    )
    command = [sys.executable, "-c", other, str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "StoreLockedError" in run.stderr
    first.add(batch(0), video(0))  # the first is none the worse for it
    first.close()
    EdgeStore(tmp_path, SPEC).close()


def test_a_failed_opening_lets_go_of_the_folder(tmp_path: Path):
    EdgeStore(tmp_path, SPEC).close()
    with pytest.raises(EncoderMismatchError, match=r"random.*clip"):
        EdgeStore(tmp_path, EncoderSpec("clip", "v1", dim=64, frames=1))
    EdgeStore(tmp_path, SPEC).close()


def test_may_be_closed_by_another_thread(tmp_path: Path):
    store = EdgeStore(tmp_path, SPEC)
    closing = threading.Thread(target=store.close)
    closing.start()
    closing.join()
    EdgeStore(tmp_path, SPEC).close()


def test_a_closed_store_says_so(tmp_path: Path):
    store = EdgeStore(tmp_path, SPEC)
    store.close()
    for call in (
        store.count,
        store.commit,
        lambda: store.add(batch(0), video(0)),
        lambda: store.search(batch(0).vectors[0], 3),
    ):
        with pytest.raises(StoreError):
            call()


def test_the_card_can_be_read_without_opening(tmp_path: Path):
    assert read_card(tmp_path) is None
    store = EdgeStore(tmp_path, SPEC)
    card = read_card(tmp_path)
    assert card is not None
    assert card.spec == SPEC
    store.close()


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path):
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(StoreError, match=r"thesis\.docx"):
        EdgeStore(tmp_path, SPEC)
    assert (tmp_path / "thesis.docx").read_text() == "years of work"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1}', "\udcff"])
def test_a_damaged_card_is_named(tmp_path: Path, text: str):
    EdgeStore(tmp_path, SPEC).close()
    (tmp_path / "spec.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(StoreError, match=r"spec\.json"):
        EdgeStore(tmp_path, SPEC)
    assert (tmp_path / "shard-1").is_dir()  # nothing is thrown away


def test_a_newer_format_is_refused(tmp_path: Path):
    EdgeStore(tmp_path, SPEC).close()
    card = json.loads((tmp_path / "spec.json").read_text()) | {"format": 99}
    (tmp_path / "spec.json").write_text(json.dumps(card))
    with pytest.raises(StoreError):
        EdgeStore(tmp_path, SPEC)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_permission_is_named(tmp_path: Path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError):
        EdgeStore(tmp_path / "s", SPEC)


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path):
    (tmp_path / "s").write_text("")
    with pytest.raises(StoreError):
        EdgeStore(tmp_path / "s", SPEC)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("a small disk can be mounted only as root on Linux")
    with ExitStack() as after:
        after.callback(subprocess.run, ["umount", "-l", str(disk)], check=True)
        yield disk


def leave(disk: Path, megabytes: int) -> None:
    """Makes the disk as large as what is on it, and so much more."""
    size = shutil.disk_usage(disk).used + megabytes * 2**20
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)


def test_a_full_disk_raises_an_error_and_loses_nothing(small_disk: Path):
    folder = small_disk / "s"
    store = EdgeStore(folder, SPEC)
    leave(small_disk, 34)
    numbers = count()
    with pytest.raises(StoreError, match=r"\d+ MB"):  # noqa: PT012 - any may be the last
        for number in numbers:
            store.add(batch(number), video(number))
    stored = next(numbers) - 1
    assert stored > 10
    leave(small_disk, 0)
    for write in (
        lambda: store.add(batch(stored), video(stored)),
        lambda: store.update_video(Video("v0", "", "", views=1)),
        lambda: store.remove_video("v0"),
    ):
        with pytest.raises(StoreError, match=r"\d+ MB"):
            write()
    assert store.search(batch(3).vectors[5], 1)[0].segment == batch(3).segments[5]
    with suppress(StoreError):
        store.close()
    with pytest.raises(StoreError, match=r"\d+ MB"):
        EdgeStore(folder, SPEC)

    leave(small_disk, 64)
    store = EdgeStore(folder, SPEC)
    assert stored * PER_BATCH <= store.count() <= (stored + 1) * PER_BATCH
    for number in range(stored):
        np.testing.assert_array_equal(
            store.read_videos([f"v{number}"]).vectors, batch(number).vectors
        )
    store.add(batch(stored), video(stored))
    assert store.count() == (stored + 1) * PER_BATCH
    store.close()


def test_a_graph_is_not_begun_without_room_for_it(small_disk: Path):
    store = EdgeStore(small_disk / "s", SPEC, hnsw_from=1)
    store.add(batch(0), video(0))
    leave(small_disk, 64)
    with pytest.raises(StoreError):
        store.commit()
    assert store.count() == PER_BATCH
    leave(small_disk, 1024)
    store.commit()
    assert store.count() == PER_BATCH
    store.close()
