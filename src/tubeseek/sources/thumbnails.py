"""Pictures of a video as its site offers them: the thumbnail, and frames of YouTube's choosing."""

import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from yt_dlp.networking.exceptions import HTTPError, RequestError

from tubeseek.errors import MediaError, VideoUnavailableError
from tubeseek.records import Still
from tubeseek.sources.ytdlp_records import Info

MAX_PICTURE_BYTES = 20 * 2**20
_MAX_ATTEMPTS = 8  # YouTube lists some forty addresses, most of them of pictures it does not have
_FALLBACKS = ("maxresdefault", "sddefault", "hqdefault")
_STILLS = ((1, 0.25), (2, 0.5), (3, 0.75))  # hq1 is the frame at a quarter of the video, and so on
_PICTURE_URL = re.compile(
    r"(?P<folder>https?://[^?]*/vi)(?P<webp>_webp)?/(?P<id>[^/?]+)/(?P<name>[^/?.]+)\.\w+(?:\?.*)?"
)
_FRAME_NAME = re.compile(r"(?:maxres|hq|sd|mq)?[123]")  # frames, not the picture of the maker


class Response(Protocol):
    """The part of yt-dlp's responses that is used here."""

    headers: Any

    def read(self, amt: int | None = None) -> bytes: ...
    def close(self) -> None: ...


Opener = Callable[[str], Response]


def fetch_thumbnail(open_url: Opener, info: Info, folder: Path) -> Path:
    """Saves the best thumbnail there is as `folder/thumbnail.SUFFIX`.

    Args:
        open_url: Asks the site.
        info: What yt-dlp knows of the video.
        folder: Where the picture goes; it exists.

    Raises:
        VideoUnavailableError: The site did not answer; it may later.
        MediaError: The video has no picture.
    """
    urls = thumbnail_urls(info)[:_MAX_ATTEMPTS]
    failure: Exception | None = None
    for url in urls:
        try:
            return _save(open_url, url, folder, "thumbnail")
        except (RequestError, MediaError) as error:
            failure = failure if _is_network(failure) else error
    page = info.get("webpage_url")
    if _is_network(failure):
        raise VideoUnavailableError(
            f"{page}: its thumbnail cannot be fetched: {failure}; try again later", final=False
        ) from failure
    raise MediaError(
        f"{page}: none of its {len(urls)} thumbnails can be had, so there is nothing to look at; "
        "skip it"
    ) from failure


def fetch_stills(open_url: Opener, info: Info, folder: Path) -> tuple[Still, ...]:
    """Saves the frames that YouTube keeps beside the thumbnail, as `folder/hq1.jpg` and so on.

    Frames that are missing or do not arrive are left out: they only add to the thumbnail.
    """
    duration = info.get("duration")
    found = next(filter(None, map(_PICTURE_URL.fullmatch, thumbnail_urls(info))), None)
    if not found or not duration:
        return ()
    stills = []
    for number, part in _STILLS:
        url = f"{found['folder']}/{found['id']}/hq{number}.jpg"
        try:
            stills.append(Still(_save(open_url, url, folder, f"hq{number}"), part * duration))
        except (RequestError, MediaError):
            continue
    return tuple(stills)


def thumbnail_urls(info: Info) -> Sequence[str]:
    """Where the thumbnail may be, best first, each address once.

    yt-dlp sorts from worst to best. Its list for YouTube names each picture as WebP and as JPEG;
    the JPEG is enough, and Pillow decodes it at a reduced size, which is several times faster.
    """
    listed = [one["url"] for one in reversed(info.get("thumbnails") or ()) if one.get("url")]
    if info.get("thumbnail"):
        listed.append(info["thumbnail"])
    parsed = {url: _PICTURE_URL.fullmatch(url) for url in listed}
    jpegs = {
        (found["id"], found["name"]) for found in parsed.values() if found and not found["webp"]
    }
    kept: list[str] = []
    last: list[str] = []
    for url, found in parsed.items():
        if not found:
            kept.append(url)
        elif _FRAME_NAME.fullmatch(found["name"]):
            continue
        elif not found["webp"] or (found["id"], found["name"]) not in jpegs:
            kept.append(url)
    if own := next(filter(None, parsed.values()), None):
        last = [f"{own['folder']}/{own['id']}/{name}.jpg" for name in _FALLBACKS]
    return list(dict.fromkeys(kept + last))


def _save(open_url: Opener, url: str, folder: Path, name: str) -> Path:
    """Saves one picture under its name and true suffix, wholly or not at all."""
    try:
        response = open_url(url)
    except HTTPError as error:
        error.close()
        raise
    try:
        length = response.headers.get("Content-Length") or ""
        if length.isdecimal() and int(length) > MAX_PICTURE_BYTES:
            raise MediaError(f"{url} is larger than {MAX_PICTURE_BYTES >> 20} MB; skip it")
        content = response.read(MAX_PICTURE_BYTES + 1)
    finally:
        response.close()
    if len(content) > MAX_PICTURE_BYTES:
        raise MediaError(f"{url} is larger than {MAX_PICTURE_BYTES >> 20} MB; skip it")
    path = folder / f"{name}{_suffix(content, url)}"
    with tempfile.NamedTemporaryFile(dir=folder, prefix=f".{name}-", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.close()
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return path


def _suffix(content: bytes, url: str) -> str:
    """The file suffix by the first bytes: servers send error pages as pictures, too."""
    if content.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return ".webp"
    raise MediaError(f"{url} is not a JPEG, PNG or WebP picture; skip it")


def _is_network(error: Exception | None) -> bool:
    """Whether asking again may help: not for "404 Not Found" and the like."""
    if isinstance(error, HTTPError):
        return error.status >= 500
    return isinstance(error, RequestError)
