"""Downloads the pictures that a site offers of a video: its thumbnail, and YouTube's frames."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from yt_dlp.networking.exceptions import HTTPError, RequestError, TransportError

from tubeseek.core.errors import MediaError, VideoUnavailableError
from tubeseek.core.files import write_atomically
from tubeseek.core.types import Still
from tubeseek.sources.youtube.records import Info

MAX_PICTURE_BYTES = 20 * 2**20
_MAX_ATTEMPTS = 16  # more than YouTube has; another site may list any number
_SERVER_ERRORS = 500  # HTTP statuses from here on may pass; those below are about the picture
_FALLBACKS = ("maxresdefault", "sddefault", "hqdefault")
_STILLS = ((1, 0.25), (2, 0.5), (3, 0.75))  # hq1 is the frame at a quarter of the video, and so on
_PICTURE_URL = re.compile(
    r"(?P<folder>https?://[^?]*/vi)(?P<webp>_webp)?/(?P<id>[^/?]+)/(?P<name>[^/?.]+)\.\w+(?:\?.*)?"
)
_FRAME_NAME = re.compile(r"(?:maxres|hq|sd|mq)?[123]")  # frames, not the thumbnail


class Response(Protocol):
    """The part of yt-dlp's responses that is used here."""

    headers: Any

    def read(self, amt: int | None = None) -> bytes: ...
    def close(self) -> None: ...


Opener = Callable[[str], Response]


def fetch_thumbnail(open_url: Opener, info: Info, folder: Path) -> Path:
    """Save the best thumbnail there is as `folder/thumbnail.SUFFIX`.

    Args:
        open_url: Sends a request to the site.
        info: The info dictionary of the video.
        folder: Where the picture goes; it exists.

    Raises:
        VideoUnavailableError: The site did not answer; it may later.
        MediaError: The video has no picture.
    """
    failure: MediaError | None = None
    for url in thumbnail_urls(info)[:_MAX_ATTEMPTS]:
        try:
            return _save_picture(open_url, url, folder, "thumbnail")
        except MediaError as error:
            failure = failure or error
    raise MediaError(
        f"{info.get('webpage_url')} has no usable thumbnail "
        f"({failure or 'none is listed'}); skip it"
    ) from failure


def fetch_stills(open_url: Opener, info: Info, folder: Path) -> tuple[Still, ...]:
    """Save the frames that YouTube keeps beside the thumbnail, as `folder/hq1.jpg` and so on.

    A frame that does not exist is left out.

    Raises:
        VideoUnavailableError: The site did not answer; it may later.
    """
    duration = info.get("duration")
    match = next(filter(None, map(_PICTURE_URL.fullmatch, thumbnail_urls(info))), None)
    if not match or not duration:
        return ()
    stills = []
    for number, part in _STILLS:
        url = f"{match['folder']}/{match['id']}/hq{number}.jpg"
        try:
            path = _save_picture(open_url, url, folder, f"hq{number}")
        except MediaError:
            continue
        stills.append(Still(path, part * duration))
    return tuple(stills)


def thumbnail_urls(info: Info) -> Sequence[str]:
    """Return the addresses where the thumbnail may be, best first, each once.

    yt-dlp sorts from worst to best. Its list for YouTube names each picture as WebP and as JPEG;
    the JPEG is enough, and Pillow decodes it at a reduced size, which is several times faster.
    """
    listed = [
        picture["url"] for picture in reversed(info.get("thumbnails") or ()) if picture.get("url")
    ]
    if info.get("thumbnail"):
        listed.append(info["thumbnail"])
    parsed = {url: _PICTURE_URL.fullmatch(url) for url in listed}
    jpegs = {match["name"] for match in parsed.values() if match and not match["webp"]}
    urls = []
    for url, match in parsed.items():
        if match and (
            _FRAME_NAME.fullmatch(match["name"]) or (match["webp"] and match["name"] in jpegs)
        ):
            continue
        urls.append(url)
    if match := next(filter(None, parsed.values()), None):
        urls += [f"{match['folder']}/{match['id']}/{name}.jpg" for name in _FALLBACKS]
    return list(dict.fromkeys(urls))


def download(open_url: Opener, url: str) -> bytes:
    """Return the file at an address, of at most `MAX_PICTURE_BYTES`.

    A network failure is not the same as a picture that does not exist: if the next best picture
    took its place, the contents of a library would depend on the connection.

    Raises:
        VideoUnavailableError: The site did not answer; it may later.
        MediaError: There is no such file, or it is too large.
    """
    try:
        return _download(open_url, url)
    except HTTPError as error:
        error.close()
        if error.status < _SERVER_ERRORS:
            raise MediaError(f"{url} does not exist (HTTP {error.status})") from error
        raise _unreachable(url, error) from error
    except TransportError as error:
        raise _unreachable(url, error) from error
    except RequestError as error:  # such as a malformed address
        raise MediaError(f"{url} cannot be requested: {error}") from error


def _save_picture(open_url: Opener, url: str, folder: Path, name: str) -> Path:
    """Save a picture under `name` and the suffix of its true format."""
    content = download(open_url, url)
    path = folder / f"{name}{_suffix(content, url)}"
    write_atomically(path, content)
    return path


def _download(open_url: Opener, url: str) -> bytes:
    response = open_url(url)
    try:
        announced = response.headers.get("Content-Length") or ""
        if announced.isdecimal() and int(announced) > MAX_PICTURE_BYTES:
            raise _too_large(url)
        content = response.read(MAX_PICTURE_BYTES + 1)
    finally:
        response.close()
    if len(content) > MAX_PICTURE_BYTES:
        raise _too_large(url)
    return content


def _suffix(content: bytes, url: str) -> str:
    """Return the file suffix by the first bytes: servers send error pages as pictures, too."""
    if content.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return ".webp"
    raise MediaError(f"{url} is not a JPEG, PNG or WebP picture; skip it")


def _too_large(url: str) -> MediaError:
    return MediaError(f"{url} is larger than {MAX_PICTURE_BYTES >> 20} MB; skip it")


def _unreachable(url: str, error: Exception) -> VideoUnavailableError:
    return VideoUnavailableError(f"{url} cannot be fetched: {error}; try again later", final=False)
