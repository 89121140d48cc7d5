"""How far the index of words has come."""

from collections.abc import Sequence

from tubeseek.catalog import rows
from tubeseek.catalog.database import Database
from tubeseek.core.types import Passage, Video


class IndexedWords:
    """The table of what the index of words holds. There is one such index in a library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pending_ids(self) -> list[str]:
        """The videos whose words the index does not hold as they now are."""
        return [r[0] for r in self._database.all(
            "SELECT id FROM videos v LEFT JOIN worded w ON w.video_id = v.id "
            "WHERE w.words IS NULL OR w.words <> v.words ORDER BY v.rowid"
        )]  # fmt: skip

    def words(self, video_id: str) -> tuple[Video, str, tuple[Passage, ...]] | None:
        """The video, the name of its words, and what is said in it; None once it is removed."""
        found = self._database.all(
            "SELECT record, words, coalesce(passages, '[]') FROM videos LEFT JOIN media "
            "ON video_id = id WHERE id = ?",
            video_id,
        )
        if not found:
            return None
        record, words, said = found[0]
        return rows.video_from_json(record), words, rows.passages_from_json(video_id, said)

    def has(self, video_id: str) -> bool:
        """Whether the index may hold words of this video."""
        return bool(self._database.all("SELECT 1 FROM worded WHERE video_id = ?", video_id))

    def begin(self, video_ids: Sequence[str]) -> list[str]:
        """Notes that words of these may be in the index from now on, complete or not.

        Returns:
            Those of which the index may hold words already: remove them first.
        """
        with self._database.transaction() as db:
            return [
                video_id
                for video_id in video_ids
                if not db.execute(
                    "INSERT INTO worded SELECT id, '', 0 FROM videos WHERE id = ? "
                    "ON CONFLICT DO NOTHING",
                    (video_id,),
                ).rowcount
            ]

    def record(self, done: Sequence[tuple[str, str, int]]) -> None:
        """Notes that the index holds these: (video id, name of its words, number of passages)."""
        with self._database.transaction() as db:
            db.executemany(
                "UPDATE worded SET words = ?, passages = ? WHERE video_id = ?",
                [(words, passages, video_id) for video_id, words, passages in done],
            )

    def any(self) -> bool:
        """Whether the index holds words of any video; searches ask this, so nothing is counted."""
        return bool(self._database.all("SELECT 1 FROM worded WHERE words <> '' LIMIT 1"))

    def counts(self) -> tuple[int, int]:
        """(videos whose words are indexed, passages)."""
        videos, passages = self._database.all(
            "SELECT count(*), coalesce(sum(passages), 0) FROM worded WHERE words <> ''"
        )[0]
        return videos, passages

    def forget_all(self) -> None:
        """The index is to be made anew: its words are read in another way."""
        with self._database.transaction() as db:
            db.execute("DELETE FROM worded")
