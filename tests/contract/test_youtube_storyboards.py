"""Stills out of storyboards: the real yt-dlp, and a site that describes them as YouTube does."""

import itertools
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.fixture_site import FixtureSite
from tests.fixture_site.haste import HASTY, fetch
from tests.fixture_site.videos import COLOURS
from tubeseek.core.errors import VideoUnavailableError
from tubeseek.core.types import Media
from tubeseek.sources.youtube.source import YouTubeSource
from tubeseek.sources.youtube.storyboards import MAX_FAILURES, MAX_SHEETS


@pytest.fixture
def site() -> Iterator[FixtureSite]:
    with FixtureSite(10) as running:
        for video in running.videos:
            video.storyboard_seconds = 10
        yield running


@pytest.fixture(scope="module")
def source() -> Iterator[YouTubeSource]:
    made = YouTubeSource(politeness=HASTY)
    yield made
    made.close()


def names(media: Media) -> list[str]:
    return [still.path.name for still in media.stills]


def test_the_stills_are_where_the_picture_changes(
    site: FixtureSite, source: YouTubeSource, tmp_path: Path
) -> None:
    media = fetch(source, site, 0, tmp_path)  # 240 s: black, red, from 80 s on a scene
    assert [still.seconds for still in media.stills] == [10, 80, 100]
    assert names(media) == ["sb-000010.00.jpg", "sb-000080.00.jpg", "sb-000100.00.jpg"]
    colours = ("red", site.videos[0].scene.colour, "red")
    for still, colour in zip(media.stills, colours, strict=True):
        with Image.open(still.path) as picture:
            assert picture.size == (320, 180)
            assert picture.getpixel((160, 36)) == pytest.approx(COLOURS[colour][0], abs=16)
    assert sorted(p.name for p in tmp_path.iterdir()) == [*names(media), "thumbnail.jpg"]


@pytest.mark.parametrize(
    ("interval", "duration"), [(1, 90), (1, 213), (2, 213), (5, 359), (5, 360), (10, 1207)]
)
def test_the_seconds_do_not_drift_towards_the_end(
    site: FixtureSite, source: YouTubeSource, tmp_path: Path, interval: int, duration: int
) -> None:
    video = site.videos[1]
    video.duration_seconds, video.storyboard_seconds = duration, interval
    media = fetch(source, site, 1, tmp_path)
    scene = video.scene
    assert [still.seconds for still in media.stills] == [
        interval,
        scene.start_seconds,
        scene.end_seconds,
    ]


def test_no_video_is_downloaded_and_only_one_level_of_sheets(
    site: FixtureSite, source: YouTubeSource, tmp_path: Path
) -> None:
    fetch(source, site, 0, tmp_path)
    assert site.video_requests == 0
    assert site.count("/sb/") == site.count("/sb/shape00000A/storyboard3_L3/") == 3
    assert site.count("/vi/shape00000A/hq1") == 0


def test_a_long_video_is_looked_at_all_along_in_a_bounded_number_of_requests(
    site: FixtureSite, source: YouTubeSource, tmp_path: Path
) -> None:
    site.videos[0].duration_seconds = 36_000  # 3,601 tiles on 401 sheets
    assert fetch(source, site, 0, tmp_path).stills
    sheets = [int(match[1]) for path in site.requests if (match := re.search(r"/M(\d+)\.", path))]
    assert len(sheets) == MAX_SHEETS
    steps = [after - before for before, after in itertools.pairwise([-8, *sheets, 408])]
    assert set(steps) <= {16, 17}  # 401 / 24


def test_signed_addresses_that_expired_leave_the_three_frames(
    site: FixtureSite, source: YouTubeSource, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site.storyboards_expired = True
    with caplog.at_level(logging.INFO, "tubeseek.sources.youtube.storyboards"):
        media = fetch(source, site, 0, tmp_path)
    assert names(media) == ["hq1.jpg", "hq2.jpg", "hq3.jpg"]
    assert site.count("/sb/") == MAX_FAILURES
    assert "HTTP 403" in caplog.text


def test_a_video_without_a_storyboard_has_its_three_frames(
    site: FixtureSite, source: YouTubeSource, tmp_path: Path
) -> None:
    site.videos[0].storyboard_seconds = 0
    assert names(fetch(source, site, 0, tmp_path)) == ["hq1.jpg", "hq2.jpg", "hq3.jpg"]


@pytest.mark.parametrize("fault", ["missing_sheets", "fake_sheets"])
def test_one_sheet_that_cannot_be_had_costs_its_tiles(
    site: FixtureSite, source: YouTubeSource, tmp_path: Path, fault: str
) -> None:
    getattr(site.videos[0], fault).add(0)  # the tiles of the first 90 s
    assert [still.seconds for still in fetch(source, site, 0, tmp_path).stills] == [90, 100]


def test_a_fault_of_the_network_is_not_a_missing_sheet(
    site: FixtureSite, source: YouTubeSource, tmp_path: Path
) -> None:
    site.videos[0].missing_sheets.add(0)
    path = "/sb/shape00000A/storyboard3_L3/M1.jpg?sqp=signed&sigh=rs$level3"
    site.broken_paths.add(path)
    with pytest.raises(VideoUnavailableError) as caught:
        fetch(source, site, 0, tmp_path)
    assert not caught.value.final
    assert site.requests[path]
    assert [p.name for p in tmp_path.iterdir()] == ["thumbnail.jpg"]


def test_refusals_are_waited_for(site: FixtureSite, source: YouTubeSource, tmp_path: Path) -> None:
    site.refuse_next(2)
    assert len(fetch(source, site, 0, tmp_path).stills) == 3
