"""Reads data sets of thumbnails with titles: a table beside a folder of pictures.

The table is `metadata.csv`, or the only table of the folder that names videos. What its columns
are called is in `dataset_columns`: an id, or a link to YouTube, is required. Values:

- views as "1.8M views", "3.2만회" or 1800000; lengths as "20:44" or "PT20M44S"; dates in ISO 8601
  or as Koreans write them. A date such as "2 years ago" is not taken: it is wrong in a year.
- A file is the path of the picture, or of a video, inside the data set; without it the picture is
  `images/<Id>` with .jpg, .jpeg, .png or .webp, or the same in `thumbnails/` or beside the table.

Of several rows with one id the latest counts: that with the latest trending date, else the last.
Other columns, and values that could not be understood, are kept in `Video.extra` under the name of
their column. Pictures stay where they are. `Video.picture` is their path with modification time
and size behind it, so that sync notices a picture that was replaced.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tubeseek.core.csv_rows import Row, read_table
from tubeseek.core.errors import ItemError, ListingNotice, MediaError, SourceError
from tubeseek.core.text_files import storable
from tubeseek.core.types import Media, Video
from tubeseek.sources.caption_choice import SUBTITLES
from tubeseek.sources.local.amounts import (
    parse_count,
    parse_date,
    parse_duration,
    parse_trending_date,
)
from tubeseek.sources.local.dataset_columns import (
    Cells,
    Columns,
    category_name,
    column_key,
    one_line,
    tags,
    web_url,
)
from tubeseek.sources.local.dataset_pictures import IMAGES, DatasetPictures
from tubeseek.sources.local.files import (
    PICTURE_SUFFIXES,
    VIDEO_SUFFIXES,
    is_youtube_id,
    local_path,
    versioned,
)
from tubeseek.sources.local.media import fetch_local
from tubeseek.sources.youtube.locators import normalise, video_url

METADATA = "metadata.csv"
TABLE_SUFFIXES = (".csv", ".tsv")
_TRENDING_DATES = ("trendingdate", "트렌딩날짜")


def is_dataset(path: Path) -> bool:
    """Return whether a path is a data set: a table with ids beside pictures, or its folder."""
    return table_of(path, {}) is not None


def table_of(path: Path, mapping: Mapping[str, str]) -> Path | None:
    """Return the table of a data set, given that or its folder; None if it is none.

    `metadata.csv` makes a data set with a folder of pictures or a column of files; any other table
    needs the folder, or pictures and no videos beside it, and must name videos.

    Args:
        path: A table or a folder.
        mapping: The fields of columns that the user has named: the only table will be theirs.
    """
    if path.is_file():
        is_table = path.suffix.lower() in TABLE_SUFFIXES
        return path if is_table and (mapping or _has_pictures(path)) else None
    metadata = path / METADATA
    if metadata.is_file():
        columns = _columns(metadata)
        has_files = columns is not None and columns.has("id") and columns.has("file")
        return metadata if has_files or mapping or DatasetPictures(path).folders else None
    try:
        tables = [p for p in path.iterdir() if p.suffix.lower() in TABLE_SUFFIXES and p.is_file()]
    except OSError:
        return None
    matches = tables if mapping else [table for table in tables if _has_pictures(table)]
    return matches[0] if len(matches) == 1 else None


class UntitledRowError(SourceError):
    """A row has no title; the video that follows in the listing has its id as its title."""


class UnlistedPictureError(MediaError):
    """No row of the dataset names this picture."""


class DatasetSource:
    """Implements `VideoSource` and `TableSource`.

    A locator is a table, or a folder with a table and pictures.
    """

    def __init__(self, columns: Mapping[str, str] | None = None) -> None:
        """Args:
        columns: The field of each column that the user has named.
        """
        self._mapping = columns or {}

    def with_columns(self, columns: Mapping[str, str]) -> "DatasetSource":
        return DatasetSource(columns)

    def list(self, locator: str) -> Iterator[Video | Exception]:
        """Yield the videos in the order of the rows; only their ids are kept in memory.

        Raises:
            SourceError: There is no table, it names no videos, or its pictures cannot be read.
        """
        path = local_path(locator)
        mapping = self._mapping
        table = path if path.is_file() else table_of(path, mapping) or path / METADATA
        try:
            yield from _Listing(table, mapping).items()
        except OSError as error:
            raise SourceError(
                f"{table} cannot be read ({error.strerror}); a dataset is a folder with"
                f" {METADATA} (columns Id, Title, Channel, ...) beside {IMAGES}/<Id>.jpg"
            ) from error

    def fetch(self, video: Video, folder: Path) -> Media:
        """Return the picture after a check that it can be read, and stills along a video file."""
        return fetch_local(video, folder)

    def close(self) -> None:
        """Do nothing: no resource is open."""


class _Listing:
    """Reads a data set once."""

    def __init__(self, table: Path, mapping: Mapping[str, str]) -> None:
        self._table, self._name, self._root = table, table.name, table.parent
        with table.open("rb") as file:
            columns, _ = read_table(file, self._name)
        self._columns = Columns(self._name, columns, mapping)
        if not self._columns.has("id") and not self._columns.has("url"):
            raise SourceError(
                f"{self._name} has no column Id, only {', '.join(columns):.300}; name the column"
                " of the video ids with `--map COLUMN=id`"
            )
        self._pictures = DatasetPictures(self._root)
        if not self._pictures and not self._columns.has("file"):
            raise SourceError(
                f"there is no picture beside {table}; put them at {IMAGES}/<Id>.jpg (is the disk"
                " mounted that holds them?)"
            )

    def items(self) -> Iterator[Video | Exception]:
        if notice := self._columns.notice():
            yield ListingNotice(notice)
        latest, repeats = self._latest_lines()
        if repeats:
            yield ListingNotice(
                f"{self._name}: {repeats:,} rows repeat an id; the latest row of each counts"
            )
        for row in self._rows():
            if isinstance(row, SourceError):
                yield ItemError(str(row), group=f"{self._name}: unreadable rows")
                continue
            at, cells = f"{self._name}, line {row.line}", Cells(self._columns, row.cells)
            video_id = take_id(cells)
            if not video_id or not video_id.isprintable():
                if not video_id or latest.get(video_id) == row.line:
                    yield SourceError(
                        f"{at}: the Id {video_id!r} is empty or unprintable; correct it"
                    )
                continue
            if latest.get(video_id) != row.line:
                continue
            try:
                video, is_untitled = self._video(at, video_id, cells)
            except (SourceError, MediaError, OSError) as error:  # OSError: such as a long name
                message = str(error) if str(error).startswith(at) else f"{at}: {error}"
                group = f"{self._name}: {getattr(error, 'group', '') or type(error).__name__}"
                yield ItemError(message, video_id=video_id, group=group)
                continue
            if is_untitled:
                yield UntitledRowError(f"{at}: {video.id} has no Title; its id is used instead")
            yield video
        for name in self._pictures.unclaimed():
            yield UnlistedPictureError(
                f"{name} has no row in {self._name}; add one with its Id, or remove it"
            )

    def _rows(self) -> Iterator[Row | SourceError]:
        with self._table.open("rb") as file:
            yield from read_table(file, self._name)[1]

    def _latest_lines(self) -> tuple[dict[str, int], int]:
        """Return the line of the latest row of each id, and how many rows are not the latest."""
        keys = [column_key(name) for name in self._columns.names]
        place = next((keys.index(key) for key in _TRENDING_DATES if key in keys), None)
        latest: dict[str, tuple[str, int]] = {}
        rows = 0
        for row in self._rows():
            if isinstance(row, Row) and (video_id := take_id(Cells(self._columns, row.cells))):
                rows += 1
                day = "" if place is None else parse_trending_date(row.cells[place])
                latest[video_id] = max(latest.get(video_id, ("", 0)), (day, row.line))
        return {video_id: line for video_id, (_, line) in latest.items()}, rows - len(latest)

    def _video(self, at: str, video_id: str, cells: Cells) -> tuple[Video, bool]:
        """Return the video of a row, and whether its title is missing.

        Raises:
            SourceError: The row has no picture, or one outside the data set.
        """
        picture = self._picture(at, video_id, cells)
        facts = facts_of(cells)
        title = facts.pop("title")
        video = Video(
            video_id,
            _url(cells.take("url", web_url), video_id, picture),
            title=title or video_id,
            picture=versioned(picture),
            file=str(picture) if picture.name.lower().endswith(VIDEO_SUFFIXES) else "",
            extra=MappingProxyType({_fact_name(name): cell for name, cell in cells.rest()}),
            **facts,
        )
        return video, not title and self._columns.has("title")

    def _picture(self, at: str, video_id: str, cells: Cells) -> Path:
        """Return the picture of a row.

        Raises:
            SourceError: There is none, or its path leads out of the data set.
        """
        file = cells.take("file", lambda cell: None if "://" in cell else cell) or ""
        path = (self._pictures.of_name(file) if file else None) or self._pictures.of_id(video_id)
        if path is None:
            place = file or f"{IMAGES}/{video_id}{'|'.join(PICTURE_SUFFIXES)}"
            raise ItemError(
                f"{at}: {video_id} has no picture; put it at {place}", group="no picture"
            )
        return path


def facts_of(cells: Cells) -> dict[str, Any]:
    """Take what the cells of a row say about its video, as fields of `Video`."""
    captions = cells.captions()
    category = cells.take("category", one_line) or cells.take("category_id", category_name)
    return {
        "title": cells.take("title", one_line) or one_line(" ".join(captions[:1])),
        "description": cells.take("description", str) or "\n".join(captions[1:]),
        "channel": cells.take("channel", one_line) or "",
        "channel_id": cells.take("channel_id", one_line) or "",
        "category": category or "",
        "published": cells.take("published", parse_date),
        "duration_seconds": cells.take("duration", parse_duration),
        "views": cells.take("views", parse_count),
        "language": cells.take("language", one_line) or "",
        "tags": cells.take("tags", tags) or (),
    }


def _columns(table: Path) -> Columns | None:
    """Return the columns of a table, or None if it cannot be read."""
    try:
        with table.open("rb") as file:
            return Columns(table.name, read_table(file, table.name)[0], {})
    except (SourceError, OSError):
        return None


def _has_pictures(table: Path) -> bool:
    columns = _columns(table)
    if columns is None or not (columns.has("id") or columns.has("url")):
        return False
    pictures = DatasetPictures(table.parent)
    if pictures.folders:
        return True
    has_videos = any(p.name.lower().endswith(VIDEO_SUFFIXES) for p in table.parent.iterdir())
    return bool(pictures) and not has_videos


def take_id(cells: Cells) -> str:
    """Return the id of a row: its cell, or what its link to YouTube names; "" if there is none."""
    stated = cells.take("id", str) or ""
    link = stated if "://" in stated else "" if stated else cells.peek("url")
    if not link:
        return stated
    url = normalise(link) or ""
    return url.removeprefix(video_url("")) if url.startswith(video_url("")) else stated


def _url(stated: str | None, video_id: str, picture: Path) -> str:
    if stated:
        return stated
    return video_url(video_id) if is_youtube_id(video_id) else picture.as_uri()


def _fact_name(column: str) -> str:
    """Return the name in `Video.extra` of a column that nothing else is made of.

    What the names of caption files begin with is not a column's: its cells would be opened as
    files, wherever they lie.

    >>> _fact_name("director"), _fact_name("subtitles.ko")
    ('director', 'column subtitles.ko')
    """
    name = storable(column)
    return f"column {name}" if name.partition(".")[0] == SUBTITLES else name
