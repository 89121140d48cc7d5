"""Records which videos an index holds, so that a run that is killed loses and doubles nothing."""

import json
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from tubeseek.catalog.database import Database
from tubeseek.catalog.failures import CAPTIONS
from tubeseek.catalog.leftovers import Leftovers, forget_writing, note_writing

# What an index holds of a video is named by the video's pictures or, where its encoder reads no
# frames, by the video's words. While the name in the index is another one, the video is pending.
_CURRENT = "CASE json_extract(i.spec, '$.frames') WHEN 0 THEN v.words ELSE v.content END"
_UP_TO_DATE = (
    "FROM embedded e JOIN indexes i ON i.key = e.index_key JOIN videos v ON v.id = e.video_id "
    f"WHERE e.index_key = ? AND e.content = {_CURRENT}"
)
_PENDING = (
    "SELECT v.id FROM videos v JOIN indexes i ON i.key = ? "  # noqa: S608  only constants
    "LEFT JOIN embedded e ON e.video_id = v.id AND e.index_key = i.key "
    # Of a video that is gone, the pictures that were fetched can be embedded again.
    "WHERE (v.gone_at IS NULL OR e.content = '' AND EXISTS "
    "(SELECT 1 FROM media m WHERE m.video_id = v.id AND m.content = v.content)) "
    f"AND (e.content IS NULL OR e.content <> {_CURRENT}) "
    "AND (? OR json_extract(i.spec, '$.frames') = 0 "  # words need no fetching
    "OR NOT EXISTS (SELECT 1 FROM failures f WHERE f.video_id = v.id "
    "AND f.final AND f.content = v.content)) ORDER BY v.rowid"
)


class IndexedVideo(NamedTuple):
    """What an index now holds of a video."""

    video_id: str
    content: str  # the name of its pictures or words, as in the table of videos
    segments: int  # or passages


class Progress(Protocol):
    """The record of what one index holds, of whatever kind it is.

    Attributes:
        leftovers: What its store may still hold of removed videos.
    """

    leftovers: Leftovers

    def pending_ids(self) -> list[str]:
        """Return the videos that the index does not hold as they now are, in order of addition."""
        ...

    def begin(self, video_ids: Sequence[str]) -> list[str]:
        """Note that parts of these videos may be in the index from now on.

        Returns:
            Those of which the index may hold something already, of an older version or of a run
            that was killed: remove them first.
        """
        ...

    def record(self, done: Sequence[IndexedVideo]) -> set[str]:
        """Note that the index holds these videos completely.

        Returns:
            Those that are recorded. The others were removed since `begin`, even if they were added
            again: remove them from the store, then call `leftovers.finish_removal`.
        """
        ...

    def video_ids(self) -> set[str]:
        """Return the videos of which the index may hold something."""
        ...

    def segment_count(self) -> int:
        """Return how many segments or passages the index holds, up to date or not.

        A store that holds more has some of a run that was killed, or of removed videos.
        """
        ...


class IndexedVideos:
    """Implements `Progress` for one index of vectors."""

    def __init__(self, database: Database, index_key: str) -> None:
        self._database, self._key = database, index_key
        self.leftovers = Leftovers(database, index_key)

    def pending_ids(self, retry_final: bool = False) -> list[str]:
        """Return the videos that the index does not hold as they now are, in order of addition.

        Args:
            retry_final: Whether to include videos whose fetching failed for good.
        """
        return [r[0] for r in self._database.all(_PENDING, self._key, retry_final)]

    def begin(self, video_ids: Sequence[str]) -> list[str]:
        with self._database.transaction() as db:
            noted = {i for i in video_ids if note_writing(db, i, self._key)}
            for video_id in video_ids:
                row = (video_id, self._key)
                if db.execute(
                    "UPDATE embedded SET content = '', segments = 0 "
                    "WHERE video_id = ? AND index_key = ?",
                    row,
                ).rowcount:
                    noted.add(video_id)
                db.execute(
                    "INSERT INTO embedded SELECT id, ?2, '', 0 FROM videos WHERE id = ?1 "
                    "ON CONFLICT DO NOTHING",
                    row,
                )
        return [video_id for video_id in video_ids if video_id in noted]

    def record(self, done: Sequence[IndexedVideo]) -> set[str]:
        """Note what the index holds; with their pictures in it, their failures are over."""
        recorded = set()
        with self._database.transaction() as db:
            for video_id, content, segments in done:
                if not db.execute(
                    "UPDATE embedded SET content = ?, segments = ? "
                    "WHERE video_id = ? AND index_key = ?",
                    (content, segments, video_id, self._key),
                ).rowcount:
                    continue
                recorded.add(video_id)
                forget_writing(db, video_id, self._key)
                db.execute(
                    "DELETE FROM failures WHERE video_id = ? AND stage <> ? AND EXISTS "
                    "(SELECT 1 FROM indexes "
                    "WHERE key = ? AND json_extract(spec, '$.frames') > 0)",
                    (video_id, CAPTIONS, self._key),
                )
        return recorded

    def video_ids(self) -> set[str]:
        return {r[0] for r in self._database.all(
            "SELECT video_id FROM embedded WHERE index_key = ?", self._key
        )}  # fmt: skip

    def segment_count(self) -> int:
        return int(self._database.all(
            "SELECT coalesce(sum(segments), 0) FROM embedded WHERE index_key = ?", self._key
        )[0][0])  # fmt: skip

    def counts(self) -> tuple[int, int]:
        """Return how many videos the index holds as they now are, and their segments."""
        videos, segments = self._database.all(
            f"SELECT count(*), coalesce(sum(e.segments), 0) {_UP_TO_DATE}", self._key
        )[0]
        return videos, segments

    def any(self) -> bool:
        """Return whether the index holds any video as it now is."""
        return bool(self._database.all(f"SELECT 1 {_UP_TO_DATE} LIMIT 1", self._key))

    def ids(self) -> list[str]:
        """Return the videos that the index holds, up to date or not, in order of id."""
        return [r[0] for r in self._database.all(
            "SELECT video_id FROM embedded WHERE index_key = ? AND segments > 0 ORDER BY video_id",
            self._key,
        )]  # fmt: skip

    def versions(self, video_ids: Sequence[str]) -> dict[str, str]:
        """Return the name of what the index holds of each of these videos; "" while it changes."""
        return dict(self._database.all(
            "SELECT video_id, content FROM embedded WHERE index_key = ? "
            "AND video_id IN (SELECT value FROM json_each(?))",
            self._key, json.dumps(list(video_ids)),
        ))  # fmt: skip

    def forget_all(self) -> None:
        """Note that nothing in the index can be relied on, so that all is embedded again."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE embedded SET content = '', segments = 0 WHERE index_key = ?", (self._key,)
            )
