"""`--open` plays the right second of the right video, and opens nothing else."""

import webbrowser
from pathlib import Path

import pytest

from tests.helpers.made_hits import make_hit
from tubeseek.cli import player
from tubeseek.core.errors import InputError

URL = "https://youtu.be/dQw4w9WgXcQ?t=3"


@pytest.fixture
def browsed(monkeypatch) -> list[str]:
    """The links that the browser was given."""
    urls: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: urls.append(url) or True)
    return urls


@pytest.fixture
def started(monkeypatch) -> list[list[str]]:
    """The commands that were started, on a machine that has VLC."""
    commands: list[list[str]] = []
    monkeypatch.setattr(player, "_start", commands.append)
    paths = {"vlc": "/usr/bin/vlc"}
    monkeypatch.setattr(player.shutil, "which", paths.get)
    return commands


def test_a_file_is_played_from_its_second(tmp_path: Path, started, browsed):
    file = tmp_path / "-odd name.mp4"
    file.touch()
    player.open_moment(f"{file.as_uri()}#t=3.5", file, 3.5)
    assert started == [["/usr/bin/vlc", "--start-time=3.500", str(file)]]
    assert not browsed


def test_without_a_player_the_browser_plays_it(tmp_path: Path, monkeypatch, browsed):
    monkeypatch.setattr(player.shutil, "which", lambda name: None)
    file = tmp_path / "a.mp4"
    file.touch()
    player.open_moment(f"{file.as_uri()}#t=3.5", file, 3.5)
    assert browsed == [f"{file.as_uri()}#t=3.5"]


def test_a_video_of_youtube_goes_to_the_browser(started, browsed):
    player.open_moment(URL, None, 3.5)
    assert (browsed, started) == ([URL], [])


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"])
def test_other_links_are_refused(url, browsed):
    with pytest.raises(InputError, match=url.split(":")[0]):
        player.open_moment(url, None, 0)
    assert not browsed


def test_a_file_that_has_gone_is_refused(tmp_path: Path, browsed):
    with pytest.raises(InputError, match=r"gone\.mp4"):
        player.open_moment(URL, tmp_path / "gone.mp4", 0)
    assert not browsed


def test_the_rank_is_the_one_that_is_shown():
    hits = [make_hit(11), make_hit(12)]
    assert player.choose_hit(hits, 12).rank == 12
    with pytest.raises(InputError, match="11 to 12"):
        player.choose_hit(hits, 1)
    with pytest.raises(InputError):
        player.choose_hit([], 1)
