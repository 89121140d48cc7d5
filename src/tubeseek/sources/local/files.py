"""Checks paths that are locators, and tracks versions of local files."""

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from tubeseek.core.errors import SourceError, VideoUnavailableError
from tubeseek.sources.youtube.locators import normalise, video_url

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")  # the best known first
VIDEO_SUFFIXES = (
    *(".3gp", ".asf", ".avi", ".divx", ".flv", ".gif", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4"),
    *(".mpeg", ".mpg", ".mts", ".mxf", ".ogm", ".ogv", ".ts", ".vob", ".webm", ".wmv"),
)


def local_path(locator: str) -> Path:
    """Return the absolute path that a path or a `file://` URL names.

    Raises:
        SourceError: The path does not exist, or its name cannot be stored.
    """
    if locator.startswith("file:"):
        parts = urlsplit(locator)
        if parts.netloc not in ("", "localhost"):
            raise SourceError(f"{locator} is on another machine; mount it and add its local path")
        path = Path(url2pathname(parts.path))
    else:
        path = Path(locator).expanduser()
    path = path.absolute()
    require_storable(path)
    try:
        path.stat()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise SourceError(f"{path} cannot be opened ({error}); check the path") from error
    return path


def require_storable(path: Path) -> None:
    """Raise SourceError if the path is not valid UTF-8, which the catalogue needs."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        shown = str(path).encode(errors="backslashreplace").decode()
        raise SourceError(f"the name {shown} is not valid UTF-8; rename it") from error


def versioned(path: Path, *companions: Path) -> str:
    """Return the path, followed by `#` and the modification times and sizes of all the files.

    The local sources put it into `Video.picture`, which sync compares: it changes whenever one of
    the files does.
    """
    stats = (file.stat() for file in (path, *companions))
    return f"{path}#{','.join(f'{stat.st_mtime_ns:x}-{stat.st_size:x}' for stat in stats)}"


def unversioned(picture: str) -> Path:
    """Return the path in a result of `versioned`."""
    return Path(picture.rpartition("#")[0])


def require_file(path: Path) -> Path:
    """Return the path of an existing file.

    Raises:
        VideoUnavailableError: The file does not exist any more.
    """
    if not path.is_file():
        raise VideoUnavailableError(
            f"{path} is gone; put it back, or run `tubeseek sync` to update the library",
            final=False,
        )
    return path


def is_youtube_id(text: str) -> bool:
    """Return whether a text has the form of a YouTube video id."""
    return normalise(text) == video_url(text)
