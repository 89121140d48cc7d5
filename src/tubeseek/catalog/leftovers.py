"""Notes what a store may still hold of removed videos, until the store is clean.

A removal and an indexing run may overlap, and either may be killed at any moment. The rows that say
what an index holds of a video go when the video goes, so notes of their own outlive it:

    begin             the run notes that it is about to store something of these videos
    removal           notes each index that may hold something of the video
    record            tells the run which of its videos were removed meanwhile; the run removes
                      them from the store, and only then is their note deleted
    finish_removal    deletes the note of a removal, unless a run is still writing

What is left after a kill is swept by the next run.
"""

import sqlite3
from collections.abc import Sequence

from tubeseek.catalog.database import Database

WORDS_KEY = ""  # stands for the index of words, of which a library has one


class Leftovers:
    """The notes of one index.

    Args:
        database: The catalogue's.
        key: The index, or `WORDS_KEY`.
    """

    def __init__(self, database: Database, key: str) -> None:
        self._database, self._key = database, key
        self._row = "worded" if key == WORDS_KEY else "embedded"
        self._where = "video_id = ?1" + ("" if key == WORDS_KEY else " AND index_key = ?2")

    def ids(self) -> list[str]:
        """Return the removed videos of which the store may still hold something."""
        key = "" if self._key == WORDS_KEY else "AND e.index_key = l.index_key"
        return [r[0] for r in self._database.all(
            "SELECT video_id FROM leftovers l WHERE index_key = ? AND NOT EXISTS "  # noqa: S608
            f"(SELECT 1 FROM {self._row} e WHERE e.video_id = l.video_id {key}) ORDER BY video_id",
            self._key,
        )]  # fmt: skip

    def note(self, video_ids: Sequence[str]) -> None:
        """Note that the store may hold something of these videos, which the catalogue lacks."""
        with self._database.transaction() as db:
            db.executemany(
                "INSERT INTO leftovers VALUES (?, ?, 0) ON CONFLICT DO NOTHING",
                [(video_id, self._key) for video_id in video_ids],
            )

    def finish_removal(self, video_id: str, *, wrote: bool = False) -> None:
        """Note that the store holds nothing of the video any more.

        If the video was added and indexed again meanwhile, its new vectors may have gone too:
        then it becomes pending again.

        Args:
            video_id: The video.
            wrote: Whether the run that stored something of it is the caller, or was killed.
        """
        with self._database.transaction() as db:
            key = () if self._key == WORDS_KEY else (self._key,)
            delete = f"DELETE FROM {self._row} WHERE {self._where}"  # noqa: S608  only constants
            if db.execute(delete, (video_id, *key)).rowcount:
                db.execute(
                    "INSERT INTO leftovers VALUES (?, ?, 0) ON CONFLICT DO NOTHING",
                    (video_id, self._key),
                )
            else:
                db.execute(
                    "DELETE FROM leftovers WHERE video_id = ? AND index_key = ? "
                    "AND (? OR NOT writing)",
                    (video_id, self._key, wrote),
                )


def note_removal(db: sqlite3.Connection, video_id: str) -> list[str]:
    """Note what stores may hold of a video that is about to be deleted; return their keys."""
    db.execute(
        "INSERT INTO leftovers SELECT video_id, index_key, 0 FROM embedded WHERE video_id = ? "
        "ON CONFLICT DO NOTHING",
        (video_id,),
    )
    db.execute(
        "INSERT INTO leftovers SELECT video_id, ?, 0 FROM worded WHERE video_id = ? "
        "ON CONFLICT DO NOTHING",
        (WORDS_KEY, video_id),
    )
    noted = db.execute("SELECT index_key FROM leftovers WHERE video_id = ?", (video_id,))
    return [key for (key,) in noted]


def note_writing(db: sqlite3.Connection, video_id: str, key: str) -> bool:
    """Note that a run is about to store something of a video; return whether there was a note."""
    note = (video_id, key)
    noted = db.execute("SELECT 1 FROM leftovers WHERE video_id = ? AND index_key = ?", note)
    was_noted = noted.fetchone() is not None
    db.execute("INSERT INTO leftovers VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET writing = 1", note)
    return was_noted


def forget_writing(db: sqlite3.Connection, video_id: str, key: str) -> None:
    """Delete the note of a video that is recorded in the same transaction."""
    db.execute("DELETE FROM leftovers WHERE video_id = ? AND index_key = ?", (video_id, key))
