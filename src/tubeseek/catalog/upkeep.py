"""Records when facts were last taken from a site, and when the library is to be synced again."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tubeseek.catalog.database import Database, now

ONLINE = ("youtube", "list")  # the kinds of sources whose facts are those of a site


class Upkeep:
    """What keeps a library up to date."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def stale_ids(
        self, older_than_seconds: float, locators: Sequence[str], *, gone: bool
    ) -> list[str]:
        """Return the videos of sites whose facts are older, the oldest first.

        Args:
            older_than_seconds: The age.
            locators: The sources that list them; none: all.
            gone: Whether to include videos that are gone.
        """
        before = datetime.now(UTC) - timedelta(seconds=older_than_seconds)
        kinds, places = ",".join("?" * len(ONLINE)), ",".join("?" * len(locators))
        of_sources = f"AND s.locator IN ({places}) " if locators else ""
        return [r[0] for r in self._database.all(
            "SELECT v.id FROM videos v WHERE v.checked_at <= ? AND (? OR v.gone_at IS NULL) "  # noqa: S608  only marks
            "AND EXISTS (SELECT 1 FROM origins o JOIN sources s ON s.locator = o.locator "
            f"WHERE o.video_id = v.id AND s.kind IN ({kinds}) {of_sources}) "
            "ORDER BY v.checked_at, v.rowid",
            before.isoformat(timespec="microseconds"), gone, *ONLINE, *locators,
        )]  # fmt: skip

    def mark_gone(self, video_id: str) -> None:
        """Mark a video as gone of which the site itself says so."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE videos SET gone_at = coalesce(gone_at, ?) WHERE id = ?", (now(), video_id)
            )

    def sync_every_seconds(self) -> float:
        """Return how often the server syncs the library; 0 if never."""
        rows = self._database.all("SELECT every_seconds FROM schedule")
        return float(rows[0][0]) if rows else 0.0

    def set_sync_every(self, seconds: float) -> None:
        """Keep how often the server shall sync the library; 0 for never."""
        with self._database.transaction() as db:
            started = db.execute("SELECT max(started_at) FROM schedule").fetchone()[0]
            db.execute("DELETE FROM schedule")
            if seconds:
                db.execute("INSERT INTO schedule VALUES (?, ?)", (seconds, started))

    def take_due_sync(self) -> bool:
        """Return whether it is time to sync, and if so note that it begins now."""
        with self._database.transaction() as db:
            row = db.execute("SELECT every_seconds, started_at FROM schedule").fetchone()
            if row is None:
                return False
            every, started = row
            due = datetime.fromisoformat(started) + timedelta(seconds=every) if started else None
            if due is not None and datetime.now(UTC) < due:
                return False
            db.execute("UPDATE schedule SET started_at = ?", (now(),))
        return True
