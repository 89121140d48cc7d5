"""A library folder has one owner at a time, and everyone can see who."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tubeseek.core.errors import CatalogError, StoreLockedError
from tubeseek.library.owner import Owner, Ownership, current_owner

HOLD = """
import sys
from pathlib import Path
from tubeseek.library.owner import Ownership
ownership = Ownership(Path(sys.argv[1]), "tubeseek index")
ownership.announce(sys.argv[2])
print("owned", flush=True)
sys.stdin.read()
"""


def hold(library: Path, url: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", HOLD, str(library), url]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "owned\n"
    return process


def test_nobody_owns_a_new_folder(tmp_path: Path) -> None:
    assert current_owner(tmp_path / "library") is None


def test_a_second_owner_gets_the_process_id_of_the_first(tmp_path: Path) -> None:
    with hold(tmp_path) as process:
        assert current_owner(tmp_path) == Owner(process.pid, "tubeseek index", "")
        with pytest.raises(StoreLockedError, match=str(process.pid)):
            Ownership(tmp_path, "tubeseek search")


def test_a_server_says_where_it_is(tmp_path: Path) -> None:
    with hold(tmp_path, "http://127.0.0.1:9") as process:
        assert current_owner(tmp_path) == Owner(process.pid, "tubeseek index", "http://127.0.0.1:9")


def test_a_killed_owner_leaves_the_library_free(tmp_path: Path) -> None:
    with hold(tmp_path) as process:
        process.kill()
        process.wait()
        assert current_owner(tmp_path) is None
        ownership = Ownership(tmp_path, "tubeseek search")
        assert current_owner(tmp_path) == Owner(os.getpid(), "tubeseek search", "")
        ownership.release()
    assert current_owner(tmp_path) is None


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CatalogError, match="--library"):
        Ownership(tmp_path / "file" / "library", "tubeseek add")
