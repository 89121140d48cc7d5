"""Getting the stamps: from a folder, a .deb or apt; and what their descriptions say."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.helpers.demo_collection import FARM, paint_farm, paint_stamp
from tubeseek.cli.demo.stamps import PACKAGE, fetch_stamps, parse_description
from tubeseek.core.errors import SourceError

# As the collection has it: an apostrophe first, a quoted word, a variant, a stray bar at the end.
DINGO = """A dingo.
af.utf8='n Dingo.
en_AU.utf8=A dingo.
hi.utf8=एक डिंगो|
ko.utf8=딩고 (오스트레일리아산 들개)
sr@latin.utf8=Dingo.
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DINGO, ("A dingo.", "딩고 (오스트레일리아산 들개)")),
        ("A dingo.\r\nko.utf8=딩고\r\n", ("A dingo.", "딩고")),
        ("A grave.\nde.utf8=Ein Grab.\nko.utf8=\n", ("A grave.", "")),
        ("A grave.", ("A grave.", "")),
        ("ko.utf8=묘지\n", ("", "묘지")),
        ("", ("", "")),
    ],
)
def test_description_gives_english_and_korean(text: str, expected: tuple[str, str]) -> None:
    assert parse_description(text) == expected


def test_folder_gives_each_described_picture_but_no_symbols(tmp_path: Path) -> None:
    root = paint_farm(tmp_path / "usr/share/tuxpaint/stamps")
    cow = root / "animals/mammals/bovines/cow.png"
    shutil.copy(cow, cow.with_name("cow_mirror.png"))  # a variant without a description
    (root / "animals/broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (root / "animals/broken.txt").write_text("A broken file.", "utf-8")
    paint_stamp(root, "animals/fish/cod", (1, 2, 3), "A cod.", "대구", side=40)
    Image.open(root / "animals/fish/cod.png").convert("LA").save(root / "animals/fish/cod.png")

    stamps = {stamp.name: stamp for stamp in fetch_stamps(tmp_path / "cache", tmp_path)}

    assert set(stamps) == set(FARM) | {"animals/mammals/pig", "animals/fish/cod"}
    horse = stamps["animals/mammals/equines/horse"]
    assert (horse.english, horse.korean, horse.size) == ("A horse.", "말", (120, 120))
    assert horse.category == "animals/mammals/equines"
    assert horse.has_colour
    assert not stamps["animals/fish/cod"].has_colour
    assert not (tmp_path / "cache").exists()


def test_folder_without_stamps_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="tubeseek add FOLDER"):
        fetch_stamps(tmp_path / "cache", tmp_path)
    with pytest.raises(SourceError, match="absent"):
        fetch_stamps(tmp_path / "cache", tmp_path / "absent")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A real .deb of the painted collection."""
    if shutil.which("dpkg-deb") is None:
        pytest.skip("needs dpkg-deb")
    tree = tmp_path / "tree"
    root = paint_farm(tree / "usr/share/tuxpaint/stamps")
    (root / "animals/moo.ogg").write_bytes(b"OggS")
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN/control").write_text(
        f"Package: {PACKAGE}\nVersion: 1\nArchitecture: all\nMaintainer: Nobody <n@example.org>\n"
        "Description: painted\n"
    )
    made = tmp_path / f"{PACKAGE}_1_all.deb"
    command = ["dpkg-deb", "--root-owner-group", "--build", str(tree), str(made)]
    subprocess.run(command, check=True, capture_output=True)
    return made


def test_package_is_unpacked_once_without_sounds_and_symbols(package: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = fetch_stamps(cache, package)
    assert {stamp.name for stamp in first} == set(FARM) | {"animals/mammals/pig"}
    files = [path for path in cache.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".png", ".txt"}
    assert not [path for path in files if "symbols" in path.parts]
    assert [path.name for path in cache.iterdir()] == [package.stem]  # nothing temporary stays

    package.write_bytes(b"no longer read")
    assert fetch_stamps(cache, package) == first


def test_damaged_package_is_refused_and_leaves_nothing(package: Path, tmp_path: Path) -> None:
    package.write_bytes(package.read_bytes()[:-400])
    with pytest.raises(SourceError):
        fetch_stamps(tmp_path / "cache", package)
    assert list((tmp_path / "cache").iterdir()) == []


def _programs(folder: Path, monkeypatch: pytest.MonkeyPatch, apt_get: str | None) -> Path:
    """Makes `folder` the whole PATH, with dpkg-deb and an apt-get that does what is said."""
    folder.mkdir()
    unpacker = shutil.which("dpkg-deb")
    if unpacker:
        (folder / "dpkg-deb").symlink_to(unpacker)
    if apt_get is not None:
        program = folder / "apt-get"
        program.write_text(f'#!/bin/sh\necho "$1" >> {folder}/calls\n{apt_get}\n')
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return folder / "calls"


def test_without_apt_the_error_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _programs(tmp_path / "bin", monkeypatch, apt_get=None)
    with pytest.raises(SourceError, match="apt-get"):
        fetch_stamps(tmp_path / "cache")


def test_without_network_the_error_repeats_the_message_of_apt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = 'echo "W: odd" >&2; echo "E: Failed to fetch: Could not resolve" >&2; exit 100'
    calls = _programs(tmp_path / "bin", monkeypatch, script)
    with pytest.raises(SourceError, match="E: Failed to fetch: Could not resolve"):
        fetch_stamps(tmp_path / "cache")
    assert calls.read_text().split() == ["download"]
    assert list((tmp_path / "cache").iterdir()) == []


# Knows the package only after an update, as a fresh container does.
FRESH = """
case "$1" in
update) : > {marker} ;;
download)
  if [ -e {marker} ]; then /bin/cp {package} .
  else echo "E: Unable to locate package" >&2; exit 100; fi ;;
esac
"""


def test_missing_lists_are_fetched_by_root(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = FRESH.format(marker=tmp_path / "lists", package=package)
    calls = _programs(tmp_path / "bin", monkeypatch, script)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert len(fetch_stamps(tmp_path / "cache")) == len(FARM) + 1
    assert calls.read_text().split() == ["download", "update", "download"]
    fetch_stamps(tmp_path / "cache")
    assert len(calls.read_text().split()) == 3  # the second time nothing is downloaded


def test_missing_lists_are_left_to_the_user_who_is_not_root(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = FRESH.format(marker=tmp_path / "lists", package=package)
    calls = _programs(tmp_path / "bin", monkeypatch, script)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SourceError, match="sudo apt-get update"):
        fetch_stamps(tmp_path / "cache")
    assert calls.read_text().split() == ["download"]
