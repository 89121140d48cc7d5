"""Keeps the list of a library's indexes: which there are, and which of them searches ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from tubeseek.catalog import rows
from tubeseek.catalog.database import Database, now
from tubeseek.catalog.indexed_videos import IndexedVideos
from tubeseek.core.errors import QueryError
from tubeseek.core.types import EncoderSpec, Media, Video


@dataclass(frozen=True, slots=True)
class IndexRow:
    """An index of the library: vectors of one encoder."""

    key: str
    encoder: str  # how to open the encoder again: a name, a hub id or a folder
    spec: EncoderSpec


@dataclass(frozen=True, slots=True)
class PendingVideo:
    """A video that an index does not hold yet. `media` is None where it must be fetched first."""

    video: Video
    kind: str  # of its source
    content: str
    media: Media | None


class Indexes:
    """The table of indexes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_index(self, encoder: str, spec: EncoderSpec) -> IndexRow:
        """Add an index, or note how its encoder is opened now; searches ask it once it is on."""
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO indexes VALUES (?, ?, ?, 0, ?) ON CONFLICT (key) "
                "DO UPDATE SET encoder = excluded.encoder",
                (spec.key, encoder, rows.spec_to_json(spec), now()),
            )
        return IndexRow(spec.key, encoder, spec)

    def switch(self, on: Sequence[str], off: Sequence[str] = ()) -> None:
        """Switch some indexes on for searches and others off, in one transaction."""
        with self._database.transaction() as db:
            db.executemany("UPDATE indexes SET active = 0 WHERE key = ?", [(key,) for key in off])
            db.executemany("UPDATE indexes SET active = 1 WHERE key = ?", [(key,) for key in on])

    def drop_index(self, key: str) -> None:
        """Delete an index and the record of what it holds."""
        with self._database.transaction() as db:
            db.execute("DELETE FROM indexes WHERE key = ?", (key,))
            db.execute("DELETE FROM leftovers WHERE index_key = ?", (key,))

    def active_indexes(self) -> list[IndexRow]:
        """Return the indexes that searches ask, oldest first."""
        return [index for index, active in self._indexes() if active]

    def indexes(self) -> list[IndexRow]:
        """Return all indexes, oldest first."""
        return [index for index, _ in self._indexes()]

    def named(self, name: str) -> list[IndexRow]:
        """Return the indexes that a name means, oldest first.

        Args:
            name: The encoder's name as the library opens it or as answers call it, or a key.

        Raises:
            QueryError: No index has that name.
        """
        indexes = self.indexes()
        matches = [row for row in indexes if name in (row.encoder, row.spec.name, row.key)]
        if not matches:
            names = ", ".join(sorted({row.encoder for row in indexes})) or "none yet"
            raise QueryError(
                f"this library has no index by {name!r} (it has: {names}); "
                f"make one with `tubeseek index --encoder {name}`"
            )
        return matches

    def indexes_with(self, video_id: str) -> list[IndexRow]:
        """Return the indexes that may hold vectors of a video."""
        keys = self._database.all("SELECT index_key FROM embedded WHERE video_id = ?", video_id)
        return [index for index in self.indexes() if (index.key,) in keys]

    def videos(self, key: str) -> IndexedVideos:
        """Return the record of the videos that one index holds."""
        return IndexedVideos(self._database, key)

    def pending(self, video_id: str) -> PendingVideo | None:
        """Return what is needed to embed a video, or None if it was removed meanwhile."""
        matches = self._database.all(
            "SELECT v.record, s.kind, v.content, m.content, m.thumbnail, m.stills, m.passages "
            "FROM videos v "
            "JOIN origins o ON o.video_id = v.id JOIN sources s ON s.locator = o.locator "
            "LEFT JOIN media m ON m.video_id = v.id WHERE v.id = ? LIMIT 1",
            video_id,
        )
        if not matches:
            return None
        record, kind, content, fetched, *stored = matches[0]
        video = rows.video_from_json(record)
        media = rows.media_from_row(video, *stored) if fetched == content else None
        return PendingVideo(video, kind, content, media)

    def _indexes(self) -> list[tuple[IndexRow, bool]]:
        return [
            (IndexRow(key, encoder, rows.spec_from_json(spec)), bool(active))
            for key, encoder, spec, active in self._database.all(
                "SELECT key, encoder, spec, active FROM indexes ORDER BY created_at, key"
            )
        ]
