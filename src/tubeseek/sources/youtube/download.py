"""Chooses the smallest useful format of a site's video, and downloads it for its pixels."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from yt_dlp.downloader import get_suitable_downloader
from yt_dlp.utils import DownloadError

from tubeseek.core.errors import RateLimitedError, VideoUnavailableError
from tubeseek.sources.youtube.errors import plain_words
from tubeseek.sources.youtube.records import Info
from tubeseek.sources.youtube.session import Session

SERVING_SIDE = 224  # pixels of the shorter side that encoders read; YouTube has 240 and 360
PROTOCOLS = ("https", "http")  # one file each, as YouTube has; not the many of DASH and HLS
SUFFIXES = ("mp4", "webm", "mkv", "m4v", "mov")
LARGEST_BYTES = 4_000_000_000  # ten hours of 360p have a quarter of it


def choose_format(info: Info) -> Info | None:
    """Return yt-dlp's description of the format to download; None if no format can be used.

    It is the smallest picture that is large enough for encoders, else the largest there is; without
    sound if that is offered separately; among equals the one with the lowest bit rate.
    """
    formats: list[Info] = [form for form in info.get("formats") or () if _is_usable(form)]
    silent = [form for form in formats if form.get("acodec") == "none"]
    serving = [form for form in silent if _side(form) >= SERVING_SIDE] or [
        form for form in formats if _side(form) >= SERVING_SIDE
    ]
    if serving:
        return min(serving, key=lambda form: (_side(form), _bits(form)))
    return max(silent or formats, key=_side, default=None)


def download(session: Session, form: Info, target: Path, check: Callable[[], None]) -> None:
    """Download a format to `target`, which exists as a whole or not at all.

    While the download runs, the file's name ends in `.part`.

    Args:
        session: Sends the requests.
        form: As `choose_format` returns it, just fetched: its address is signed and expires.
        target: The file to write, in a folder that exists.
        check: Called after each block; an exception of it ends the download.

    Raises:
        VideoUnavailableError: The file is not available now, or is too large.
        RateLimitedError: The site refuses further requests.
        OSError: The file cannot be written.
    """
    name = f"{form.get('webpage_url') or form.get('id')}"

    def watch(progress: Any) -> None:
        check()
        if progress.get("downloaded_bytes", 0) > LARGEST_BYTES:
            raise VideoUnavailableError(
                f"{name}: larger than {LARGEST_BYTES / 1e9:.0f} GB; index it without --download",
                final=False,
            )

    chosen: Any = dict(form)
    kind: Any = get_suitable_downloader(chosen, session.params)  # a class, whatever the stub says
    downloader = kind(session, session.params)
    downloader.add_progress_hook(watch)
    try:
        done, _ = downloader.download(str(target), chosen)
    except (RateLimitedError, VideoUnavailableError):
        raise
    except Exception as error:  # downloaders raise anything on servers they do not know
        cause = error.exc_info[1] if isinstance(error, DownloadError) and error.exc_info else error
        if isinstance(cause, OSError):  # a disk error: yt-dlp's network errors are not OSErrors
            raise cause from error
        raise _unavailable(name, plain_words(error)) from error
    finally:
        session.hang_up()  # yt-dlp does not when a download is ended
    if not done:
        raise _unavailable(name, "it broke off")


def _is_usable(form: Info) -> bool:
    return bool(
        form.get("url")
        and form.get("vcodec") != "none"
        and form.get("ext") in SUFFIXES
        and form.get("protocol") in PROTOCOLS
        and not form.get("has_drm")
        and (_bytes(form) or 0) <= LARGEST_BYTES
    )


def _side(form: Info) -> float:
    """Return the pixels of the shorter side; 0 if the size is not stated."""
    sides: Sequence[float] = [form.get("width") or 0, form.get("height") or 0]
    return min(sides) or max(sides)


def _bits(form: Info) -> float:
    return float(form.get("tbr") or form.get("vbr") or _bytes(form) or 0)


def _bytes(form: Info) -> float | None:
    size: float | None = form.get("filesize") or form.get("filesize_approx")
    return size


def _unavailable(name: str, reason: str) -> VideoUnavailableError:
    return VideoUnavailableError(
        f"{name}: cannot be downloaded ({reason}); try again later, or index it without --download",
        final=False,
    )
