"""Sets up yt-dlp so that it is quiet and polite, and leaves nothing behind."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from yt_dlp import YoutubeDL
from yt_dlp.cookies import YoutubeDLCookieJar
from yt_dlp.globals import supported_js_runtimes
from yt_dlp.networking import Request, Response
from yt_dlp.networking.exceptions import HTTPError

from tubeseek.core.errors import ConfigError
from tubeseek.core.notices import Notices
from tubeseek.sources.youtube.advice import advice_on
from tubeseek.sources.youtube.errors import TOO_MANY_REQUESTS
from tubeseek.sources.youtube.rate_limit import RateLimiter
from tubeseek.sources.youtube.records import Info

_TIMEOUT_SECONDS = 30
_RETRIES = 3
_BLOCK_BYTES = 1 << 12
WITHHELD = "There are missing subtitles languages because a PO token"  # yt-dlp's words, too
INCOMPLETE = "Incomplete data received"  # yt-dlp's words
_EXTRACTOR_ARGS: dict[str, dict[str, list[str]]] = {
    "youtube": {"skip": ["hls", "dash", "translated_subs"]},  # fewer requests
    "youtubetab": {"approximate_date": [""]},
}
_RUNTIMES = ("deno", "node")  # deno first: yt-dlp runs YouTube's scripts in its sandbox


class _Log:
    """Logs what yt-dlp would print, as detail: its errors are raised as well."""

    def __init__(self) -> None:
        self._logger = logging.getLogger(__name__)

    def debug(self, message: str) -> None:
        self._logger.debug("%s", message)

    def info(self, message: str) -> None:
        self._logger.debug("%s", message)

    def warning(self, message: str, *, once: bool = False, only_once: bool = False) -> None:
        self._logger.info("%s", message)

    def error(self, message: str) -> None:
        self._logger.debug("%s", message)

    stdout = debug
    stderr = debug


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """What the sessions of a run have in common besides the limiter."""

    cookies: YoutubeDLCookieJar = field(default_factory=YoutubeDLCookieJar)
    extractor_args: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    notices: Notices = field(default_factory=Notices)  # for the user
    downloads: bool = False


class Session(YoutubeDL):
    """A yt-dlp instance for one thread at a time, whose requests all pass the limiter."""

    def __init__(self, limiter: RateLimiter, options: "SessionOptions") -> None:
        settings: Any = {
            "logger": _Log(),
            "quiet": True,
            "noprogress": True,
            "color": {"stdout": "no_color", "stderr": "no_color"},
            "allowed_extractors": ["default", "-generic"],  # no guessing at unknown pages
            "noplaylist": True,  # a page of one video in a list means the video
            "playlist_items": "0",  # where a video is expected, never walk through a list
            "format": "all",  # what to download is chosen here, and storyboards alone will do too
            "retries": _RETRIES,  # of a download that breaks off
            "fragment_retries": _RETRIES,
            "buffersize": _BLOCK_BYTES,
            "noresizebuffer": True,  # small blocks: after each, a download can be stopped
            "geo_bypass": False,  # no made-up sender addresses
            "cachedir": False,
            "socket_timeout": _TIMEOUT_SECONDS,
            "js_runtimes": {name: {} for name in _RUNTIMES},
            "extractor_args": {**_EXTRACTOR_ARGS, **options.extractor_args},
        }
        self._limiter = limiter
        self._latest: Response | None = None
        self.requests = 0  # sent so far
        self.lists_broken_off = 0  # so far, as far as yt-dlp says so
        self.withheld_captions = False  # of the latest video, for want of a token
        self._options = options
        super().__init__(settings)
        self.cookiejar = options.cookies

    def report_warning(self, message: str, *args: Any, **kwargs: Any) -> None:
        """Note what a warning means for the library, and log it as detail.

        Of a page that stays incomplete yt-dlp only warns, and ends the list.
        """
        self.lists_broken_off += INCOMPLETE in message and "Retrying" not in message
        self._advise(message)
        super().report_warning(message, *args, **kwargs)

    def write_debug(self, message: str, *args: Any, **kwargs: Any) -> None:
        """Note captions that YouTube gives to nobody without a token: yt-dlp only logs that."""
        self.withheld_captions |= WITHHELD in message
        self._advise(message)
        super().write_debug(message, *args, **kwargs)

    def _advise(self, message: str) -> None:
        if advice := advice_on(message, downloads=self._options.downloads):
            self._options.notices.put(advice)

    def is_single_video(self, key: str, url: str) -> bool | None:
        """Return whether an extractor reads a single video there; None if it cannot say."""
        single: bool | None = self.get_info_extractor(key).is_single_video(url)
        return single

    def urlopen(self, req: Request | str) -> Response:  # type: ignore[override]
        """Send a request when its turn has come, and again after a pause when refused (429).

        The stub names the wrong class `Request`: it is yt-dlp's own, as here.
        """
        while True:
            try:
                return self.urlopen_once(req)
            except HTTPError as error:
                if error.status != TOO_MANY_REQUESTS:
                    raise
                error.close()
                wait = error.response.headers.get("Retry-After") or ""
                self._limiter.back_off(
                    "The site answers 'too many requests' (HTTP 429)",
                    retry_after_seconds=float(wait) if wait.isdecimal() else 0.0,
                )

    def urlopen_once(self, req: Request | str) -> Response:
        """Send a request when its turn has come, and return the answer, whatever its status."""
        self._limiter.wait_for_request()
        self.requests += 1
        self._latest = super().urlopen(req)  # type: ignore[arg-type]
        return self._latest

    def open_track(self, track: Info) -> Response:
        """Request captions when their turn has come, like the browser that yt-dlp names."""
        self._limiter.wait_for_captions()
        parse: Any = self._parse_impersonate_targets  # type: ignore[attr-defined]  # no stub
        target, _ = parse(track.get("impersonate"))
        headers = dict(track.get("http_headers") or {})
        extensions = {"impersonate": target} if target else {}
        return self.urlopen_once(Request(track["url"], headers=headers, extensions=extensions))

    def hang_up(self) -> None:
        """Close the latest answer, read to its end or not."""
        if self._latest is not None:
            self._latest.close()
            self._latest = None


class SessionPool:
    """Sessions that share a limiter and cookies; as many as there are threads at work."""

    def __init__(self, limiter: RateLimiter, options: SessionOptions) -> None:
        self._limiter, self._options = limiter, options
        self._lock = Lock()
        self._idle: list[Session] = []
        self._closed = False

    @contextmanager
    def borrow(self) -> Iterator[Session]:
        """Yield a session that no other thread uses during the `with` block."""
        with self._lock:  # also keeps two threads from loading yt-dlp's plugins at once
            session = self._idle.pop() if self._idle else Session(self._limiter, self._options)
        try:
            yield session
        finally:
            with self._lock:
                if self._closed:
                    session.close()
                else:
                    self._idle.append(session)

    def close(self) -> None:
        """Close idle sessions now and the others when they come back."""
        with self._lock:
            self._closed = True
            while self._idle:
                self._idle.pop().close()


def javascript_runtime() -> tuple[str, bool]:
    """Return what there is of JavaScript runtimes in words, and whether yt-dlp can use it.

    YouTube offers most formats only to clients that run a script of its own. Older versions than
    yt-dlp supports do not count.
    """
    runtimes: Mapping[str, Any] = supported_js_runtimes.value
    too_old = []
    for name in _RUNTIMES:
        runtime = runtimes[name]()
        if runtime.info is None:
            continue
        if runtime.info.supported:
            return f"{runtime.info.name} {runtime.info.version}", True
        needed = re.sub(r"(\.0)+$", "", ".".join(map(str, runtime.MIN_SUPPORTED_VERSION)))
        too_old.append(f"{name} {runtime.info.version} is too old, {needed} is needed")
    if too_old:
        return f"{'; '.join(too_old)}: update it, or install deno (https://deno.com)", False
    return "none: YouTube needs one; install deno (https://deno.com) or Node.js 22 or newer", False


def parse_extractor_args(texts: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """Return what yt-dlp's --extractor-args would pass on: KEY:NAME=VALUE,VALUE;NAME=VALUE.

    >>> parse_extractor_args(["youtube:po_token=web.subs+AbC"])
    {'youtube': {'skip': ['hls', 'dash', 'translated_subs'], 'po_token': ['web.subs+AbC']}}

    Raises:
        ConfigError: A text has no key.
    """
    parsed: dict[str, dict[str, list[str]]] = {}
    for text in texts:
        key, colon, arguments = text.partition(":")
        if not colon or not key.strip():
            raise ConfigError(f"{text!r} is not KEY:NAME=VALUE, as yt-dlp's --extractor-args takes")
        names = parsed.setdefault(key.strip().lower(), dict(_EXTRACTOR_ARGS.get(key.strip(), {})))
        for argument in filter(None, arguments.split(";")):
            name, _, values = argument.partition("=")
            names[name.strip().lower().replace("-", "_")] = values.split(",")
    return parsed
