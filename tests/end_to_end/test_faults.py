"""Bad input and faults: a clear error, nothing lost, and a library that still opens."""

import contextlib
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.helpers.command import Command
from tests.helpers.painted_library import paint_dataset
from tests.helpers.palette_encoder import PALETTE
from tests.helpers.tiny_models import save_tiny_clip

COLOURS = {f"v{n}": colour for n, colour in enumerate(PALETTE)}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(save_tiny_clip(tmp_path_factory.mktemp("clip")))


@pytest.fixture
def tubeseek(tmp_path: Path) -> Command:
    return Command(tmp_path / "library")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return paint_dataset(tmp_path / "data", COLOURS)


def refused(tubeseek: Command, *arguments: str, status: int, names: str = "") -> None:
    """Check that a command ends with this status and names this value, without a traceback."""
    done = tubeseek.run(*arguments)
    assert done.returncode == status, done.stderr
    assert names in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "names"),
    [
        (["add", "no-such-place"], 2, "no-such-place"),
        (["add", "https://"], 2, "https://"),
        (["search", ""], 2, ""),
        (["search", "a cat " * 17_000], 2, "2,000"),  # 100 kB
        (["search", "x", "--like", "y"], 2, ""),
        (["search", "--image", "no-such-file.jpg"], 1, "no-such-file.jpg"),
        (["search", "x", "--min-duration", "long"], 2, "--min-duration"),
        (["search", "x", "-n", "0"], 2, "--limit"),
        (["search", "dog -"], 2, "column 5"),
        (["search", "x", "--moment-after", "9", "--moment-before", "0:08"], 2, "moment_before"),
        (["search", "x", "--boost", "loud"], 2, "--boost"),
        (["index", "--encoder", "no/such/folder"], 2, "tubeseek add"),  # the library is empty
        (["index", "--workers", "0"], 2, "--workers"),
        (["frobnicate"], 2, "frobnicate"),
    ],
)
def test_bad_arguments_are_refused(
    tubeseek: Command, arguments: list[str], status: int, names: str
) -> None:
    refused(tubeseek, *arguments, status=status, names=names)


def test_an_encoder_that_is_missing_is_named(tubeseek: Command, data: Path) -> None:
    tubeseek.ok("add", str(data))
    refused(tubeseek, "index", "--encoder", "no/such/folder", status=1, names="no/such/folder")


def test_an_unknown_setting(tubeseek: Command, tmp_path: Path) -> None:
    config = tmp_path / "config" / "tubeseek" / "tubeseek.toml"
    config.parent.mkdir(parents=True)
    config.write_text("colour = 'red'\n")
    refused(tubeseek, "status", status=2, names="colour")


def test_an_empty_library_has_no_answer(tubeseek: Command) -> None:
    done = tubeseek.run("search", "a cat")
    assert (done.returncode, done.stdout) == (1, "")
    assert "tubeseek add" in done.stderr


def test_pictures_that_are_none(tubeseek: Command, data: Path, model: str) -> None:
    images = data / "images"
    (images / "0.png").write_bytes(b"")
    Image.new("1", (30_000, 30_000)).save(images / "1.png")  # a bomb: 100 kB, 900 megapixels
    (images / "2.png").write_text("not a picture")
    whole = (images / "3.png").read_bytes()
    (images / "3.png").write_bytes(whole[: len(whole) // 2])
    tubeseek.ok("add", str(data))
    done = tubeseek.run("index", "--encoder", model)
    assert done.returncode == 1
    assert done.stderr.count("failed:") == 4
    assert "bomb" in done.stderr  # Pillow refused it as a decompression bomb
    assert tubeseek.json("status")["indexes"][0]["videos"] == len(COLOURS) - 4
    by_sight = tubeseek.json("search", "red", "-n", "50", "--using", "pictures")["hits"]
    assert len(by_sight) == len(COLOURS) - 4


def test_a_huge_file_that_is_no_video(tubeseek: Command, tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    with (folder / "huge.mp4").open("wb") as file:
        file.truncate(10_000_000_000)  # sparse, so it takes no room; reading it takes minutes
    refused(tubeseek, "add", str(folder), status=1, names="huge.mp4")


def test_a_library_folder_that_may_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    refused(Command(tmp_path / "file" / "library"), "status", status=1, names="--library")


def test_a_catalogue_of_a_newer_version(tubeseek: Command, data: Path) -> None:
    tubeseek.ok("add", str(data))
    db = sqlite3.connect(tubeseek.library / "catalog.sqlite")
    db.execute("PRAGMA user_version = 99")
    db.close()
    refused(tubeseek, "status", status=1, names="99")
    refused(tubeseek, "search", "red", status=1, names="99")


def test_an_index_made_by_other_weights(
    tubeseek: Command, data: Path, model: str, tmp_path: Path
) -> None:
    own = tmp_path / "model"
    shutil.copytree(model, own)
    tubeseek.ok("add", str(data))
    tubeseek.ok("index", "--encoder", str(own))
    save_tiny_clip(own, seed=1)
    refused(tubeseek, "search", "red", status=1, names="tubeseek index")
    tubeseek.ok("index", "--encoder", str(own))
    assert tubeseek.json("search", "red")["hits"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(ballast: Path) -> None:
    """Fill the disk."""
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))


def test_a_full_disk_loses_nothing(small_disk: Path, data: Path, model: str) -> None:
    tubeseek = Command(small_disk / "library")
    tubeseek.ok("add", str(data))
    ballast = small_disk / "ballast"
    fill(ballast)
    done = tubeseek.run("index", "--encoder", model)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    ballast.unlink()
    subprocess.run(["mount", "-o", "remount,size=500m", str(small_disk)], check=True)
    tubeseek.ok("index", "--encoder", model)
    assert tubeseek.json("status")["indexes"][0]["videos"] == len(COLOURS)


@pytest.mark.parametrize(
    ("delay_seconds", "own_interpreter"), [(0.3, True), (0.1, False), (0.4, False), (0.8, False)]
)
def test_ctrl_c_at_any_stage(
    tubeseek: Command, data: Path, model: str, delay_seconds: float, own_interpreter: bool
) -> None:
    tubeseek.ok("add", str(data))
    interrupted = replace(tubeseek, own_interpreter=own_interpreter)
    process = interrupted.start("index", "--encoder", model)
    time.sleep(delay_seconds)
    process.send_signal(signal.SIGINT)
    _, output = process.communicate(timeout=60)
    assert process.returncode in (0, 130, -signal.SIGINT)  # done, stopped, or still starting
    if process.returncode == 130:
        assert "Traceback" not in output
    tubeseek.ok("index", "--encoder", model)
    assert tubeseek.json("status")["indexes"][0]["videos"] == len(COLOURS)


def test_two_commands_at_once(tubeseek: Command, data: Path, model: str) -> None:
    tubeseek.ok("add", str(data))
    with tubeseek.start("serve") as server:
        url = server.stderr.readline()
        assert "http://127.0.0.1:" in url
        tubeseek.ok("index", "--encoder", model)  # uses the server
        assert tubeseek.json("search", "red")["hits"]
        refused(tubeseek, "serve", status=1, names=url.split()[-1])
        assert tubeseek.json("status")["indexes"][0]["videos"] == len(COLOURS)
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)
    assert tubeseek.json("search", "red")["hits"]  # without the server again
