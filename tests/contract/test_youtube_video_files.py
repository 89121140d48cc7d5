"""What the YouTube source downloads, where it puts it, and when that is removed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.fixture_site import FixtureSite
from tests.fixture_site.haste import HASTY, fetch
from tests.fixture_site.video_files import RANGE_BYTES, SERVED, content
from tubeseek.core.errors import RateLimitedError, VideoUnavailableError
from tubeseek.core.types import Video
from tubeseek.sources.youtube.download import choose_format
from tubeseek.sources.youtube.records import Info
from tubeseek.sources.youtube.source import YouTubeSource
from tubeseek.sources.youtube.video_file_cache import VideoFileCache

Opening = Callable[..., YouTubeSource]


@pytest.fixture
def site() -> Iterator[FixtureSite]:
    with FixtureSite(3) as running:
        for video in running.videos:
            video.duration_seconds, video.storyboard_seconds, video.has_video_file = 40, 5, True
        yield running


@pytest.fixture
def opening(tmp_path: Path) -> Iterator[Opening]:
    opened = []

    def opening(*, downloads: bool = True, keeps: bool = False) -> YouTubeSource:
        video_files = VideoFileCache(tmp_path / "downloads", downloads=downloads, keeps=keeps)
        opened.append(YouTubeSource(politeness=HASTY, video_files=video_files))
        return opened[-1]

    yield opening
    for source in opened:
        source.close()


def listed(site: FixtureSite, index: int) -> Video:
    video = site.videos[index]
    return Video(video.library_id, site.video_url(video), video.title)


def files(root: Path) -> list[Path]:
    walked = os.walk(root)  # passes over what goes meanwhile
    paths = [Path(folder, name) for folder, _, names in walked for name in names]
    return [path for path in paths if path.suffix != ".lock"]


def test_a_fetch_downloads_the_smallest_silent_file_and_cuts_stills_from_it(
    site: FixtureSite, opening: Opening, tmp_path: Path
) -> None:
    media = fetch(opening(), site, 0, tmp_path / "media")
    scene = site.videos[0].scene
    seconds = [still.seconds for still in media.stills]
    assert any(scene.start_seconds <= second < scene.end_seconds for second in seconds)
    assert all(still.path.name.startswith("still-") for still in media.stills)
    assert site.count("/sb/") == 0
    assert site.requests[f"/videoplayback?id={site.videos[0].id}&itag={SERVED}"] == 1
    assert site.video_requests == 1


@pytest.mark.parametrize(("way", "requests"), [("whole", 1), ("ranges", None)])
def test_every_way_in_which_a_video_file_may_come(
    site: FixtureSite, opening: Opening, tmp_path: Path, way: str, requests: int | None
) -> None:
    video = site.videos[0]
    video.delivery = way
    video_file = opening().video_file(listed(site, 0), tmp_path / "media")
    assert video_file is not None
    assert video_file.read_bytes() == content(video, SERVED)
    if requests is None:  # yt-dlp asks for a little less than it may, by chance
        requests = len(video_file.read_bytes()) // RANGE_BYTES + 1
        assert requests <= site.video_requests <= requests + 1
    else:
        assert site.video_requests == requests
    assert files(tmp_path / "downloads") == [video_file]


def test_a_video_file_is_there_until_it_is_released(
    site: FixtureSite, opening: Opening, tmp_path: Path
) -> None:
    source, folder = opening(), tmp_path / "media"
    fetch(source, site, 0, folder)
    video_file = source.video_file(listed(site, 0), folder)
    assert video_file is not None
    assert video_file.read_bytes() == content(site.videos[0], SERVED)
    assert video_file.is_relative_to(tmp_path / "downloads")
    assert site.video_requests == 1, "fetching it had downloaded it"
    source.release(site.videos[1].library_id)
    assert video_file.exists()
    source.release(site.videos[0].library_id)
    assert files(tmp_path / "downloads") == []


def test_the_file_of_a_video_that_was_fetched_before(
    site: FixtureSite, opening: Opening, tmp_path: Path
) -> None:
    before = opening(downloads=False)
    media = fetch(before, site, 0, tmp_path / "media")
    assert before.video_file(listed(site, 0), tmp_path / "media") is None
    assert site.video_requests == 0
    pictures = files(tmp_path / "media")
    source = opening()
    video_file = source.video_file(media.video, tmp_path / "media")
    assert video_file is not None
    assert video_file.read_bytes() == content(site.videos[0], SERVED)
    assert files(tmp_path / "media") == pictures


def test_what_is_kept_is_found_without_asking(
    site: FixtureSite, opening: Opening, tmp_path: Path
) -> None:
    source, folder = opening(keeps=True), tmp_path / "media"
    fetch(source, site, 0, folder)
    source.release(site.videos[0].library_id)
    source.close()
    requests = site.requests.total()
    for downloads in (False, True):
        video_file = opening(downloads=downloads).video_file(listed(site, 0), folder)
        assert video_file == folder / "film.mp4"
        assert video_file.read_bytes() == content(site.videos[0], SERVED)
    assert site.requests.total() == requests


def test_closing_removes_what_is_left(site: FixtureSite, opening: Opening, tmp_path: Path) -> None:
    source = opening()
    fetch(source, site, 0, tmp_path / "media")
    assert files(tmp_path / "downloads") != []
    source.close()
    assert not (tmp_path / "downloads").exists()


@pytest.mark.parametrize("way", ["whole", "ranges"])
def test_closing_ends_a_download(
    site: FixtureSite, opening: Opening, tmp_path: Path, way: str
) -> None:
    site.videos[0].delivery = way
    site.downloads_trickle = True
    source = opening()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(source.video_file, listed(site, 0), tmp_path / "media")
        while not files(tmp_path / "downloads") and not waiting.done():
            time.sleep(0.01)
        source.close()
        assert isinstance(waiting.exception(timeout=300), RateLimitedError)
    site.downloads_trickle = False
    assert not (tmp_path / "downloads").exists()


def test_what_a_killed_run_left_is_removed_by_the_next(
    site: FixtureSite, opening: Opening, tmp_path: Path
) -> None:
    site.downloads_trickle = True
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from tests.fixture_site.haste import HASTY\n"
        "from tubeseek.core.types import Video\n"
        "from tubeseek.sources.youtube.video_file_cache import VideoFileCache\n"
        "from tubeseek.sources.youtube.source import YouTubeSource\n"
        "folder = Path(sys.argv[3])\n"
        "video_files = VideoFileCache(folder / 'downloads', downloads=True)\n"
        "source = YouTubeSource(politeness=HASTY, video_files=video_files)\n"
        "print('ready', flush=True)\n"
        "source.video_file(Video(sys.argv[1], sys.argv[2], ''), folder / 'media')\n"
    )
    video = listed(site, 0)
    with subprocess.Popen(
        [sys.executable, "-c", program, video.id, video.url, str(tmp_path)],
        cwd=ROOT,
        env=site.environment(),
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        while not (partial := files(tmp_path / "downloads")) and process.poll() is None:
            time.sleep(0.01)
        assert [path.suffix for path in partial] == [".part"]
        other = opening(downloads=False)  # another run at the same time, as with a Qdrant server
        assert files(tmp_path / "downloads") == partial
        other.close()
        os.kill(process.pid, signal.SIGKILL)
    site.downloads_trickle = False
    assert files(tmp_path / "downloads") == partial
    opening(downloads=False)
    assert not (tmp_path / "downloads").exists()


def test_no_video_file_is_logged_and_the_storyboard_used(
    site: FixtureSite, opening: Opening, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site.videos[0].only_storyboard = True
    media = fetch(opening(), site, 0, tmp_path)
    assert all(still.path.name.startswith("sb-") for still in media.stills)
    assert media.stills
    [record] = caplog.records
    assert site.videos[0].id in record.getMessage()


def test_a_server_that_fails_costs_the_video_for_now(
    site: FixtureSite, opening: Opening, tmp_path: Path
) -> None:
    path = f"/videoplayback?id={site.videos[0].id}&itag={SERVED}"
    site.broken_paths.add(path)
    source = opening()
    with pytest.raises(VideoUnavailableError, match="--download") as caught:
        fetch(source, site, 0, tmp_path / "media")
    assert not caught.value.final
    assert "500" in str(caught.value)
    assert 1 < site.requests[path] <= 5, "asked again, but not for ever"
    assert files(tmp_path / "downloads") == []
    assert fetch(source, site, 1, tmp_path / "1").stills


def test_429_stops_as_elsewhere(site: FixtureSite, opening: Opening, tmp_path: Path) -> None:
    source = opening(downloads=False)
    fetch(source, site, 0, tmp_path / "media")
    source = opening()
    site.refuse_next(10**9)
    with pytest.raises(RateLimitedError):
        source.video_file(listed(site, 0), tmp_path / "media")


def test_a_disk_that_is_full_is_not_the_videos_fault(
    site: FixtureSite, opening: Opening, tmp_path: Path
) -> None:
    (tmp_path / "downloads").write_text("in the way")
    with pytest.raises(OSError, match="downloads"):
        fetch(opening(), site, 0, tmp_path / "media")


def test_a_thread_that_is_late_leaves_no_folder(
    site: FixtureSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = VideoFileCache(tmp_path / "downloads", downloads=True)
    source = YouTubeSource(politeness=HASTY, video_files=cache)

    def close_first(info: Info) -> Info | None:
        source.close()  # the run ends after the request and before the download
        return choose_format(info)

    monkeypatch.setattr("tubeseek.sources.youtube.video_file_cache.choose_format", close_first)
    with pytest.raises(RateLimitedError):
        source.video_file(listed(site, 0), tmp_path / "media")
    assert not (tmp_path / "downloads").exists()


def form(name: str, width: int | None, height: int | None, **more: object) -> dict[str, object]:
    shape = {"width": width, "height": height, "vcodec": "avc1", "acodec": "none"}
    address = {"url": "https://v", "protocol": "https", "ext": "mp4"}
    return {"format_id": name, **address, **shape, **more}


@pytest.mark.parametrize(
    ("formats", "chosen"),
    [
        ([form("a", 256, 144), form("b", 426, 240), form("c", 640, 360)], "b"),
        ([form("a", 256, 144), form("b", 144, 256)], "a"),  # none serves: the largest
        ([form("tall", 240, 426), form("wide", 640, 360)], "tall"),
        ([form("more", 426, 240, tbr=200), form("less", 426, 240, tbr=90)], "less"),
        ([form("both", 426, 240, acodec="mp4a"), form("silent", 640, 360)], "silent"),
        ([form("both", 426, 240, acodec="mp4a"), form("tiny", 256, 144)], "both"),
        ([form("unknown", None, None, vcodec=None)], "unknown"),
        ([form("hls", 426, 240, protocol="m3u8_native"), form("c", 640, 360)], "c"),
        ([form("dash", 426, 240, protocol="http_dash_segments"), form("c", 640, 360)], "c"),
        ([form("drm", 426, 240, has_drm=True), form("c", 640, 360)], "c"),
        ([form("huge", 426, 240, filesize=10**11), form("c", 640, 360)], "c"),
        ([form("sound", None, None, vcodec="none", acodec="mp4a", ext="m4a")], None),
        ([form("sb0", 320, 180, protocol="mhtml", ext="mhtml")], None),
        ([], None),
    ],
)
def test_the_form_that_is_chosen(formats: list[dict[str, object]], chosen: str | None) -> None:
    best = choose_format({"formats": formats})
    assert (best and best["format_id"]) == chosen
