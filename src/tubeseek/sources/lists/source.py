"""Reads the files in which people keep lists of videos and channels, and lists their videos.

- text with an address, handle or id on each line, and yt-dlp's `archive.txt`;
- Google Takeout: `subscriptions.csv`, playlists as CSV, `watch-history.json` or .html;
- OPML, bookmarks as HTML, the JSON of NewPipe, FreeTube and the Data API;
- what `yt-dlp -j` or `-J` prints, and an `.info.json`;
- a data set whose pictures are not here.

The videos are YouTube's, and everything about them is fetched there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tubeseek.core.errors import SourceError
from tubeseek.core.text_files import text_lines
from tubeseek.core.types import Media, Passage, Video
from tubeseek.sources.lists.entries import Entries, Place
from tubeseek.sources.lists.objects import json_entries
from tubeseek.sources.lists.tables import table_entries
from tubeseek.sources.lists.text import line_entries, markup_entries
from tubeseek.sources.local.files import PICTURE_SUFFIXES, VIDEO_SUFFIXES, local_path
from tubeseek.sources.local.folder import OnlineSource

_TABLES = (".csv", ".tsv")


@dataclass(frozen=True, slots=True)
class ListContents:
    """What a list names besides single videos.

    Attributes:
        places: Its channels, playlists and searches.
        has_videos: Whether it names any video.
        errors: What could not be read.
    """

    places: tuple[str, ...]
    has_videos: bool
    errors: tuple[Exception, ...]


def is_list(path: Path) -> bool:
    """Return whether a path is a file that is neither a video nor a picture."""
    return path.is_file() and not path.name.lower().endswith((*VIDEO_SUFFIXES, *PICTURE_SUFFIXES))


def read_places(path: Path) -> ListContents:
    """Read a list for what it names besides single videos.

    Raises:
        SourceError: It cannot be read, or names nothing.
    """
    places: dict[str, None] = {}
    errors: list[Exception] = []
    has_videos = False
    for entry in _entries(path):
        if isinstance(entry, Place):
            places[entry.locator] = None
        elif isinstance(entry, Video):
            has_videos = True
        else:
            errors.append(entry)
    return ListContents(tuple(places), has_videos, tuple(errors))


class ListSource:
    """Implements `VideoSource`, `CaptionSource` and `VideoFileSource`; a locator is a file."""

    def __init__(self, online: OnlineSource) -> None:
        """Args:
        online: Fetches the videos; it is not closed here.
        """
        self._online = online

    def list(self, locator: str) -> Iterator[Video | Exception]:
        """Yield the videos that a file names, each once, without asking their site.

        Raises:
            SourceError: The file cannot be read, or names nothing.
        """
        listed: set[str] = set()
        for entry in _entries(local_path(locator)):
            if isinstance(entry, Place):
                continue  # is a source of its own
            if isinstance(entry, Video):
                if entry.id in listed:
                    continue
                listed.add(entry.id)
            yield entry

    def fetch(self, video: Video, folder: Path) -> Media:
        return self._online.fetch(video, folder)

    def captions(self, video: Video) -> tuple[tuple[Passage, ...], str]:
        return self._online.captions(video)

    def video_file(self, video: Video, folder: Path) -> Path | None:
        return self._online.video_file(video, folder)

    def release(self, video_id: str) -> None:
        self._online.release(video_id)

    def close(self) -> None:
        """Do nothing: no resource of its own is open."""


def _entries(path: Path) -> Entries:
    try:
        with path.open("rb") as file:
            head = next((line.text for line in text_lines(file) if line.text.strip()), "")
        if head.startswith(("PK\x03\x04", "%PDF", "\udcd0\udccf\x11\udce0")):
            raise SourceError(f"{path} is no text; save it as CSV UTF-8 or as text")
        begin = head.strip("\ufeff \t\r\n")[:1]
        if path.suffix.lower() in _TABLES:
            entries = table_entries(path)
        elif begin == "<":
            entries = markup_entries(path)
        elif begin in ("{", "["):
            entries = json_entries(path)
        else:
            entries = line_entries(path)
        is_empty = True
        for entry in entries:
            is_empty = is_empty and not isinstance(entry, Place | Video)
            yield entry
    except OSError as error:
        raise SourceError(f"{path} cannot be read ({error.strerror}); check it") from error
    if is_empty:
        raise SourceError(
            f"{path} names no video, channel or playlist of YouTube; give text with an address on"
            " each line, a file of Google Takeout, OPML, or what `yt-dlp -j` prints"
        )
