"""A video of a site as a small file, for its pixels alone: which form to take, and getting it."""

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
    """The form of a video to download, as yt-dlp describes it; None where there is none.

    The smallest picture that serves the encoders, else the largest there is; without sound where
    that is offered apart; of equals the one with the fewest bits.
    """
    formats: list[Info] = [one for one in info.get("formats") or () if _is_usable(one)]
    silent = [one for one in formats if one.get("acodec") == "none"]
    serving = [one for one in silent if _side(one) >= SERVING_SIDE] or [
        one for one in formats if _side(one) >= SERVING_SIDE
    ]
    if serving:
        return min(serving, key=lambda one: (_side(one), _bits(one)))
    return max(silent or formats, key=_side, default=None)


def download(session: Session, form: Info, target: Path, check: Callable[[], None]) -> None:
    """Gets it; a file of the name `target` is there wholly or not at all.

    While it is on its way its name has `.part` at its end.

    Args:
        session: Asks the site.
        form: As `choose_format` returns it, fresh: its address is signed and expires.
        target: The file to write, in a folder that exists.
        check: Called with each block; what it raises ends the download.

    Raises:
        VideoUnavailableError: It cannot be had now, or is too large.
        RateLimitedError: The site asks us to stop.
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
    except Exception as error:  # a downloader meets servers it has never seen
        cause = error.exc_info[1] if isinstance(error, DownloadError) and error.exc_info else error
        if isinstance(cause, OSError):  # the network's errors are none, in yt-dlp
            raise cause from error
        raise _unavailable(name, plain_words(error)) from error
    finally:
        session.hang_up()  # yt-dlp does not where a download is ended
    if not done:
        raise _unavailable(name, "it broke off")


def _is_usable(one: Info) -> bool:
    return bool(
        one.get("url")
        and one.get("vcodec") != "none"
        and one.get("ext") in SUFFIXES
        and one.get("protocol") in PROTOCOLS
        and not one.get("has_drm")
        and (_bytes(one) or 0) <= LARGEST_BYTES
    )


def _side(one: Info) -> float:
    """Pixels of the shorter side; 0 where nothing is said."""
    sides: Sequence[float] = [one.get("width") or 0, one.get("height") or 0]
    return min(sides) or max(sides)


def _bits(one: Info) -> float:
    return float(one.get("tbr") or one.get("vbr") or _bytes(one) or 0)


def _bytes(one: Info) -> float | None:
    size: float | None = one.get("filesize") or one.get("filesize_approx")
    return size


def _unavailable(name: str, reason: str) -> VideoUnavailableError:
    return VideoUnavailableError(
        f"{name}: cannot be downloaded ({reason}); try again later, or index it without --download",
        final=False,
    )
