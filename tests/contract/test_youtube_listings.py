"""What becomes of lists that YouTube cuts short, and of what is no video in them.

The real yt-dlp reads them; `replayed_youtube` stands in for its network.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.hasty_library import HastyLibrary
from tests.helpers.palette_encoder import PaletteEncoder
from tests.helpers.replayed_youtube import (
    API,
    CHANNEL,
    PLAYLIST,
    SITE,
    Answer,
    Replay,
    Route,
    channel_page,
    continuation,
    page,
    playlist_page,
    playlist_video,
    real_text,
    result_channel,
    result_playlist,
    result_video,
    search_page,
    tab_video,
    video_route,
)
from tubeseek.core.errors import ListedInPartError, SourceError
from tubeseek.core.types import Video
from tubeseek.sources.youtube.rate_limit import Politeness, RateLimiter
from tubeseek.sources.youtube.source import YouTubeSource

NO_PAUSES = Politeness(
    request_seconds=0, video_min_seconds=0, video_max_seconds=0, backoff_total_seconds=0
)
PLAYLIST_URL = f"{SITE}/playlist?list={PLAYLIST}"
RESULTS_URL = f"{SITE}/results?search_query=shapes"
PEERTUBE = "9c9de5e8-0a1e-484a-b099-e80766180a6d"
EMPTY = continuation([])


@pytest.fixture
def library(tmp_path: Path) -> HastyLibrary:
    return HastyLibrary(tmp_path / "library")


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> Replay:
    return Replay(monkeypatch, lambda url, body: None)


def playlist(count: int, total: int | None, second_page: Answer) -> Route:
    """A playlist of a first page with `count` videos, and what comes instead of its second."""
    first = playlist_page([playlist_video(n) for n in range(count)], total, "second")
    return paged(page(first), second_page, reload=first)


def paged(first: str, second: Answer, reload: Answer = None) -> Route:
    def route(url: str, body: dict[str, Any]) -> Answer:
        if not url.startswith(API):
            return first
        return second if "continuation" in body else reload

    return route


def whole(count: int = 12, missing: tuple[int, ...] = ()) -> Route:
    """A playlist of two pages, without some of its videos."""
    videos = [playlist_video(n) for n in range(count) if n not in missing]
    half = len(videos) * 9 // 10
    first = playlist_page(videos[:half], len(videos), "second")
    return paged(page(first), continuation(videos[half:]), reload=first)


class TestCutPlaylists:
    @pytest.mark.parametrize("second_page", [{}, EMPTY], ids=["no data", "empty page"])
    def test_nothing_is_gone_and_one_sentence_says_so(
        self, library: HastyLibrary, replay: Replay, second_page: Answer
    ) -> None:
        replay.route = whole(112)
        assert library.run("add", PLAYLIST_URL)[:2] == (0, counts(new=112))
        replay.route = playlist(100, 112, second_page)
        for _ in range(2):
            code, answer, lines = library.run("sync")
            assert (code, answer) == (1, counts(same=100, missing=12, failed=1))
            [line] = lines
            assert PLAYLIST_URL in line
            assert "100 of 112" in line
            assert "--accept-gone" in line
            assert library.gone() == 0

    def test_the_user_can_accept_it(self, library: HastyLibrary, replay: Replay) -> None:
        replay.route = whole(12)
        library.run("add", PLAYLIST_URL)
        replay.route = playlist(6, 12, EMPTY)
        code, answer, _ = library.run("sync", "--accept-gone")
        assert (code, answer) == (0, counts(same=6, gone=6))
        assert library.run("sync")[:2] == (0, counts(same=6))  # this length is usual now

    def test_adding_a_list_that_is_cut(self, library: HastyLibrary, replay: Replay) -> None:
        replay.route = playlist(100, 112, {})
        code, answer, [line] = library.run("add", PLAYLIST_URL)
        assert (code, answer) == (1, counts(new=100, failed=1))
        assert "100 of 112" in line

    def test_fewer_than_the_list_counts_gives_a_notice_but_no_failure(
        self, library: HastyLibrary, replay: Replay
    ) -> None:
        replay.route = playlist(10, 12, EMPTY)
        code, answer, [notice] = library.run("add", PLAYLIST_URL)
        assert (code, answer) == (0, counts(new=10))
        assert "10 of 12" in notice
        assert library.run("sync") == (0, counts(same=10), [])

    def test_a_first_page_that_cannot_be_loaded_again_is_no_cut(
        self, library: HastyLibrary, replay: Replay
    ) -> None:
        first = playlist_page([playlist_video(n) for n in range(10)], 12, "second")
        rest = continuation([playlist_video(n) for n in range(10, 12)])
        replay.route = paged(page(first), rest, reload={})
        assert library.run("add", PLAYLIST_URL)[:2] == (0, counts(new=12))

    def test_a_private_video_counts_as_listed(self, library: HastyLibrary, replay: Replay) -> None:
        hidden = playlist_video(2)
        hidden["playlistVideoRenderer"]["title"] = {"simpleText": "[Private video]"}
        first = playlist_page([playlist_video(1), hidden], 2)
        replay.route = paged(page(first), None, reload=first)
        code, answer, [line] = library.run("add", PLAYLIST_URL)
        assert (code, answer) == (1, counts(new=1, failed=1))
        assert "private" in line


class TestGone:
    def test_two_complete_listings_must_agree(self, library: HastyLibrary, replay: Replay) -> None:
        replay.route = whole()
        library.run("add", PLAYLIST_URL)
        replay.route = whole(missing=(7, 8))
        assert library.run("sync")[:2] == (0, counts(same=10, missing=2))
        assert library.run("sync")[:2] == (0, counts(same=10, gone=2))
        assert library.run("sync")[:2] == (0, counts(same=10))

    def test_what_comes_back_in_between_begins_anew(
        self, library: HastyLibrary, replay: Replay
    ) -> None:
        replay.route = whole()
        library.run("add", PLAYLIST_URL)
        for route in (whole(missing=(7,)), whole(), whole(missing=(7,))):
            replay.route = route
            library.run("sync")
        assert library.gone() == 0

    def test_a_listing_in_part_between_them_changes_nothing(
        self, library: HastyLibrary, replay: Replay
    ) -> None:
        replay.route = whole()
        library.run("add", PLAYLIST_URL)
        for route in (whole(missing=(11,)), playlist(6, 12, {}), whole(missing=(11,))):
            replay.route = route
            library.run("sync")
        assert library.gone() == 1

    @pytest.mark.parametrize(("before", "left"), [(40, 35), (6, 0)])
    def test_a_list_that_shrinks_all_at_once_is_not_believed(
        self, library: HastyLibrary, replay: Replay, before: int, left: int
    ) -> None:
        replay.route = whole(before)
        library.run("add", PLAYLIST_URL)
        replay.route = whole(left)
        for _ in range(2):
            code, answer, [line] = library.run("sync")
            assert (code, answer["missing"]) == (1, before - left)
            assert f"{before - left} of {before}" in line
        assert library.gone() == 0
        assert library.run("sync", "--accept-gone")[1]["gone"] == before - left

    def test_three_of_four_may_go_at_once(self, library: HastyLibrary, replay: Replay) -> None:
        replay.route = whole(4)
        library.run("add", PLAYLIST_URL)
        replay.route = whole(1)
        library.run("sync")
        assert library.run("sync")[:2] == (0, counts(same=1, gone=3))

    def test_a_channel_that_ends_with_an_empty_page(
        self, library: HastyLibrary, replay: Replay
    ) -> None:
        url = f"{SITE}/channel/{CHANNEL}/videos"
        first = page(channel_page([tab_video(n) for n in range(30)], "second"))
        replay.route = paged(first, continuation([tab_video(n) for n in range(30, 33)]))
        assert library.run("add", url)[:2] == (0, counts(new=33))
        replay.route = paged(first, EMPTY)
        assert library.run("sync")[:2] == (1, counts(same=30, missing=3, failed=1))
        assert library.gone() == 0

    def test_results_of_a_search_prove_nothing(self, library: HastyLibrary, replay: Replay) -> None:
        replay.route = results([result_video(n) for n in range(20)])
        library.run("add", RESULTS_URL)
        replay.route = results([result_video(n) for n in range(15, 35)])
        for _ in range(2):
            code, answer, _ = library.run("sync")
            assert (code, answer["gone"]) == (0, 0)
        assert library.gone() == 0


class TestWhatIsNoVideo:
    def test_results_with_channels_and_playlists(
        self, library: HastyLibrary, replay: Replay, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "tubeseek.encoders.factory.open_encoder", lambda *arguments: PaletteEncoder()
        )
        replay.route = results(
            [
                result_channel(1),
                result_video(1),
                result_playlist(2),
                {"adSlotRenderer": {"videoId": "shape99999A"}},
                {"shelfRenderer": shelf(result_video(2), "/channel/UCshelfxxxxxxxxxxxxxxxxx")},
                {"hashtagTileRenderer": hashtag("/hashtag/shapes")},
                result_video(3),
            ]
        )
        assert library.run("add", RESULTS_URL) == (0, counts(new=3), [])
        assert len(replay.requests) == 2  # the site's configuration and the results
        replay.requests.clear()
        code, answer, _ = library.run("index", "--workers", "1")
        assert (code, answer["indexed"]) == (0, 3)
        pages = [url for url, _ in replay.requests if "/watch?" in url]
        assert [url.partition("v=")[2][:11] for url in pages] == [
            f"shape{number:05d}A" for number in (1, 2, 3)
        ]
        listing_requests = [url for url, _ in replay.requests if not is_of_a_video(url)]
        assert listing_requests == []

    def test_results_without_any_video(self, library: HastyLibrary, replay: Replay) -> None:
        replay.route = results([result_channel(1), result_playlist(2)])
        code, answer, [line] = library.run("add", RESULTS_URL)
        assert (code, answer) == (1, counts(failed=1))
        assert "2 channels or playlists" in line

    def test_the_playlists_of_a_channel_are_walked_through(self, replay: Replay) -> None:
        lists = [result_playlist(n) for n in (1, 2)]
        grid = (
            {"richItemRenderer": {"content": lists[0]}},
            {"richItemRenderer": {"content": lists[1]}},
        )

        def route(url: str, body: dict[str, Any]) -> Answer:
            if "/playlists" in url:
                return page(channel_page(grid, tab="playlists"))
            if "/playlist?" in url:
                number = int(url[-3:])
                return page(playlist_page([playlist_video(number)], 1))
            return {}

        replay.route = route
        ids = [video.id for video in listed(f"{SITE}/channel/{CHANNEL}/playlists")]
        assert ids == ["shape00001A", "shape00002A"]

    def test_all_tabs_of_a_channel(self, replay: Replay) -> None:
        tabs = ("videos", "streams", "shorts")

        def route(url: str, body: dict[str, Any]) -> Answer:
            tab = url.rpartition("/")[2]
            if tab not in tabs:
                return {}
            number = tabs.index(tab)
            data = channel_page([tab_video(number)], tab=tab)
            shown = data["contents"]["twoColumnBrowseResultsRenderer"]["tabs"]
            for other in tabs:
                if other != tab:
                    [rest] = channel_page([], tab=other)["contents"][
                        "twoColumnBrowseResultsRenderer"
                    ]["tabs"]
                    del rest["tabRenderer"]["selected"], rest["tabRenderer"]["content"]
                    shown.append(rest)
            return page(data)

        replay.route = route
        ids = [video.id for video in listed(f"{SITE}/channel/{CHANNEL}")]
        assert ids == ["shape00000A", "shape00001A", "shape00002A"]


class TestPoliteness:
    def test_videos_added_together_are_waited_for(
        self, library: HastyLibrary, replay: Replay, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waits: list[RateLimiter] = []
        monkeypatch.setattr(RateLimiter, "wait_for_video", lambda limiter: waits.append(limiter))
        replay.route = video_route
        ids = [f"shape{number:05d}A" for number in range(3)]
        assert library.run("add", *ids)[:2] == (0, counts(new=3))
        assert len(waits) == 3
        assert len(set(map(id, waits))) == 1  # they share one clock
        assert len(replay.requests) == 2 * len(ids)


def test_another_site_comes_with_a_warning(library: HastyLibrary, replay: Replay) -> None:
    facts = {"name": "A walk", "duration": 60, "uuid": PEERTUBE, "previewPath": "/a.jpg"}
    replay.route = lambda url, body: facts if "/api/v1/videos/" in url else None
    url = f"https://peertube.tv/videos/watch/{PEERTUBE}"
    code, answer, notices = library.run("add", url)
    assert answer == counts(new=1), notices
    assert code == 0
    [notice] = notices
    assert "peertube.tv" in notice


class TestRealPages:
    """Pages that YouTube sent."""

    def test_a_long_playlist_whose_second_page_is_missing(self, replay: Replay) -> None:
        first = real_text("playlist_long.html.gz")
        replay.route = paged(first, {}, reload={})
        videos, error = until_error(f"{SITE}/playlist?list=PLS1QulWo1RIaJECMeUT4LFwJ-ghgoSH6n")
        assert len({video.id for video in videos}) == 100
        assert isinstance(error, ListedInPartError)
        assert (error.certain, error.shortfall) == (True, 133)

    def test_a_playlist_in_one_page(self, replay: Replay) -> None:
        replay.route = paged(real_text("playlist.html.gz"), None, reload={})
        videos, error = until_error(f"{SITE}/playlist?list=PLzMcBGfZo4-mP7qA9cagf68V06sko5otr")
        assert error is None
        assert [video.channel for video in videos] == ["Tech With Tim"] * 12

    @pytest.mark.parametrize("tab", ["videos", "shorts", "livestreams"])
    def test_a_tab_of_a_channel(self, replay: Replay, tab: str) -> None:
        data = json.loads(real_text(f"tab_{tab}.json.gz"))
        channel = data["metadata"]["channelMetadataRenderer"]["externalId"]
        ending = continuation([])
        replay.route = paged(page(data), ending)
        name = {"livestreams": "streams"}.get(tab, tab)
        videos, error = until_error(f"{SITE}/channel/{channel}/{name}")
        assert isinstance(error, ListedInPartError)  # there were further pages
        assert not error.certain
        assert len(videos) == data_count(data)
        assert all(video.is_short for video in videos) == (tab == "shorts")
        assert all(video.title != video.id and video.picture for video in videos)

    @pytest.mark.parametrize("name", ["all", "channels", "playlists"])
    def test_results_of_a_search(self, replay: Replay, name: str) -> None:
        data = json.loads(real_text(f"search_{name}.json.gz"))
        replay.route = lambda url, body: (
            ({"continuationContents": {}} if "continuation" in body else data)
            if url.startswith(API)
            else page({})
        )
        videos, error = until_error(RESULTS_URL)
        assert all(len(video.id) == 11 and "/watch?v=" in video.url for video in videos)
        if name == "all":
            assert len(videos) == 20
        else:
            assert isinstance(error, SourceError)
            assert videos == []


def counts(**stated: int) -> dict[str, int]:
    return dict.fromkeys(("new", "changed", "same", "gone", "missing", "failed"), 0) | stated


def listed(url: str) -> list[Video]:
    videos, error = until_error(url)
    assert error is None
    return videos


def until_error(url: str) -> tuple[list[Video], Exception | None]:
    """Return the videos of a place, and the error that ended the list."""
    source = YouTubeSource(politeness=NO_PAUSES)
    videos: list[Video] = []
    try:
        for item in source.list(url):
            assert isinstance(item, Video)
            videos.append(item)
    except SourceError as error:
        return videos, error
    finally:
        source.close()
    return videos, None


def results(items: list[dict[str, Any]]) -> Route:
    """The results of a search, and all that yt-dlp asks of a video in them."""

    def route(url: str, body: dict[str, Any]) -> Answer:
        if url.startswith(f"{API}search"):
            return search_page(items)
        return page({}) if url == SITE else video_route(url, body)

    return route


def shelf(item: dict[str, Any], url: str) -> dict[str, Any]:
    """A shelf in the results that links to a channel and shows a video of it."""
    endpoint = {"commandMetadata": {"webCommandMetadata": {"url": url}}}
    return {
        "endpoint": endpoint,
        "title": {"simpleText": "Latest"},
        "content": {"expandedShelfContentsRenderer": {"items": [item]}},
    }


def hashtag(url: str) -> dict[str, Any]:
    command = {"commandMetadata": {"webCommandMetadata": {"url": url}}}
    return {"onTapCommand": command, "hashtag": {"simpleText": "#shapes"}}


def is_of_a_video(url: str) -> bool:
    return "/watch?v=shape" in url or f"{API}player" in url or "i.ytimg.com" in url


def data_count(data: Any) -> int:
    """How many videos and shorts a page names."""
    if isinstance(data, dict):
        here = sum(name in ("lockupViewModel", "shortsLockupViewModel") for name in data)
        return here + sum(map(data_count, data.values()))
    return sum(map(data_count, data)) if isinstance(data, list) else 0
