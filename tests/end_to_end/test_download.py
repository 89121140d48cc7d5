"""`index --download` fetches videos, cuts stills from them and removes them again."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixture_site import FixtureSite, FixtureVideo
from tests.fixture_site.pictures import paint
from tests.fixture_site.storyboards import SCENE_BACKGROUND
from tests.fixture_site.video_files import SERVED
from tests.helpers.command import Command
from tests.helpers.tiny_models import save_tiny_xclip

COUNT = 3
STARTER = ("index", "--encoder", "starter")


@pytest.fixture
def site() -> Iterator[FixtureSite]:
    with FixtureSite(COUNT) as site:
        for video in site.videos:
            video.duration_seconds, video.storyboard_seconds, video.has_video_file = 60, 5, True
        yield site


@pytest.fixture
def tubeseek(site: FixtureSite, tmp_path: Path) -> Command:
    """A library with the videos of the channel, not yet indexed."""
    tubeseek = Command(tmp_path / "library", site.environment())
    tubeseek.ok("add", site.channel_url)
    return tubeseek


def video_files(tubeseek: Command) -> list[Path]:
    """Return all video files in the library, and all parts of one."""
    suffixes = (".mp4", ".part", ".ytdl", ".lock")
    paths: list[Path] = []
    for folder, folders, names in os.walk(tubeseek.library):  # skips files that vanish meanwhile
        folders[:] = [name for name in folders if name != "indexes"]
        paths += [Path(folder, name) for name in names if name != "owner.lock"]
    return [path for path in paths if path.suffix in suffixes]


def downloads(site: FixtureSite) -> dict[str, int]:
    """Return how often each video was requested, by id."""
    requests = {path: count for path, count in site.requests.items() if "/videoplayback" in path}
    assert all(path.endswith(f"&itag={SERVED}") for path in requests), (
        "not the smallest form that serves"
    )
    return {path.split("id=")[1].split("&")[0]: count for path, count in requests.items()}


def finds_the_scene(tubeseek: Command, video: FixtureVideo, folder: Path) -> None:
    scene = video.scene
    picture = folder / f"{video.id}.png"
    paint(scene.colour, scene.shape, (426, 240), background=SCENE_BACKGROUND).save(picture)
    best = tubeseek.json("search", "--image", str(picture), "-n", "3")["hits"][0]
    moment = best["moments"][0]
    assert best["video_id"] == video.library_id
    assert moment["kind"] == "still"
    assert scene.start_seconds <= moment["start"] < scene.end_seconds


@pytest.mark.slow
def test_stills_are_cut_from_the_video_which_is_then_removed(
    site: FixtureSite, tubeseek: Command, tmp_path: Path
) -> None:
    tubeseek.ok(*STARTER, "--download")
    assert downloads(site) == {video.id: 1 for video in site.videos}
    assert site.count("/sb/") == 0
    assert video_files(tubeseek) == []
    assert list(tubeseek.library.glob("downloads*")) == []
    finds_the_scene(tubeseek, site.videos[1], tmp_path)


@pytest.mark.slow
def test_a_kept_file_serves_a_later_index_and_is_removed_with_its_video(
    site: FixtureSite, tubeseek: Command, tmp_path: Path
) -> None:
    tubeseek.ok(*STARTER, "--download", "--keep")
    kept = video_files(tubeseek)
    assert [path.name for path in kept] == ["film.mp4"] * COUNT
    before = site.requests.total()
    model = save_tiny_xclip(tmp_path / "tiny-xclip")
    tubeseek.ok("index", "--encoder", str(model))
    assert site.requests.total() == before
    like = tubeseek.json("search", "--like", site.videos[0].library_id)["hits"]
    assert {moment["kind"] for hit in like for moment in hit["moments"]} >= {"clip"}
    tubeseek.ok("remove", "--yes", site.videos[0].library_id)
    assert len(video_files(tubeseek)) == COUNT - 1


def is_downloading(tubeseek: Command) -> bool:
    """Whether a part of a video file is there (a picture may be on its way, too)."""
    return any((tubeseek.library / "downloads").glob("*/*.part"))


@pytest.mark.slow
def test_ctrl_c_and_kill_leave_no_unfinished_files(site: FixtureSite, tubeseek: Command) -> None:
    site.downloads_trickle = True
    process = tubeseek.start(*STARTER, "--download")
    _until(lambda: is_downloading(tubeseek))
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert video_files(tubeseek) == []

    process = tubeseek.start(*STARTER, "--download")
    _until(lambda: is_downloading(tubeseek))
    process.kill()
    process.communicate()
    assert video_files(tubeseek) != []
    site.downloads_trickle = False
    tubeseek.ok(*STARTER)  # removes what is left, though it downloads nothing itself
    assert video_files(tubeseek) == []
    assert tubeseek.json("status")["indexes"][0]["videos"] == COUNT


def test_keep_without_download_is_refused(tubeseek: Command) -> None:
    done = tubeseek.run("index", "--encoder", "starter", "--keep")
    assert done.returncode == 2
    assert "--download" in done.stderr


def _until(condition, seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition was not met in time"
        time.sleep(0.02)
