"""Files and folders appear whole or not at all."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from tests.helpers.small_disk import small_disk
from tubeseek.core.files import new_folder, remove_unfinished, replacing, write_atomically

OLD, NEW = b"the old content", b"the new content"


def test_replaces_the_content(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_atomically(path, OLD)
    write_atomically(path, NEW, durable=True)
    assert path.read_bytes() == NEW
    assert list(tmp_path.iterdir()) == [path]


def test_the_old_file_is_there_until_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(OLD)
    with replacing(path) as unfinished:
        unfinished.write_bytes(NEW)
        assert path.read_bytes() == OLD
        # Neither a folder source nor a glob by suffix takes it for a video.
        assert unfinished.name.startswith(".")
        assert unfinished.suffix == ".part"
    assert path.read_bytes() == NEW


@pytest.mark.parametrize("error", [OSError, ValueError, KeyboardInterrupt])
def test_a_failure_in_the_middle_leaves_the_old_file_and_no_other(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(OLD)
    with pytest.raises(error), replacing(path) as unfinished:  # noqa: PT012
        unfinished.write_bytes(NEW[:3])
        raise error
    assert path.read_bytes() == OLD
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(OLD)
    with small_disk(1000), pytest.raises(OSError):  # noqa: PT011 - any errno means it
        write_atomically(path, bytes(2000))
    assert path.read_bytes() == OLD
    assert list(tmp_path.iterdir()) == [path]


def test_a_block_that_writes_nothing_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(OLD)
    with pytest.raises(FileNotFoundError), replacing(path):
        pass
    assert path.read_bytes() == OLD


def test_two_writers_at_once_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    both_write = Barrier(2)

    def write(letter: bytes) -> None:
        with replacing(path) as unfinished, unfinished.open("wb") as file:
            for _ in range(10):
                both_write.wait(timeout=60)
                file.write(letter * 1000)
                file.flush()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, [b"a", b"b"]))
    assert path.read_bytes() in {b"a" * 10_000, b"b" * 10_000}
    assert list(tmp_path.iterdir()) == [path]


def test_permissions_are_those_that_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "file", NEW)
        with new_folder(tmp_path / "folder"):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o750


def test_what_a_killed_writer_left_goes_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a [1].bin"
    with replacing(path) as unfinished:
        unfinished.write_bytes(NEW)
    unfinished.write_bytes(OLD[:3])  # as a kill leaves it
    neighbours = [".b.bin.part", "a [1].bin.part", ".a [1].bin", "0123abcd.part"]
    for neighbour in neighbours:
        (tmp_path / neighbour).touch()
    remove_unfinished(tmp_path)
    assert {entry.name for entry in tmp_path.iterdir()} == {path.name, *neighbours}
    assert path.read_bytes() == NEW
    remove_unfinished(tmp_path / "no such folder")


def test_a_new_folder_appears_when_it_is_complete(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    with new_folder(folder) as unfinished:
        (unfinished / "file").write_bytes(NEW)
        assert not folder.exists()
    assert (folder / "file").read_bytes() == NEW
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_that_failed_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyError), new_folder(tmp_path / "folder") as unfinished:  # noqa: PT012
        (unfinished / "file").write_bytes(NEW)
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_quicker_process_stays(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    with new_folder(folder) as slower:
        (slower / "file").write_bytes(NEW)
        with new_folder(folder) as quicker:
            (quicker / "file").write_bytes(OLD)
    assert (folder / "file").read_bytes() == OLD
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_whose_place_is_taken_by_a_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError), new_folder(tmp_path / "folder"):
        (tmp_path / "folder").touch()
