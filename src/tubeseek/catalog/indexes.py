"""The indexes of a library, and how far each video has come in each of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from tubeseek.catalog import rows
from tubeseek.catalog.database import Database, now
from tubeseek.catalog.failures import CAPTIONS
from tubeseek.core.errors import QueryError
from tubeseek.core.types import EncoderSpec, Media, Video

# Of an index: the videos that it holds as they now are.
_EMBEDDED = (
    "FROM embedded e JOIN indexes i ON i.key = e.index_key JOIN videos v ON v.id = e.video_id "
    "WHERE e.index_key = ? AND e.content = "
    "CASE json_extract(i.spec, '$.frames') WHEN 0 THEN v.words ELSE v.content END"
)


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
    """The tables of indexes and of what each of them holds.

    What an index holds is named by the video's content, or, where its encoder reads no frames, by
    the video's words: when the name is another one, the video is pending.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_index(self, encoder: str, spec: EncoderSpec) -> IndexRow:
        """Remembers an index; it serves searches once it is activated."""
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO indexes VALUES (?, ?, ?, 0, ?) ON CONFLICT (key) "
                "DO UPDATE SET encoder = excluded.encoder",
                (spec.key, encoder, rows.spec_to_json(spec), now()),
            )
        return IndexRow(spec.key, encoder, spec)

    def switch(self, on: Sequence[str], off: Sequence[str] = ()) -> None:
        """Has searches ask some indexes and leave others out, at one moment."""
        with self._database.transaction() as db:
            db.executemany("UPDATE indexes SET active = 0 WHERE key = ?", [(key,) for key in off])
            db.executemany("UPDATE indexes SET active = 1 WHERE key = ?", [(key,) for key in on])

    def drop_index(self, key: str) -> None:
        """Forgets an index and what it holds."""
        with self._database.transaction() as db:
            db.execute("DELETE FROM indexes WHERE key = ?", (key,))

    def active_indexes(self) -> list[IndexRow]:
        """The indexes that searches ask, oldest first."""
        return [index for index, active in self._indexes() if active]

    def indexes(self) -> list[IndexRow]:
        """All indexes, oldest first."""
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
            known = ", ".join(sorted({row.encoder for row in indexes})) or "none yet"
            raise QueryError(
                f"this library has no index by {name!r} (it has: {known}); "
                f"make one with `tubeseek index --encoder {name}`"
            )
        return matches

    def indexes_with(self, video_id: str) -> list[IndexRow]:
        """The indexes that may hold vectors of this video."""
        keys = self._database.all("SELECT index_key FROM embedded WHERE video_id = ?", video_id)
        return [index for index in self.indexes() if (index.key,) in keys]

    def _indexes(self) -> list[tuple[IndexRow, bool]]:
        return [
            (IndexRow(key, encoder, rows.spec_from_json(spec)), bool(active))
            for key, encoder, spec, active in self._database.all(
                "SELECT key, encoder, spec, active FROM indexes ORDER BY created_at, key"
            )
        ]

    def embedded_count(self, index_key: str) -> tuple[int, int]:
        """How many videos an index holds as they now are, and their segments."""
        videos, segments = self._database.all(
            f"SELECT count(*), coalesce(sum(e.segments), 0) {_EMBEDDED}", index_key
        )[0]
        return videos, segments

    def has_embedded(self, index_key: str) -> bool:
        """Whether an index holds any video as it now is."""
        return bool(self._database.all(f"SELECT 1 {_EMBEDDED} LIMIT 1", index_key))

    def embedded_ids(self, index_key: str) -> list[str]:
        """The videos that an index holds, whether or not as they now are, in order of id."""
        found = self._database.all(
            "SELECT video_id FROM embedded WHERE index_key = ? AND segments > 0 ORDER BY video_id",
            index_key,
        )
        return [row[0] for row in found]

    def begin_embedding(self, index_key: str, video_ids: Sequence[str]) -> list[str]:
        """Notes that vectors of these may be in the index from now on, complete or not.

        Returns:
            Those of which the index may hold vectors already, of an older version or of a run
            that was killed: remove them first.
        """
        with self._database.transaction() as db:
            return [
                video_id
                for video_id in video_ids
                if not db.execute(
                    "INSERT INTO embedded SELECT id, ?, '', 0 FROM videos WHERE id = ? "
                    "ON CONFLICT DO NOTHING",
                    (index_key, video_id),
                ).rowcount
            ]

    def forget_embedded(self, index_key: str) -> None:
        """Notes that nothing of this index can be relied on, so that all is embedded again."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE embedded SET content = '', segments = 0 WHERE index_key = ?", (index_key,)
            )

    def pending_ids(self, index_key: str, retry_final: bool) -> list[str]:
        """The videos that the index does not hold as they now are, in order of addition.

        Args:
            index_key: The index.
            retry_final: Also those whose failure was said to be final.
        """
        return [r[0] for r in self._database.all(
            "SELECT v.id FROM videos v JOIN indexes i ON i.key = ? "
            "LEFT JOIN embedded e ON e.video_id = v.id AND e.index_key = i.key "
            "WHERE v.gone_at IS NULL AND (e.content IS NULL OR e.content <> "
            "CASE json_extract(i.spec, '$.frames') WHEN 0 THEN v.words ELSE v.content END) "
            "AND (? OR json_extract(i.spec, '$.frames') = 0 "  # words need no fetching
            "OR NOT EXISTS (SELECT 1 FROM failures f WHERE f.video_id = v.id "
            "AND f.final AND f.content = v.content)) ORDER BY v.rowid",
            index_key, retry_final,
        )]  # fmt: skip

    def pending(self, video_id: str) -> PendingVideo | None:
        """What must be known to embed one video; None when it was removed meanwhile."""
        found = self._database.all(
            "SELECT v.record, s.kind, v.content, m.content, m.thumbnail, m.stills, m.passages "
            "FROM videos v "
            "JOIN origins o ON o.video_id = v.id JOIN sources s ON s.locator = o.locator "
            "LEFT JOIN media m ON m.video_id = v.id WHERE v.id = ? LIMIT 1",
            video_id,
        )
        if not found:
            return None
        record, kind, content, fetched, *stored = found[0]
        video = rows.video_from_json(record)
        current = fetched == content
        media = rows.media_from_row(video, *stored) if current else None
        return PendingVideo(video, kind, content, media)

    def record_embedded(self, index_key: str, done: Sequence[tuple[str, str, int]]) -> None:
        """Notes that the index holds these: (video id, content or words, number of segments)."""
        with self._database.transaction() as db:
            for video_id, content, segments in done:
                db.execute(
                    "INSERT OR REPLACE INTO embedded SELECT id, ?, ?, ? FROM videos WHERE id = ?",
                    (index_key, content, segments, video_id),
                )
                db.execute(
                    "DELETE FROM failures WHERE video_id = ? AND stage <> ? AND EXISTS "
                    "(SELECT 1 FROM indexes "
                    "WHERE key = ? AND json_extract(spec, '$.frames') > 0)",
                    (video_id, CAPTIONS, index_key),
                )
