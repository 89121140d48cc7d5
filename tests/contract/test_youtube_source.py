"""What the YouTube source lists and fetches, with the real yt-dlp and a site on this machine."""

import itertools
import time
import tracemalloc
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from tests.fixture_site import Fault, FixtureSite
from tests.fixture_site.haste import HASTY, fetch
from tests.fixture_site.pictures import SIZES
from tests.fixture_site.videos import COLOURS
from tubeseek.core.errors import MediaError, SourceError, VideoUnavailableError
from tubeseek.core.types import Chapter, HeatPoint, Video
from tubeseek.sources.youtube.source import YouTubeSource


@pytest.fixture
def site() -> Iterator[FixtureSite]:
    with FixtureSite() as running:
        yield running


@pytest.fixture(scope="module")
def source() -> Iterator[YouTubeSource]:
    made = YouTubeSource(politeness=HASTY)
    yield made
    made.close()


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

    def test_the_first_video_comes_before_the_second_page_is_requested(
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
                listed_count = sum(1 for _ in listing)
                _, peak = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
        assert listed_count == 1300
        assert peak < 700_000  # bytes; a list of these 1,300 videos would take 900,000

    def test_a_playlist_names_what_cannot_be_had_and_goes_on(
        self, site: FixtureSite, source: YouTubeSource
    ) -> None:
        site.videos[2].fault = Fault.PRIVATE
        site.videos[5].fault = Fault.REMOVED
        items = list(source.list(site.playlist_url))
        assert len(items) == 10
        errors = {i: item for i, item in enumerate(items) if isinstance(item, Exception)}
        assert errors.keys() == {2, 5}
        for i, cause in ((2, "private"), (5, "removed")):
            assert isinstance(errors[i], VideoUnavailableError)
            assert errors[i].final
            assert cause in str(errors[i])

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
        with pytest.raises(SourceError, match="500"):
            next(listing)

    def test_a_site_that_yt_dlp_does_not_know(self, source: YouTubeSource) -> None:
        with pytest.raises(SourceError):
            next(source.list("http://127.0.0.1:9/somewhere"))

    def test_what_is_no_address_at_all(self, source: YouTubeSource) -> None:
        with pytest.raises(SourceError, match="@handle"):
            next(source.list("/no/folder/of/mine"))

    def test_a_channel_that_does_not_exist(self, site: FixtureSite, source: YouTubeSource) -> None:
        with pytest.raises(SourceError):
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
        with pytest.raises(MediaError):
            fetch(source, site, 0, tmp_path)
        assert not list(tmp_path.iterdir())

    def test_a_fault_of_the_network_is_not_a_missing_picture(
        self, site: FixtureSite, source: YouTubeSource, tmp_path: Path
    ) -> None:
        site.broken_paths.add("/vi/shape00000A/hq2.jpg")
        with pytest.raises(VideoUnavailableError) as caught:
            fetch(source, site, 0, tmp_path)
        assert not caught.value.final

    @pytest.mark.parametrize(
        ("fault", "final", "cause"),
        [
            (Fault.PRIVATE, True, "private"),
            (Fault.REMOVED, True, "removed"),
            (Fault.TERMINATED, True, "account"),
            (Fault.AGE, True, "--cookies FILE"),
            (Fault.GEO, True, "country"),
            (Fault.MEMBERS, True, "members"),
            (Fault.UPCOMING, False, "broadcast"),
            (Fault.SERVER_ERROR, False, "500"),
            (Fault.DROP, False, "bytes"),
        ],
    )
    def test_a_video_that_cannot_be_had(
        self,
        site: FixtureSite,
        source: YouTubeSource,
        tmp_path: Path,
        fault: Fault,
        final: bool,
        cause: str,
    ) -> None:
        site.videos[0].fault = fault
        with pytest.raises(VideoUnavailableError, match=cause) as caught:
            fetch(source, site, 0, tmp_path)
        assert caught.value.final is final
        assert site.video_url(site.videos[0]) in str(caught.value)
        assert fetch(source, site, 1, tmp_path).thumbnail.exists()  # the rest go on

    def test_a_slow_answer_is_waited_for(
        self, site: FixtureSite, source: YouTubeSource, tmp_path: Path
    ) -> None:
        site.videos[0].fault, site.slow_seconds = Fault.SLOW, 0.2
        assert fetch(source, site, 0, tmp_path).thumbnail.exists()
