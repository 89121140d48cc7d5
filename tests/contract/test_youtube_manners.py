"""How the YouTube source treats a site, and what its user entrusts to it."""

import logging
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from tests.fixture_site import Fault, FixtureSite
from tests.fixture_site.haste import HASTY, fetch
from tests.fixture_site.videos import COLOURS
from tubeseek.core.errors import ConfigError, RateLimitedError
from tubeseek.sources.youtube.rate_limit import Politeness
from tubeseek.sources.youtube.source import YouTubeSource


@pytest.fixture
def site() -> Iterator[FixtureSite]:
    with FixtureSite() as running:
        yield running


@pytest.fixture
def source() -> Iterator[YouTubeSource]:
    """A new one for each test: once a site has refused for good, a source asks no more."""
    made = YouTubeSource(politeness=HASTY)
    yield made
    made.close()


class TestRefusals:
    def test_429_is_waited_out_in_the_middle_of_a_listing(
        self, site: FixtureSite, source: YouTubeSource
    ) -> None:
        listing = source.list(site.channel_url)
        first = [next(listing) for _ in range(10)]
        site.refuse_next(2)
        videos = [*first, *listing]
        assert [video.id for video in videos] == [video.library_id for video in site.videos]
        assert site.requests["/api/channel/shapes/videos?page=2"] == 3

    def test_429_without_end_stops_the_run(
        self, site: FixtureSite, source: YouTubeSource, tmp_path: Path
    ) -> None:
        site.refuse_next(10**9)
        with pytest.raises(RateLimitedError) as caught:
            fetch(source, site, 0, tmp_path)
        assert not caught.value.final
        # Pauses of 5, 10, 20, 40 and 80 ms, each at least half as long, end within 100 ms.
        requests = sum(site.requests.values())
        assert 4 <= requests <= 8
        with pytest.raises(RateLimitedError):
            fetch(source, site, 1, tmp_path)
        assert sum(site.requests.values()) == requests

    def test_a_site_that_asks_for_more_time_than_there_is(
        self, site: FixtureSite, source: YouTubeSource
    ) -> None:
        site.refuse_next(10**9)
        site.retry_after_seconds = 3600
        with pytest.raises(RateLimitedError):
            next(source.list(site.channel_url))
        assert sum(site.requests.values()) == 1

    def test_try_again_later_is_waited_out(
        self, site: FixtureSite, source: YouTubeSource, tmp_path: Path
    ) -> None:
        site.videos[0].fault = Fault.TRY_LATER
        with ThreadPoolExecutor(1) as pool:
            fetching = pool.submit(fetch, source, site, 0, tmp_path)
            while not site.requests["/api/video/shape00000A"]:
                time.sleep(0.001)
            site.videos[0].fault = Fault.NONE
        assert fetching.result().thumbnail.exists()
        assert site.requests["/api/video/shape00000A"] == 2

    def test_try_again_later_without_end(
        self, site: FixtureSite, source: YouTubeSource, tmp_path: Path
    ) -> None:
        site.videos[0].fault = Fault.TRY_LATER
        with pytest.raises(RateLimitedError) as caught:
            fetch(source, site, 0, tmp_path)
        assert not caught.value.final

    def test_the_bot_check_stops_every_thread_at_once(
        self, site: FixtureSite, source: YouTubeSource, tmp_path: Path
    ) -> None:
        site.bot_check = True
        with pytest.raises(RateLimitedError, match="--cookies FILE") as caught:
            fetch(source, site, 0, tmp_path)
        assert caught.value.final
        with ThreadPoolExecutor(4) as pool:
            futures = [pool.submit(fetch, source, site, i, tmp_path) for i in range(1, 9)]
        assert all(isinstance(future.exception(), RateLimitedError) for future in futures)
        assert sum(site.requests.values()) == 1


class TestThreads:
    def test_share_one_limit_on_requests(self, site: FixtureSite, tmp_path: Path) -> None:
        gap = 0.02
        politeness = Politeness(request_seconds=gap, video_min_seconds=0, video_max_seconds=0)
        source = YouTubeSource(politeness=politeness)
        with ThreadPoolExecutor(4) as pool:
            futures = [pool.submit(fetch, source, site, i, tmp_path / str(i)) for i in range(4)]
            assert all(future.result().thumbnail.exists() for future in futures)
        source.close()
        assert len(site.log) == 4 * 5  # the video, its thumbnail, three stills
        took = site.log[-1].seconds - site.log[0].seconds
        assert took > (len(site.log) - 2) * gap  # one gap's grace for the way to the server

    def test_share_one_limit_on_videos(self, site: FixtureSite, tmp_path: Path) -> None:
        gap = 0.4  # setting up the first session may take half of it
        politeness = Politeness(request_seconds=0, video_min_seconds=gap, video_max_seconds=gap)
        source = YouTubeSource(politeness=politeness)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda i: fetch(source, site, i, tmp_path / str(i)), range(4)))
        source.close()
        starts = [request.seconds for request in site.log if request.path.startswith("/api/video/")]
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
        assert all("session=open-sesame" in request.headers["Cookie"] for request in site.log)
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
        "from tubeseek.sources.youtube.rate_limit import Politeness\n"
        "from tubeseek.sources.youtube.source import YouTubeSource\n"
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
