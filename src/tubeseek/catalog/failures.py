"""Records what could not be fetched or embedded, why, and whether to try again."""

from dataclasses import dataclass

from tubeseek.catalog.database import Database, now

CAPTIONS = "captions"  # the stage of captions that a site refuses for now


@dataclass(frozen=True, slots=True)
class Failure:
    """The last failure of one video in one stage."""

    video_id: str
    title: str
    stage: str  # "fetch", "embed" or `CAPTIONS`
    reason: str
    final: bool
    attempts: int


class Failures:
    """The table of failures. A video that succeeds later is removed from it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, video_id: str, stage: str, reason: str, *, final: bool) -> None:
        """Record a failure of the video as it now is."""
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO failures SELECT id, ?, content, ?, ?, 1, ? FROM videos WHERE id = ? "
                "ON CONFLICT DO UPDATE SET content = excluded.content, reason = excluded.reason, "
                "final = excluded.final, attempts = attempts + 1, at = excluded.at",
                (stage, reason, final, now(), video_id),
            )

    def note(self, video_id: str, stage: str, reason: str) -> None:
        """Record a temporary failure or, where `reason` is empty, remove it."""
        if reason:
            self.record(video_id, stage, reason, final=False)
            return
        with self._database.transaction() as db:
            db.execute("DELETE FROM failures WHERE video_id = ? AND stage = ?", (video_id, stage))

    def of_stage(self, stage: str) -> list[str]:
        """Return the videos that failed in a stage and are not gone, in order of addition."""
        return [r[0] for r in self._database.all(
            "SELECT id FROM videos JOIN failures f ON f.video_id = id "
            "WHERE stage = ? AND gone_at IS NULL ORDER BY videos.rowid",
            stage,
        )]  # fmt: skip

    def latest(self, limit: int = 1000) -> list[Failure]:
        """Return the failures, latest first."""
        table = self._database.all(
            "SELECT video_id, title, stage, reason, final, attempts FROM failures "
            "JOIN videos ON id = video_id ORDER BY at DESC, video_id LIMIT ?",
            limit,
        )
        return [Failure(i, t, stage, r, bool(final), n) for i, t, stage, r, final, n in table]

    def counts(self) -> tuple[int, int]:
        """Return how many videos will be tried again, and how many failed for good."""
        failed, final = self._database.all(
            "SELECT count(*), coalesce(sum(final), 0) FROM "
            "(SELECT max(final) AS final FROM failures GROUP BY video_id)"
        )[0]
        return failed - final, final
