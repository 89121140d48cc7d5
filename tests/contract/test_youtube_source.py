"""The YouTube source with the real yt-dlp, against a site on this machine."""

import itertools
import logging
import subprocess
import sys
import time
import traceback
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from tests.fixture_site import Fault, FixtureSite
from tests.fixture_site.pictures import SIZES
from tests.fixture_site.videos import COLOURS
from tubeseek.errors import (
    ConfigError,
    MediaError,
    RateLimitedError,
    SourceError,
    VideoUnavailableError,
)
from tubeseek.records import Chapter, HeatPoint, Media, Video
from tubeseek.sources.politeness import Politeness
from tubeseek.sources.youtube import YouTubeSource

HASTY = Politeness(
    request_seconds=0,
    video_min_seconds=0,
    video_max_seconds=0,
    backoff_first_seconds=0.005,
    backoff_total_seconds=0.1,
)


@pytest.fixture
def site() -> Iterator[FixtureSite]:
    with FixtureSite() as running:
        yield running


@pytest.fixture(scope="module")
def source() -> Iterator[YouTubeSource]:
    made = YouTubeSource(politeness=HASTY)
    yield made
    made.close()


@pytest.fixture
def fresh_source() -> Iterator[YouTubeSource]:
    """One of its own for a test in which the site refuses for good."""
    made = YouTubeSource(politeness=HASTY)
    yield made
    made.close()


def fetch(source: YouTubeSource, site: FixtureSite, index: int, folder: Path) -> Media:
    """Fetches the video at this place of the channel."""
    video = site.videos[index]
    return source.fetch(Video(video.library_id, site.video_url(video), video.title), folder)


class TestList:
    def test_a_channel_gives_all_tabs_in_order(
        self, site: FixtureSite, source: YouTubeSource
    ) -> None:
        videos = list(source.list(site.channel_url))
        assert [video.id for video in videos] == [video.library_id for video in site.videos]
        assert [video.id for video in videos if video.is_short] == [
            video.library_id for video in site.videos if video.tab == "shorts"
        ]

    def test_an_entry_carries_what_a_listing_knows(
        self, site: FixtureSite, source: YouTubeSource
    ) -> None:
        assert next(source.list(site.channel_url)) == Video(
            id="tubeseekfixture-shape00000A",
            url=f"{site.url}/watch?v=shape00000A",
            title="A red circle | 빨간 동그라미",
            channel="Shapes and Colours",
            channel_id="UCshapesxxxxxxxxxxxxxxxx",
            published=date(2026, 10, 1),
            duration_seconds=240,
            views=1_000_000,
            picture=f"{site.url}/vi/shape00000A/hqdefault.jpg",
        )

    def test_the_first_video_comes_before_the_second_page_is_asked_for(
        self, site: FixtureSite, source: YouTubeSource
    ) -> None:
        next(source.list(site.channel_url))
        assert site.count("/api/channel/shapes/") == 1

    def test_closing_it_ends_all_requests(self, site: FixtureSite, source: YouTubeSource) -> None:
        listing = source.list(site.channel_url)
        assert len(list(itertools.islice(listing, 12))) == 12
        listing.close()
        time.sleep(0.05)
        assert site.count("/api/channel/shapes/") == 2

    def test_memory_does_not_grow_with_the_channel(self, source: YouTubeSource) -> None:
        with FixtureSite(1500) as site:
            site.page_size = 50
            listing = source.list(site.channel_url)
            assert len(list(itertools.islice(listing, 200))) == 200
            tracemalloc.start()
            try:
                seen = sum(1 for _ in listing)
                _, peak = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
        assert seen == 1300
        assert peak < 700_000  # bytes; a list of these 1,300 videos would take 900,000

    def test_a_playlist_names_what_cannot_be_had_and_goes_on(
        self, site: FixtureSite, source: YouTubeSource
    ) -> None:
        site.videos[2].fault = Fault.PRIVATE
        site.videos[5].fault = Fault.REMOVED
        items = list(source.list(site.playlist_url))
        assert len(items) == 10
        errors = {i: item for i, item in enumerate(items) if isinstance(item, Exception)}
        assert {i: (error.final, str(error).split(": ")[-1]) for i, error in errors.items()} == {
            2: (True, "private"),
            5: (True, "removed"),
        }

    def test_a_single_video_comes_in_full(self, site: FixtureSite, source: YouTubeSource) -> None:
        [video] = source.list(site.video_url(site.videos[7]))
        assert (video.id, video.tags) == (site.videos[7].library_id, ("brown", "circle"))

    def test_one_tab_of_a_channel(self, site: FixtureSite, source: YouTubeSource) -> None:
        assert len(list(source.list(f"{site.channel_url}/shorts"))) == 4

    def test_a_second_look_sees_what_is_new_changed_and_gone(
        self, site: FixtureSite, source: YouTubeSource
    ) -> None:
        before = {video.id: video for video in source.list(site.channel_url)}
        gone = site.videos.pop(3)
        site.videos[0].title = "A new title"
        site.videos[1].picture_version = 1
        after = {video.id: video for video in source.list(site.channel_url)}
        assert set(before) - set(after) == {gone.library_id}
        assert {
            id_: (video.title, video.picture.rpartition("/")[2])
            for id_, video in after.items()
            if video != before[id_]
        } == {
            site.videos[0].library_id: ("A new title", "hqdefault.jpg"),
            site.videos[1].library_id: (site.videos[1].title, "hqdefault.jpg?v=1"),
        }

    def test_a_page_that_fails_ends_the_listing_with_an_error(
        self, site: FixtureSite, source: YouTubeSource
    ) -> None:
        site.broken_paths.add("/api/channel/shapes/videos?page=3")
        listing = source.list(site.channel_url)
        assert len(list(itertools.islice(listing, 20))) == 20
        with pytest.raises(SourceError, match=r"in part only\. .*HTTP Error 500"):
            next(listing)

    def test_a_site_that_yt_dlp_does_not_know(self, source: YouTubeSource) -> None:
        with pytest.raises(SourceError, match="knows no such site"):
            next(source.list("http://127.0.0.1:9/somewhere"))

    def test_what_is_no_address_at_all(self, source: YouTubeSource) -> None:
        with pytest.raises(SourceError, match="@handle"):
            next(source.list("/no/folder/of/mine"))

    def test_a_channel_that_does_not_exist(self, site: FixtureSite, source: YouTubeSource) -> None:
        with pytest.raises(SourceError, match="does not exist"):
            next(source.list(f"{site.url}/channel/nobody"))


class TestFetch:
    def test_metadata_in_full(
        self, site: FixtureSite, source: YouTubeSource, tmp_path: Path
    ) -> None:
        video = fetch(source, site, 0, tmp_path).video
        assert video == Video(
            id="tubeseekfixture-shape00000A",
            url=f"{site.url}/watch?v=shape00000A",
            title="A red circle | 빨간 동그라미",
            description="How to draw a red circle. 빨간 동그라미 그리기.",
            channel="Shapes and Colours",
            channel_id="UCshapesxxxxxxxxxxxxxxxx",
            category="Education",
            published=date(2026, 10, 1),
            duration_seconds=240,
            views=1_000_000,
            language="en",
            tags=("red", "circle"),
            chapters=(Chapter("First half", 0, 120), Chapter("Second half", 120, 240)),
            heatmap=tuple(HeatPoint(24.0 * i, 24.0 * (i + 1), (i + 1) / 10) for i in range(10)),
            picture=f"{site.url}/vi/shape00000A/maxresdefault.jpg",
        )

    def test_the_pictures_are_those_of_the_video(
        self, site: FixtureSite, source: YouTubeSource, tmp_path: Path
    ) -> None:
        media = fetch(source, site, 4, tmp_path)
        assert media.thumbnail == tmp_path / "thumbnail.jpg"
        assert [(still.path.name, still.seconds) for still in media.stills] == [
            ("hq1.jpg", 70),
            ("hq2.jpg", 140),
            ("hq3.jpg", 210),
        ]
        with Image.open(media.thumbnail) as picture:
            assert picture.size == SIZES["maxresdefault"]
            assert picture.getpixel((640, 360)) == pytest.approx(COLOURS["blue"][0], abs=6)
        for still, x in zip(media.stills, (120, 240, 360), strict=True):
            with Image.open(still.path) as picture:
                assert picture.getpixel((x, 180)) == pytest.approx(COLOURS["blue"][0], abs=6)

    @pytest.mark.parametrize(
        ("missing", "size"),
        [
            ({"maxresdefault"}, SIZES["hq720"]),
            ({"maxresdefault", "hq720"}, SIZES["sddefault"]),
            ({"maxresdefault", "hq720", "sddefault"}, SIZES["hqdefault"]),
        ],
    )
    def test_the_next_best_thumbnail(
        self,
        site: FixtureSite,
        source: YouTubeSource,
        tmp_path: Path,
        missing: set[str],
        size: tuple[int, int],
    ) -> None:
        site.videos[0].missing_pictures |= missing
        with Image.open(fetch(source, site, 0, tmp_path).thumbnail) as picture:
            assert picture.size == size

    def test_a_web_page_is_no_picture(
        self, site: FixtureSite, source: YouTubeSource, tmp_path: Path
    ) -> None:
        site.videos[0].fake_pictures |= {"maxresdefault", "hq2"}
        media = fetch(source, site, 0, tmp_path)
        with Image.open(media.thumbnail) as picture:
            assert picture.size == SIZES["hq720"]
        assert [still.path.name for still in media.stills] == ["hq1.jpg", "hq3.jpg"]
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            "hq1.jpg",
            "hq3.jpg",
            "thumbnail.jpg",
        ]

    def test_no_picture_at_all(
        self, site: FixtureSite, source: YouTubeSource, tmp_path: Path
    ) -> None:
        site.videos[0].missing_pictures |= set(SIZES)
        with pytest.raises(MediaError, match="no thumbnail"):
            fetch(source, site, 0, tmp_path)
        assert not list(tmp_path.iterdir())

    def test_a_fault_of_the_network_is_not_a_missing_picture(
        self, site: FixtureSite, source: YouTubeSource, tmp_path: Path
    ) -> None:
        site.broken_paths.add("/vi/shape00000A/hq2.jpg")
        with pytest.raises(VideoUnavailableError, match="try again later") as caught:
            fetch(source, site, 0, tmp_path)
        assert not caught.value.final

    @pytest.mark.parametrize(
        ("fault", "final", "reason"),
        [
            (Fault.PRIVATE, True, "private"),
            (Fault.REMOVED, True, "removed"),
            (Fault.TERMINATED, True, "removed with its account"),
            (Fault.AGE, True, "age-limited"),
            (Fault.GEO, True, "blocked in this country"),
            (Fault.MEMBERS, True, "for members of the channel only"),
            (Fault.UPCOMING, False, "not broadcast yet"),
            (Fault.SERVER_ERROR, False, "HTTP Error 500"),
            (Fault.DROP, False, "bytes read"),
        ],
    )
    def test_a_video_that_cannot_be_had(
        self,
        site: FixtureSite,
        source: YouTubeSource,
        tmp_path: Path,
        fault: Fault,
        final: bool,
        reason: str,
    ) -> None:
        site.videos[0].fault = fault
        with pytest.raises(VideoUnavailableError, match=reason) as caught:
            fetch(source, site, 0, tmp_path)
        assert caught.value.final is final
        assert site.video_url(site.videos[0]) in str(caught.value)
        assert fetch(source, site, 1, tmp_path).thumbnail.exists()  # the rest go on

    def test_a_slow_answer_is_waited_for(
        self, site: FixtureSite, source: YouTubeSource, tmp_path: Path
    ) -> None:
        site.videos[0].fault, site.slow_seconds = Fault.SLOW, 0.2
        assert fetch(source, site, 0, tmp_path).thumbnail.exists()


class TestRefusals:
    def test_429_is_waited_out_in_the_middle_of_a_listing(
        self, site: FixtureSite, fresh_source: YouTubeSource
    ) -> None:
        listing = fresh_source.list(site.channel_url)
        first = [next(listing) for _ in range(10)]
        site.refuse_next(2)
        videos = [*first, *listing]
        assert [video.id for video in videos] == [video.library_id for video in site.videos]
        assert site.requests["/api/channel/shapes/videos?page=2"] == 3

    def test_429_without_end_stops_the_run(
        self, site: FixtureSite, fresh_source: YouTubeSource, tmp_path: Path
    ) -> None:
        site.refuse_next(10**9)
        with pytest.raises(RateLimitedError, match="run the same command again") as caught:
            fetch(fresh_source, site, 0, tmp_path)
        assert not caught.value.final
        # Pauses of 5, 10, 20, 40 and 80 ms, each at least half as long, end within 100 ms.
        asked = sum(site.requests.values())
        assert 4 <= asked <= 8
        with pytest.raises(RateLimitedError):
            fetch(fresh_source, site, 1, tmp_path)
        assert sum(site.requests.values()) == asked

    def test_a_site_that_asks_for_more_time_than_there_is(
        self, site: FixtureSite, fresh_source: YouTubeSource
    ) -> None:
        site.refuse_next(10**9)
        site.retry_after_seconds = 3600
        with pytest.raises(RateLimitedError):
            next(fresh_source.list(site.channel_url))
        assert sum(site.requests.values()) == 1

    def test_try_again_later_is_waited_out(
        self, site: FixtureSite, fresh_source: YouTubeSource, tmp_path: Path
    ) -> None:
        site.videos[0].fault = Fault.TRY_LATER
        with ThreadPoolExecutor(1) as pool:
            fetching = pool.submit(fetch, fresh_source, site, 0, tmp_path)
            while not site.requests["/api/video/shape00000A"]:
                time.sleep(0.001)
            site.videos[0].fault = Fault.NONE
        assert fetching.result().thumbnail.exists()
        assert site.requests["/api/video/shape00000A"] == 2

    def test_try_again_later_without_end(
        self, site: FixtureSite, fresh_source: YouTubeSource, tmp_path: Path
    ) -> None:
        site.videos[0].fault = Fault.TRY_LATER
        with pytest.raises(RateLimitedError) as caught:
            fetch(fresh_source, site, 0, tmp_path)
        assert not caught.value.final

    def test_the_bot_check_stops_every_thread_at_once(
        self, site: FixtureSite, fresh_source: YouTubeSource, tmp_path: Path
    ) -> None:
        site.bot_check = True
        with pytest.raises(RateLimitedError, match="--cookies FILE") as caught:
            fetch(fresh_source, site, 0, tmp_path)
        assert caught.value.final
        with ThreadPoolExecutor(4) as pool:
            others = [pool.submit(fetch, fresh_source, site, i, tmp_path) for i in range(1, 9)]
        assert all(isinstance(one.exception(), RateLimitedError) for one in others)
        assert sum(site.requests.values()) == 1


class TestThreads:
    def test_share_one_limit_on_requests(self, site: FixtureSite, tmp_path: Path) -> None:
        gap = 0.02
        politeness = Politeness(request_seconds=gap, video_min_seconds=0, video_max_seconds=0)
        source = YouTubeSource(politeness=politeness)
        with ThreadPoolExecutor(4) as pool:
            done = [pool.submit(fetch, source, site, i, tmp_path / str(i)) for i in range(4)]
            assert all(one.result().thumbnail.exists() for one in done)
        source.close()
        assert len(site.log) == 4 * 5  # the video, its thumbnail, three stills
        took = site.log[-1].seconds - site.log[0].seconds
        assert took > (len(site.log) - 2) * gap  # one gap's grace for the way to the server

    def test_share_one_limit_on_videos(self, site: FixtureSite, tmp_path: Path) -> None:
        gap = 0.1
        politeness = Politeness(request_seconds=0, video_min_seconds=gap, video_max_seconds=gap)
        source = YouTubeSource(politeness=politeness)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda i: fetch(source, site, i, tmp_path / str(i)), range(4)))
        source.close()
        starts = [one.seconds for one in site.log if one.path.startswith("/api/video/")]
        assert starts[-1] - starts[0] > 2 * gap

    def test_get_the_right_pictures_each(
        self, site: FixtureSite, source: YouTubeSource, tmp_path: Path
    ) -> None:
        with ThreadPoolExecutor(4) as pool:
            fetched = pool.map(lambda i: fetch(source, site, i, tmp_path / str(i)), range(10))
        for video, media in zip(site.videos, fetched, strict=False):
            with Image.open(media.thumbnail) as picture:
                centre = picture.getpixel((640, 360))
            assert (media.video.id, centre) == (
                video.library_id,
                pytest.approx(COLOURS[video.colour][0], abs=6),
            )

    def test_closing_wakes_those_that_wait(self, site: FixtureSite, tmp_path: Path) -> None:
        politeness = Politeness(video_min_seconds=600, video_max_seconds=600, request_seconds=0)
        source = YouTubeSource(politeness=politeness)
        fetch(source, site, 0, tmp_path)
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(fetch, source, site, 1, tmp_path)
            time.sleep(0.02)
            source.close()
            assert isinstance(waiting.exception(timeout=5), RateLimitedError)


class TestCookies:
    COOKIES = (
        "# Netscape HTTP Cookie File\n"
        "127.0.0.1\tFALSE\t/\tFALSE\t4102444800\tsession\topen-sesame\n"
    )

    def test_are_sent_and_neither_written_nor_logged(
        self,
        site: FixtureSite,
        tmp_path: Path,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        caplog.set_level(logging.DEBUG)
        file = tmp_path / "cookies.txt"
        file.write_text(self.COOKIES)
        file.chmod(0o400)
        source = YouTubeSource(cookies=file, politeness=HASTY)
        list(source.list(site.playlist_url))
        fetch(source, site, 0, tmp_path / "media")
        source.close()
        assert all("session=open-sesame" in one.headers["Cookie"] for one in site.log)
        assert "visit=1" in site.log[-1].headers["Cookie"]  # what the site sets is kept in memory
        assert file.read_text() == self.COOKIES
        assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["cookies.txt"]
        assert "open-sesame" not in caplog.text + "".join(capfd.readouterr())

    @pytest.mark.parametrize("content", ["not cookies", "\x00\x01", None])
    def test_a_file_that_cannot_be_read(self, tmp_path: Path, content: str | None) -> None:
        file = tmp_path / "cookies.txt"
        if content is not None:
            file.write_text(content)
        with pytest.raises(ConfigError, match=r"cookies"):
            YouTubeSource(cookies=file)

    @pytest.mark.parametrize(
        "line", ["127.0.0.1\tTRUE\topen-sesame", "a\tTRUE\t/\tTRUE\tsoon\tsession\topen-sesame"]
    )
    def test_a_broken_line_is_named_and_not_shown(
        self, tmp_path: Path, capfd: pytest.CaptureFixture[str], line: str
    ) -> None:
        file = tmp_path / "cookies.txt"
        file.write_text(f"{self.COOKIES}{line}\n")
        with pytest.raises(ConfigError, match="line 3") as caught:
            YouTubeSource(cookies=file)
        shown = "".join(traceback.format_exception(caught.value))
        assert "open-sesame" not in shown + "".join(capfd.readouterr())

    def test_cookies_that_scripts_cannot_see_are_read_too(
        self, site: FixtureSite, tmp_path: Path
    ) -> None:
        file = tmp_path / "cookies.txt"
        file.write_text(self.COOKIES.replace("127.0.0.1", "#HttpOnly_127.0.0.1"))
        source = YouTubeSource(cookies=file, politeness=HASTY)
        next(source.list(site.playlist_url))
        source.close()
        assert "session=open-sesame" in site.log[0].headers["Cookie"]


def test_a_program_of_its_own_prints_nothing_and_leaves_nothing_in_the_home_folder(
    site: FixtureSite, tmp_path: Path
) -> None:
    home, media = tmp_path / "home", tmp_path / "media"
    home.mkdir()
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from tubeseek.sources.politeness import Politeness\n"
        "from tubeseek.sources.youtube import YouTubeSource\n"
        "source = YouTubeSource(politeness=Politeness(request_seconds=0))\n"
        "first = next(source.list(sys.argv[1]))\n"
        "source.fetch(first, Path(sys.argv[2]))\n"
        "source.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, site.channel_url, str(media)],
        env={**site.environment(), "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(list(media.iterdir())) == 4
    assert list(home.iterdir()) == []
