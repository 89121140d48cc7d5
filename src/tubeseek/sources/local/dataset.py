"""Reads datasets of thumbnails with titles: `metadata.csv` beside `images/<Id>.jpg`.

Columns, in any order, their names in any case:

- `Id` is required. `Title`, `Channel`, `Channel Id`, `Category`, `Description`, `Language` and
  `Url` are taken as they are, `Tags` are split at `|` or else at commas.
- `Views` ("1.8M views", 1800000); `Length` or `Duration` ("20:44", "PT20M44S") or `Seconds`;
  `Published` (ISO 8601). `Released` counts as `Published` if it is a date: "2 years ago" is wrong
  once the file is a year old.
- `File` is the path of the picture, or of a video, inside the dataset; without it the picture is
  `images/<Id>` with .jpg, .jpeg, .png or .webp.

Other columns, and values that could not be understood, are kept in `Video.extra` under the name of
their column. Pictures stay where they are. `Video.picture` is their path with modification time
and size behind it, so that sync notices a picture that was replaced.
"""

import os
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import MappingProxyType

from tubeseek.core.errors import MediaError, SourceError
from tubeseek.core.types import Media, Video
from tubeseek.sources.local.amounts import parse_count, parse_date, parse_duration
from tubeseek.sources.local.csv_rows import Row, read_table
from tubeseek.sources.local.dataset_columns import Cells, column_key, one_line, tags, web_url
from tubeseek.sources.local.files import (
    PICTURE_SUFFIXES,
    VIDEO_SUFFIXES,
    is_youtube_id,
    local_path,
    require_storable,
    versioned,
)
from tubeseek.sources.local.media import fetch_local
from tubeseek.sources.youtube.locators import video_url

METADATA = "metadata.csv"
IMAGES = "images"
_DURATIONS = ("length", "duration", "seconds")
_DATES = ("published", "released")


def is_dataset(path: Path) -> bool:
    """Return whether a folder has `metadata.csv` and either `images/` or a column `File`."""
    metadata = path / METADATA
    if not metadata.is_file():
        return False
    if (path / IMAGES).is_dir():
        return True
    try:
        with metadata.open("rb") as file:
            columns, _ = read_table(file, METADATA)
    except (SourceError, OSError):
        return False
    return {"id", "file"} <= {column_key(column) for column in columns}


class UntitledRowError(SourceError):
    """A row has no title; the video that follows in the listing has its id as its title."""


class UnlistedPictureError(MediaError):
    """No row of the dataset names this picture."""


class DatasetSource:
    """Implements `VideoSource` for dataset folders; a locator is the folder."""

    def list(self, locator: str) -> Iterator[Video | Exception]:
        """Yield the videos in the order of the rows; only their ids are kept in memory.

        Raises:
            SourceError: There is no `metadata.csv`, or it has no column `Id`.
        """
        root = local_path(locator)
        try:
            with (root / METADATA).open("rb") as file:
                columns, rows = read_table(file, METADATA)
                yield from _Listing(root, columns).items(rows)
        except OSError as error:
            raise SourceError(
                f"{root / METADATA} cannot be read ({error.strerror}); a dataset is a folder with"
                f" {METADATA} (columns Id, Title, Channel, ...) beside {IMAGES}/<Id>.jpg"
            ) from error

    def fetch(self, video: Video, folder: Path) -> Media:
        """Return the picture after a check that it can be read, and stills along a video file."""
        return fetch_local(video, folder)

    def close(self) -> None:
        """Do nothing: no resource is open."""


class _Listing:
    """Reads a dataset once."""

    def __init__(self, root: Path, columns: Sequence[str]) -> None:
        self._root, self._real_root = root, root.resolve()
        self._columns = columns
        self._keys = [column_key(column) for column in columns]
        named = [key for key in self._keys if key]
        repeated = sorted({key for key in named if named.count(key) > 1})
        if repeated:
            raise SourceError(
                f"{METADATA} has several columns {', '.join(repeated)}; rename all but one of each"
            )
        if "id" not in named:
            raise SourceError(
                f"{METADATA} has no column Id, only {', '.join(columns)}; name the column of the"
                " video ids Id, and separate columns by commas"
            )
        self._unclaimed = _pictures(root / IMAGES)
        self._lines: dict[str, int] = {}  # by id: the line on which it first occurs

    def items(self, rows: Iterator[Row | SourceError]) -> Iterator[Video | Exception]:
        for row in rows:
            if isinstance(row, SourceError):
                yield row
                continue
            try:
                video = self._video(row)
            except (SourceError, MediaError) as error:
                yield error
                continue
            except OSError as error:  # such as a name too long for the file system
                yield MediaError(f"{_at(row)}: its picture cannot be read ({error}); check it")
                continue
            if "title" in self._keys and not row.cells[self._keys.index("title")]:
                yield UntitledRowError(
                    f"{_at(row)}: {video.id} has no Title; its id is used instead"
                )
            yield video
        for name in self._unclaimed.values():
            yield UnlistedPictureError(
                f"{IMAGES}/{name} has no row in {METADATA}; add one with its Id, or remove it"
            )

    def _video(self, row: Row) -> Video:
        cells = {key: cell for key, cell in zip(self._keys, row.cells, strict=True) if cell}
        video_id = cells.pop("id", "")
        if not video_id.isprintable() or not video_id:
            raise SourceError(
                f"{_at(row)}: the Id {video_id!r} is empty or unprintable; correct it"
            )
        if video_id in self._lines:
            raise SourceError(
                f"{_at(row)}: {video_id} is already on line {self._lines[video_id]}; remove one row"
            )
        self._lines[video_id] = row.line
        picture = self._picture(row, video_id, cells.pop("file", ""))
        remaining = Cells(cells)
        names = dict(zip(self._keys, self._columns, strict=True))
        return Video(
            video_id,
            _url(remaining.take("url", web_url), video_id, picture),
            title=remaining.take("title", one_line) or video_id,
            description=remaining.take("description", str) or "",
            channel=remaining.take("channel", one_line) or "",
            channel_id=remaining.take("channelid", one_line) or "",
            category=remaining.take("category", one_line) or "",
            published=remaining.take_first(_DATES, parse_date),
            duration_seconds=remaining.take_first(_DURATIONS, parse_duration),
            views=remaining.take("views", parse_count),
            language=remaining.take("language", one_line) or "",
            tags=remaining.take("tags", tags) or (),
            picture=versioned(picture),
            file=str(picture) if picture.name.lower().endswith(VIDEO_SUFFIXES) else "",
            extra=MappingProxyType({names[key]: cell for key, cell in remaining.rest() if key}),
        )

    def _picture(self, row: Row, video_id: str, file: str) -> Path:
        """Return the picture of a row, and claim it so that it is not reported as unlisted.

        Raises:
            SourceError: The path leads out of the dataset.
            MediaError: There is no such file.
        """
        names = [file] if file else [f"{IMAGES}/{video_id}{suffix}" for suffix in PICTURE_SUFFIXES]
        for name in names:
            folder, _, base = name.rpartition("/")
            listed = self._unclaimed.pop(_picture_key(base), None) if folder == IMAGES else None
            path = self._root / folder / (listed or base)
            if not _within(path, self._real_root):
                raise SourceError(
                    f"{_at(row)}: {name} leads out of the dataset; copy the picture into it"
                )
            if path.is_file():
                require_storable(path)
                return path
        place = file or f"{IMAGES}/{video_id}{'|'.join(PICTURE_SUFFIXES)}"
        raise MediaError(f"{_at(row)}: {video_id} has no picture; put it at {place}")


def _at(row: Row) -> str:
    return f"{METADATA}, line {row.line}"


def _pictures(images: Path) -> dict[str, str]:
    """Return the picture files in a folder by `_picture_key`, in order of their names."""
    if not images.is_dir():
        return {}
    with os.scandir(images) as entries:
        names = sorted(
            entry.name
            for entry in entries
            if not entry.name.startswith(".") and entry.name.lower().endswith(PICTURE_SUFFIXES)
        )
    return {_picture_key(name): name for name in names}


def _picture_key(name: str) -> str:
    """Return a key by which names match: macOS decomposes letters, cameras write .JPG."""
    stem, dot, suffix = unicodedata.normalize("NFC", name).rpartition(".")
    return stem + dot + suffix.lower()


def _within(path: Path, real_root: Path) -> bool:
    """Return whether a path lies inside a folder once its links are followed."""
    try:
        return path.resolve().is_relative_to(real_root)
    except (OSError, ValueError, RuntimeError):  # too long, a NUL, a loop of links
        return False


def _url(stated: str | None, video_id: str, picture: Path) -> str:
    if stated:
        return stated
    return video_url(video_id) if is_youtube_id(video_id) else picture.as_uri()
