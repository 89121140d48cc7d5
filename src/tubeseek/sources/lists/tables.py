"""Reads lists in tables: Google Takeout's in any language, and data sets without pictures."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tubeseek.core.csv_rows import read_rows
from tubeseek.core.errors import ItemError, SourceError
from tubeseek.core.text_files import storable
from tubeseek.core.types import Video
from tubeseek.sources.lists.entries import Entries, Place, entry_of, is_on_youtube
from tubeseek.sources.local.dataset import facts_of, take_id
from tubeseek.sources.local.dataset_columns import NAMES, Cells, Columns, column_key
from tubeseek.sources.local.files import is_youtube_id
from tubeseek.sources.youtube.locators import video_url

_PLACE_COLUMNS = (
    *("channelurl", "채널url", "channelid", "채널id", "playlisturl", "playlistid", "재생목록id"),
    *("channelhandle", "handle"),
)
_VIDEO_COLUMNS = (*NAMES["id"], *NAMES["url"])


def table_entries(path: Path) -> Entries:
    """Yield the videos, or else the channels and playlists, that the rows of a table name.

    Takeout's older files of playlists hold two tables: the second, of videos, has a header of its
    own, and the first, which describes the playlist, then counts for nothing. Without a header that
    is known, the first cell of a row that is an address or an id of YouTube counts.
    """
    columns: Columns | None = None
    waiting: list[Place] = []
    has_videos = False
    with path.open("rb") as file:
        for row in read_rows(file, path.name):
            if isinstance(row, SourceError):
                yield ItemError(str(row), group=f"{path.name}: unreadable rows")
                continue
            if header := _header(path.name, row.cells):
                columns = header
                continue
            entry = _entry(columns, row.cells)
            if isinstance(entry, Video):
                has_videos = True
                yield entry
            elif entry:
                waiting.append(entry)
            elif row.line > 1:  # else it is a header in some other language
                yield ItemError(
                    f"{path.name}, line {row.line}: names no video, channel or playlist of YouTube",
                    group=f"{path.name}: rows without video",
                )
    if not has_videos:
        yield from waiting


def _header(name: str, cells: Sequence[str]) -> Columns | None:
    keys = {column_key(cell) for cell in cells}
    if not keys.intersection((*_PLACE_COLUMNS, *_VIDEO_COLUMNS)):
        return None
    with suppress(SourceError):  # two columns of one name
        return Columns(name, cells, {})
    return None


def _entry(columns: Columns | None, cells: Sequence[str]) -> Video | Place | None:
    if columns is None or len(cells) != len(columns.names):
        return _first_entry(cells)
    if columns.has("id") or columns.has("url"):
        taken = Cells(columns, cells)
        video_id = take_id(taken)
        if is_youtube_id(video_id):
            facts = facts_of(taken)
            title = storable(facts.pop("title")) or video_id
            return Video(video_id, video_url(video_id), title, **facts)
        if not video_id and (entry := entry_of(taken.peek("url"))):
            return entry
    by_key = {column_key(name): cell for name, cell in zip(columns.names, cells, strict=True)}
    for key in _PLACE_COLUMNS:
        if (cell := by_key.get(key)) and (entry := entry_of(cell)):
            return entry
    return _first_entry(cells)


def _first_entry(cells: Sequence[str]) -> Video | Place | None:
    """Return the entry of the first cell that is an address, or else an id, of YouTube."""
    addresses = (cell for cell in cells if "/" in cell and is_on_youtube(cell))
    if address := next(addresses, None):
        return entry_of(address)
    return next((entry for cell in cells[:2] if (entry := entry_of(cell))), None)
