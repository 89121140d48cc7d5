"""What the sources on this machine share: paths as locators, and files that may change."""

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
    """The absolute path that a path or a `file://` URL names.

    Raises:
        SourceError: There is nothing there, or its name cannot be stored.
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
    """Raises SourceError if the path cannot be written as UTF-8, as the catalogue needs it."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        shown = str(path).encode(errors="backslashreplace").decode()
        raise SourceError(f"the name {shown} is not valid UTF-8; rename it") from error


def versioned(path: Path, *others: Path) -> str:
    """The path, and behind a `#` the modification times and sizes of it and the others.

    This is what the local sources put into `Video.picture`, which sync compares: it changes
    whenever one of the files does.
    """
    facts = (file.stat() for file in (path, *others))
    return f"{path}#{','.join(f'{fact.st_mtime_ns:x}-{fact.st_size:x}' for fact in facts)}"


def unversioned(picture: str) -> Path:
    """The path that `versioned` was given first."""
    return Path(picture.rpartition("#")[0])


def require_file(path: Path) -> Path:
    """The path.

    Raises:
        VideoUnavailableError: The file is not there any more.
    """
    if not path.is_file():
        raise VideoUnavailableError(
            f"{path} is gone; put it back, or run `tubeseek sync` to look again", final=False
        )
    return path


def is_youtube_id(text: str) -> bool:
    """Whether the text has the form of a YouTube video id, as the YouTube source defines it."""
    return normalise(text) == video_url(text)
