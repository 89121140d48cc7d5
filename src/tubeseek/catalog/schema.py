"""Defines the tables of the catalogue and migrates older files."""

import sqlite3

from tubeseek.core.errors import CatalogError

# Migration i is the statements that take a file of version i to i + 1.
# Never edit a released one: add another.
MIGRATIONS = (
    (
        """CREATE TABLE sources (
            locator TEXT PRIMARY KEY,
            kind TEXT NOT NULL,          -- youtube, folder or dataset
            item_limit INTEGER,          -- of --limit; NULL means all
            added_at TEXT NOT NULL,
            listed_at TEXT               -- when a listing last reached its end
        ) STRICT""",
        """CREATE TABLE videos (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            channel TEXT NOT NULL,
            category TEXT NOT NULL,
            record TEXT NOT NULL,        -- the whole Video as JSON
            content TEXT NOT NULL,       -- names the pictures: a new value, new pictures
            added_at TEXT NOT NULL,
            gone_at TEXT                 -- when its source no longer listed it
        ) STRICT""",
        """CREATE TABLE origins (
            video_id TEXT NOT NULL REFERENCES videos ON DELETE CASCADE,
            locator TEXT NOT NULL REFERENCES sources ON DELETE CASCADE,
            listing INTEGER NOT NULL,    -- the listing that saw it last
            PRIMARY KEY (video_id, locator)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE media (
            video_id TEXT PRIMARY KEY REFERENCES videos ON DELETE CASCADE,
            content TEXT NOT NULL,
            thumbnail TEXT NOT NULL,
            stills TEXT NOT NULL         -- JSON: [[path, seconds], ...]
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE indexes (
            key TEXT PRIMARY KEY,
            encoder TEXT NOT NULL,       -- how to open it: a name, a hub id or a folder
            spec TEXT NOT NULL,          -- EncoderSpec as JSON
            active INTEGER NOT NULL,     -- 1 for those that searches ask
            created_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE embedded (
            video_id TEXT NOT NULL REFERENCES videos ON DELETE CASCADE,
            index_key TEXT NOT NULL REFERENCES indexes ON DELETE CASCADE,
            content TEXT NOT NULL,
            segments INTEGER NOT NULL,
            PRIMARY KEY (video_id, index_key)
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE failures (
            video_id TEXT NOT NULL REFERENCES videos ON DELETE CASCADE,
            stage TEXT NOT NULL,         -- fetch or embed
            content TEXT NOT NULL,
            reason TEXT NOT NULL,
            final INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            at TEXT NOT NULL,
            PRIMARY KEY (video_id, stage)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX videos_by_channel ON videos (channel)",
        "CREATE INDEX origins_by_locator ON origins (locator, listing)",
        "CREATE INDEX embedded_by_index ON embedded (index_key)",
    ),
    (
        "ALTER TABLE videos ADD COLUMN words TEXT NOT NULL DEFAULT ''",  # names its words
        "ALTER TABLE media ADD COLUMN passages TEXT NOT NULL DEFAULT '[]'",
        """CREATE TABLE worded (            -- what the index of words holds
            video_id TEXT PRIMARY KEY REFERENCES videos ON DELETE CASCADE,
            words TEXT NOT NULL,          -- as in videos, when it was indexed
            passages INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID""",
    ),
    (
        """CREATE TABLE leftovers (         -- what a store may hold of videos that were removed
            video_id TEXT NOT NULL,       -- refers to no row: it outlives the video
            index_key TEXT NOT NULL,      -- empty for the index of words
            writing INTEGER NOT NULL,     -- 1 while a run may be about to store more of it
            PRIMARY KEY (video_id, index_key)
        ) STRICT, WITHOUT ROWID""",
    ),
    (
        "CREATE TABLE library (id TEXT NOT NULL) STRICT",  # one row: tells libraries apart
        "INSERT INTO library VALUES (lower(hex(randomblob(16))))",
    ),
    (
        "ALTER TABLE sources ADD COLUMN listings INTEGER NOT NULL DEFAULT 0",  # begun so far
        "ALTER TABLE sources ADD COLUMN complete_listing INTEGER",  # the last that was complete
        # how many videos fewer than the place counts are normal for it, such as private ones
        "ALTER TABLE sources ADD COLUMN shortfall INTEGER NOT NULL DEFAULT 0",
        "UPDATE sources SET listings = coalesce((SELECT max(listing) FROM origins "
        "WHERE origins.locator = sources.locator), 0)",
    ),
    (
        # of --map, as JSON: the fields of a table's columns
        "ALTER TABLE sources ADD COLUMN columns TEXT NOT NULL DEFAULT '{}'",
    ),
    (
        "ALTER TABLE videos ADD COLUMN checked_at TEXT NOT NULL DEFAULT ''",  # facts of its site
        "UPDATE videos SET checked_at = added_at",
        """CREATE TABLE schedule (         -- of a server's syncs; at most one row
            every_seconds REAL NOT NULL,
            started_at TEXT               -- of the last one
        ) STRICT""",
    ),
)


def migrate(connection: sqlite3.Connection) -> None:
    """Migrate the file to the newest version, each step in a transaction of its own.

    Args:
        connection: In autocommit mode (`isolation_level=None`).

    Raises:
        CatalogError: A newer tubeseek wrote it.
    """
    while (version := _version(connection)) < len(MIGRATIONS):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version(connection) == version:  # no other process was faster
                for statement in MIGRATIONS[version]:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {version + 1}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    if version > len(MIGRATIONS):
        raise CatalogError(
            f"this library has catalogue version {version}, this tubeseek knows up to "
            f"{len(MIGRATIONS)}; install the newer tubeseek"
        )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
