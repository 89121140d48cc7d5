"""Records of which videos the index of words holds the words."""

from collections.abc import Sequence

from tubeseek.catalog import rows
from tubeseek.catalog.database import Database
from tubeseek.catalog.indexed_videos import IndexedVideo
from tubeseek.catalog.leftovers import WORDS_KEY, Leftovers, forget_writing, note_writing
from tubeseek.core.types import Passage, Video


class IndexedWords:
    """Implements `Progress` for the index of words, of which a library has one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.leftovers = Leftovers(database, WORDS_KEY)

    def pending_ids(self) -> list[str]:
        """Return the videos whose words the index does not hold as they now are."""
        return [r[0] for r in self._database.all(
            "SELECT id FROM videos v LEFT JOIN worded w ON w.video_id = v.id "
            "WHERE w.words IS NULL OR w.words <> v.words ORDER BY v.rowid"
        )]  # fmt: skip

    def words(self, video_id: str) -> tuple[Video, str, tuple[Passage, ...]] | None:
        """Return a video, the name of its words and its captions; None if it was removed."""
        matches = self._database.all(
            "SELECT record, words, coalesce(passages, '[]') FROM videos LEFT JOIN media "
            "ON video_id = id WHERE id = ?",
            video_id,
        )
        if not matches:
            return None
        record, words, captions = matches[0]
        return rows.video_from_json(record), words, rows.passages_from_json(video_id, captions)

    def has(self, video_id: str) -> bool:
        """Return whether the index may hold words of this video."""
        return bool(self._database.all("SELECT 1 FROM worded WHERE video_id = ?", video_id))

    def begin(self, video_ids: Sequence[str]) -> list[str]:
        with self._database.transaction() as db:
            noted = {i for i in video_ids if note_writing(db, i, WORDS_KEY)}
            for video_id in video_ids:
                if db.execute(
                    "UPDATE worded SET words = '', passages = 0 WHERE video_id = ?", (video_id,)
                ).rowcount:
                    noted.add(video_id)
                db.execute(
                    "INSERT INTO worded SELECT id, '', 0 FROM videos WHERE id = ? "
                    "ON CONFLICT DO NOTHING",
                    (video_id,),
                )
        return [video_id for video_id in video_ids if video_id in noted]

    def record(self, done: Sequence[IndexedVideo]) -> set[str]:
        recorded = set()
        with self._database.transaction() as db:
            for video_id, words, passages in done:
                if db.execute(
                    "UPDATE worded SET words = ?, passages = ? WHERE video_id = ?",
                    (words, passages, video_id),
                ).rowcount:
                    recorded.add(video_id)
                    forget_writing(db, video_id, WORDS_KEY)
        return recorded

    def video_ids(self) -> set[str]:
        return {r[0] for r in self._database.all("SELECT video_id FROM worded")}

    def segment_count(self) -> int:
        return int(self._database.all("SELECT coalesce(sum(passages), 0) FROM worded")[0][0])

    def any(self) -> bool:
        """Return whether the index holds any words; each search calls it, so nothing is counted."""
        return bool(self._database.all("SELECT 1 FROM worded WHERE words <> '' LIMIT 1"))

    def counts(self) -> tuple[int, int]:
        """Return how many videos have their words in the index, and their passages."""
        videos, passages = self._database.all(
            "SELECT count(*), coalesce(sum(passages), 0) FROM worded WHERE words <> ''"
        )[0]
        return videos, passages

    def forget_all(self) -> None:
        """Note that nothing in the index can be relied on, so that it is made anew."""
        with self._database.transaction() as db:
            db.execute("UPDATE worded SET words = '', passages = 0")
