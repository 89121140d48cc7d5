"""A channel of 60 videos, through the real yt-dlp: added, synced, interrupted, resumed, refused."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixture_site import Fault, FixtureSite
from tests.fixture_site.pictures import paint
from tests.fixture_site.storyboards import SCENE_BACKGROUND
from tests.helpers.command import Command

COUNT = 60


@pytest.fixture
def site() -> Iterator[FixtureSite]:
    with FixtureSite(COUNT) as site:
        yield site


@pytest.fixture
def tubeseek(site: FixtureSite, tmp_path: Path) -> Command:
    return Command(tmp_path / "library", site.environment())


def test_a_channel_from_adding_to_finding(site: FixtureSite, tubeseek: Command) -> None:
    site.videos[3].fault = Fault.PRIVATE
    site.videos[4].fault = Fault.REMOVED
    site.videos[5].missing_pictures.add("maxresdefault")
    site.videos[6].fault = Fault.SERVER_ERROR
    assert tubeseek.json("add", site.channel_url)["counts"]["new"] == COUNT

    done = tubeseek.run("index", "--encoder", "starter")
    assert done.returncode == 1  # three videos failed, each with one message
    assert done.stderr.count("failed:") == 3
    status = tubeseek.json("status")
    assert status["indexes"][0]["videos"] == COUNT - 3
    finals = {f["video_id"]: f["final"] for f in status["failures"]}
    broken = [site.videos[n].library_id for n in (3, 4, 6)]
    assert finals == dict(zip(broken, (True, True, False), strict=True))
    assert status["indexes"][0]["pending"] == 1  # its failure may pass

    before = site.requests.total()
    site.videos[6].fault = Fault.NONE
    tubeseek.ok("index")
    assert tubeseek.json("status")["indexes"][0]["videos"] == COUNT - 2
    assert site.requests.total() - before < 10  # only the missing video was fetched

    # a changed title, a changed picture, and a video that is gone
    changed, gone = site.videos[10], site.videos.pop(20)
    changed.title = "An entirely new title"
    site.videos[11].picture_version += 1
    counts = tubeseek.json("sync")["counts"]
    assert (counts["new"], counts["changed"], counts["gone"], counts["missing"]) == (0, 2, 0, 1)
    assert tubeseek.json("sync")["counts"]["gone"] == 1  # two listings agree
    listed = {v["id"]: v for v in tubeseek.json("list", "-n", "100")["videos"]}
    assert listed[changed.library_id]["title"] == "An entirely new title"
    assert [v["id"] for v in listed.values() if v["gone"]] == [gone.library_id]
    assert "1 indexed" in tubeseek.ok("index")  # the picture; a title changes no vector

    answer = tubeseek.json("search", "--like", site.videos[0].library_id, "-n", "5")
    assert len(answer["hits"]) == 5
    assert site.videos[0].library_id not in [hit["video_id"] for hit in answer["hits"]]


def test_an_interrupted_listing_keeps_what_it_has(site: FixtureSite, tubeseek: Command) -> None:
    for video in site.videos:
        video.fault = Fault.NONE
    process = tubeseek.start("add", site.channel_url)
    _until(lambda: site.requests.total() >= 3)
    process.kill()
    process.communicate()
    kept = tubeseek.json("status")["videos"]
    assert 0 <= kept <= COUNT
    again = tubeseek.json("add", site.channel_url)["counts"]
    assert again["new"] + again["same"] == COUNT
    assert again["same"] == kept


def test_ctrl_c_while_fetching_loses_nothing(site: FixtureSite, tubeseek: Command) -> None:
    tubeseek.ok("add", site.channel_url)
    for video in site.videos[30:]:
        video.fault = Fault.SLOW
    process = tubeseek.start("index", "--encoder", "starter", "--workers", "2")
    _until(lambda: site.count("/api/video/") > 34)
    process.send_signal(signal.SIGINT)
    _, output = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in output
    for video in site.videos:
        video.fault = Fault.NONE
    tubeseek.ok("index")
    index = tubeseek.json("status")["indexes"][0]
    assert (index["videos"], index["pending"]) == (COUNT, 0)


def test_a_bot_check_stops_at_once_with_advice(site: FixtureSite, tubeseek: Command) -> None:
    tubeseek.ok("add", site.channel_url, "--limit", "8")
    site.bot_check = True
    before = site.requests.total()
    done = tubeseek.run("index", "--encoder", "starter", "--workers", "1")
    assert done.returncode == 1
    assert "--cookies" in done.stderr
    assert site.requests.total() - before <= 4
    status = tubeseek.json("status")
    assert (status["failed"], status["failed_for_good"]) == (0, 0)  # no video has failed
    site.bot_check = False
    assert "8 indexed" in tubeseek.ok("index")


def test_a_rate_limit_ends_the_run_cleanly(site: FixtureSite, tubeseek: Command) -> None:
    tubeseek.ok("add", site.channel_url)
    site.refuse_next(10_000)
    before = site.requests.total()
    done = tubeseek.run("index", "--encoder", "starter", "--workers", "2")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert site.requests.total() - before < COUNT  # the other videos were not requested
    assert tubeseek.json("status")["failed_for_good"] == 0


def test_a_listing_that_is_refused_marks_nothing_as_gone(
    site: FixtureSite, tubeseek: Command
) -> None:
    tubeseek.ok("add", site.channel_url)
    site.refuse_next(10_000)
    assert tubeseek.run("sync").returncode == 1
    assert tubeseek.json("status")["gone"] == 0


def test_a_limit_is_kept(site: FixtureSite, tubeseek: Command) -> None:
    assert tubeseek.json("add", site.channel_url, "--limit", "7")["counts"]["new"] == 7
    assert tubeseek.json("sync")["counts"]["same"] == 7


def test_moments_are_found_without_a_byte_of_video(
    site: FixtureSite, tubeseek: Command, tmp_path: Path
) -> None:
    videos = site.videos[:4]
    for video in videos:
        video.storyboard_seconds = 10
    tubeseek.ok("add", site.channel_url, "--limit", str(len(videos)))
    tubeseek.ok("index", "--encoder", "starter")
    assert site.video_requests == 0
    assert site.count("/sb/") > 0
    assert site.count("/vi/") == len(videos)  # one thumbnail each
    for video in videos[1:3]:
        scene = video.scene
        picture = tmp_path / f"{scene.colour} {scene.shape}.png"
        paint(scene.colour, scene.shape, (320, 180), background=SCENE_BACKGROUND).save(picture)
        best = tubeseek.json("search", "--image", str(picture), "-n", "3")["hits"][0]
        moment = best["moments"][0]
        assert best["video_id"] == video.library_id
        assert (moment["kind"], moment["start"]) == ("still", scene.start_seconds)
        assert moment["url"] == f"{site.video_url(video)}#t={scene.start_seconds + 0.01:.2f}"
    assert site.video_requests == 0


def _until(condition, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition was not met in time"
        time.sleep(0.02)
