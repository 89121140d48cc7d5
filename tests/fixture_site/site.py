"""The fixture site's server, and the switches for what goes wrong with all of it."""

import importlib
import json
import os
import re
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from yt_dlp.globals import all_plugins_loaded, plugin_ies, plugin_specs
from yt_dlp.plugins import load_plugins

from tests.fixture_site import captions, pages, pictures, storyboards, video_files
from tests.fixture_site.videos import Fault, FixtureVideo, make_videos

CHANNEL = "shapes"
ENDLESS_BYTES = 1 << 30
TRICKLE_BYTES, TRICKLE_SECONDS = 512, 0.05


@dataclass(frozen=True)
class Request:
    """A request that has arrived."""

    path: str  # with its query
    headers: dict[str, str]
    seconds: float  # on the clock of time.monotonic()


class FixtureSite:
    """A site with one channel of 60 videos and one playlist; a context manager.

    Attributes:
        videos: The channel, in the order of its listing; may be changed while the site runs.
        playlists: Video ids by playlist id.
        page_size: Entries on a page of a list.
        requests: How often each path (with its query) was asked for.
        log: Every request, in order.
        broken_paths: What answers with 500 instead, each a path with its query.
        bot_check: Whether every video answers with the bot check.
        storyboards_expired: Whether the signed addresses of storyboard sheets are refused (403).
        slow_seconds: How long an answer takes for a video with `Fault.SLOW`.
        downloads_trickle: Whether video files arrive at some 10 kB a second and without end.
        retry_after_seconds: What a 429 asks for, if anything.
    """

    plugin_path = Path(__file__).resolve().parent / "plugin"

    def __init__(self, count: int = 60) -> None:
        self.videos: list[FixtureVideo] = make_videos(count)
        self.playlists = {"PLfirstten": [video.id for video in self.videos[:10]]}
        self.page_size = 10
        self.requests: Counter[str] = Counter()
        self.log: list[Request] = []
        self.broken_paths: set[str] = set()
        self.bot_check = False
        self.storyboards_expired = False
        self.slow_seconds = 0.5
        self.downloads_trickle = False
        self.retry_after_seconds: int | None = None
        self._refusals_left = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.site = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    def __enter__(self) -> Self:
        _load_plugin(self.plugin_path)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def channel_url(self) -> str:
        return f"{self.url}/channel/{CHANNEL}"

    @property
    def playlist_url(self) -> str:
        return f"{self.url}/playlist?list=PLfirstten"

    def video_url(self, video: FixtureVideo) -> str:
        return f"{self.url}/watch?v={video.id}"

    def environment(self) -> dict[str, str]:
        """Variables for a process of its own that uses yt-dlp: it finds the plugin, no proxy."""
        paths = [str(self.plugin_path), os.environ.get("PYTHONPATH", "")]
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }

    def refuse_next(self, count: int) -> None:
        """Answers the next `count` requests with 429, whatever they ask for."""
        with self._lock:
            self._refusals_left = count

    def count(self, prefix: str) -> int:
        """How many requests there were for paths that start so."""
        return sum(number for path, number in self.requests.items() if path.startswith(prefix))

    def take_note(self, request: Request) -> bool:
        """Counts a request; says whether to refuse it."""
        with self._lock:
            self.requests[request.path] += 1
            self.log.append(request)
            refused = self._refusals_left > 0
            self._refusals_left -= refused
            return refused

    @property
    def video_requests(self) -> int:
        """How many requests there were for the videos themselves."""
        return self.count("/videoplayback")

    def find(self, video_id: str) -> FixtureVideo | None:
        return next((video for video in self.videos if video.id == video_id), None)


class _Handler(BaseHTTPRequestHandler):
    """Answers one request from the state of the site at that moment."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle(self) -> None:
        with suppress(ConnectionError):  # whoever asked was killed
            super().handle()

    def do_GET(self) -> None:
        site: FixtureSite = self.server.site  # type: ignore[attr-defined]
        if site.take_note(Request(self.path, dict(self.headers), time.monotonic())):
            wait = site.retry_after_seconds
            self._send(
                429, b"Too Many Requests", extra={} if wait is None else {"Retry-After": wait}
            )
            return
        if self.path in site.broken_paths:
            self._send(500, b"Internal Server Error")
            return
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        steps = parts.path.strip("/").split("/")
        match steps:
            case ["api", "channel", name]:
                self._send_json(
                    pages.channel_page(site.url, name, site.videos) if name == CHANNEL else None
                )
            case ["api", "channel", name, tab] if name == CHANNEL:
                videos = [video for video in site.videos if video.tab == tab]
                self._send_list(site, videos, query, hidden=False)
            case ["api", "playlist", name] if name in site.playlists:
                videos = [
                    video for video_id in site.playlists[name] if (video := site.find(video_id))
                ]
                self._send_list(site, videos, query, hidden=True)
            case ["api", "video", video_id] if video := site.find(video_id):
                self._send_video(site, video)
            case ["api", "timedtext"] if video := site.find(query["v"]):
                self._send(*captions.answer(video.captions, query))
            case ["videoplayback"] if video := site.find(query["id"]):
                self._send_video_file(site, video_files.content(video, query["itag"]))
            case ["vi", video_id, file] if video := site.find(video_id):
                self._send_picture(video, file.removesuffix(".jpg"))
            case ["sb", video_id, level, file] if video := site.find(video_id):
                number = int(file[1:].removesuffix(".jpg"))
                expired = site.storyboards_expired
                self._send(*storyboards.answer(video, int(level[-1]), number, expired=expired))
            case _:
                self._send(404, b"Not Found")

    def _send_list(
        self, site: FixtureSite, videos: list[FixtureVideo], query: dict[str, str], *, hidden: bool
    ) -> None:
        page = int(query.get("page", "1"))
        self._send_json(pages.list_page(site.url, videos, page, site.page_size, hidden=hidden))

    def _send_video(self, site: FixtureSite, video: FixtureVideo) -> None:
        if video.fault is Fault.SERVER_ERROR:
            self._send(500, b"Internal Server Error")
            return
        if video.fault is Fault.SLOW:
            time.sleep(site.slow_seconds)
        page = pages.video_page(site.url, CHANNEL, video)
        if site.bot_check:
            page = {"error": pages.REFUSALS[Fault.BOT_CHECK], "geo": False}
        body = json.dumps(page).encode()
        if video.fault is Fault.DROP:
            self._send(200, body[: len(body) // 2], announced=len(body))
            self.close_connection = True
            return
        self._send(200, body)

    def _send_picture(self, video: FixtureVideo, name: str) -> None:
        if name not in pictures.SIZES or name in video.missing_pictures:
            self._send(404, b"Not Found")
            return
        if name in video.fake_pictures:
            self._send(200, b"<html>Not a picture</html>", kind="image/jpeg")
            return
        body = pictures.jpeg(video.colour, video.shape, name, video.picture_version)
        self._send(200, body, kind="image/jpeg")

    def _send_video_file(self, site: FixtureSite, data: bytes | None) -> None:
        if data is None:
            self._send(403, b"Forbidden")
            return
        if not site.downloads_trickle:
            byte_range = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
            if byte_range is None:
                self._send(200, data, kind="video/mp4")
                return
            start, end = int(byte_range[1]), min(int(byte_range[2] or len(data)), len(data) - 1)
            extra = {"Content-Range": f"bytes {start}-{end}/{len(data)}"}
            self._send(206, data[start : end + 1], kind="video/mp4", extra=extra)
            return
        self._send(200, b"", kind="video/mp4", announced=ENDLESS_BYTES)
        self.close_connection = True
        with suppress(ConnectionError):  # whoever asked is gone
            while site.downloads_trickle:
                self.wfile.write(bytes(TRICKLE_BYTES))
                time.sleep(TRICKLE_SECONDS)

    def _send_json(self, page: dict[str, Any] | None) -> None:
        if page is None:
            self._send(404, b"Not Found")
        else:
            self._send(200, json.dumps(page).encode())

    def _send(
        self,
        status: int,
        body: bytes,
        kind: str = "application/json",
        announced: int | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        """Sends an answer; `announced` is the length to claim where it is not the true one."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Set-Cookie", "visit=1; Path=/")
        self.send_header("Content-Length", str(len(body) if announced is None else announced))
        for name, value in (extra or {}).items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (name of the base)
        """Nothing: `FixtureSite.log` has it."""


def _load_plugin(folder: Path) -> None:
    """Makes the yt-dlp of this process know the site, also where yt-dlp is at work already."""
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    if all_plugins_loaded.value and "TubeseekFixtureIE" not in plugin_ies.value:
        importlib.invalidate_caches()
        load_plugins(plugin_specs.value["extractor"])
