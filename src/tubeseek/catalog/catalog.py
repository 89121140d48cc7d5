"""Keeps what is in the library and where it came from; every change is one transaction."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from tubeseek.catalog import rows
from tubeseek.catalog.database import Database, now
from tubeseek.catalog.failures import Failures
from tubeseek.catalog.indexed_words import IndexedWords
from tubeseek.catalog.indexes import Indexes
from tubeseek.catalog.leftovers import note_removal
from tubeseek.catalog.upkeep import Upkeep
from tubeseek.core.errors import SourceError
from tubeseek.core.types import Media, Passage, Video

# Videos that one source listed before a listing, and nothing else lists.
_MISSING = (
    "SELECT v.id FROM videos v JOIN origins o ON o.video_id = v.id "
    "WHERE o.locator = ? AND o.listing < ? AND v.gone_at IS NULL AND NOT EXISTS "
    "(SELECT 1 FROM origins p WHERE p.video_id = v.id AND p.locator <> o.locator)"
)
IDS_PER_QUERY = 500  # SQLite allows 32,766 parameters; short statements keep other readers quick


class ListingChange(StrEnum):
    """How a video in a listing differs from what the catalogue holds."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A place that was added."""

    locator: str
    kind: str
    item_limit: int | None
    columns: Mapping[str, str] = field(default_factory=dict)  # of a table: their fields, by name


class Catalog:
    """Sources, videos and their pictures, with the records of what was indexed and what failed.

    Raises:
        CatalogError: The file cannot be opened or written, or a newer tubeseek made it.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path)
        self.indexes = Indexes(self._database)
        self.failures = Failures(self._database)
        self.indexed_words = IndexedWords(self._database)
        self.upkeep = Upkeep(self._database)

    def close(self) -> None:
        self._database.close()

    # Sources and what they list

    def add_source(self, source: SourceRow) -> int:
        """Add a source and begin a listing of it; return the number of the listing."""
        facts = (source.locator, source.kind, source.item_limit)
        columns = json.dumps(dict(source.columns), ensure_ascii=False)
        with self._database.transaction() as db:
            listing: int = db.execute(
                "INSERT INTO sources (locator, kind, item_limit, added_at, listings, columns) "
                "VALUES (?, ?, ?, ?, 1, ?) ON CONFLICT (locator) DO UPDATE SET "
                "kind = excluded.kind, item_limit = excluded.item_limit, "
                "listings = listings + 1, columns = excluded.columns RETURNING listings",
                (*facts, now(), columns),
            ).fetchone()[0]
        return listing

    def sources(self) -> list[SourceRow]:
        """Return all sources, oldest first."""
        return [SourceRow(where, kind, limit, json.loads(columns))
                for where, kind, limit, columns in self._database.all(
            "SELECT locator, kind, item_limit, columns FROM sources ORDER BY added_at, locator"
        )]  # fmt: skip

    def record_listed(self, video: Video, locator: str, listing: int) -> ListingChange:
        """Record one listed video, which is on disk when this returns.

        Raises:
            SourceError: The source was removed meanwhile.
        """
        with self._database.transaction() as db:
            if not db.execute("SELECT 1 FROM sources WHERE locator = ?", (locator,)).fetchone():
                raise SourceError(f"{locator} was removed while it was listed")
            row = db.execute(
                "SELECT record, content, gone_at FROM videos WHERE id = ?", (video.id,)
            ).fetchone()
            content = content_of(video)
            if row is None:
                listed, merged = ListingChange.NEW, video
                db.execute(
                    "INSERT INTO videos (id, title, channel, category, record, content, added_at, "
                    "words, checked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (*_columns(video), content, now(), words_of(video, ()), now()),
                )
            else:
                before = rows.video_from_json(row[0])
                merged = rows.merge(before, video)
                same = (merged.title, content, None) == (before.title, row[1], row[2])
                listed = ListingChange.SAME if same else ListingChange.CHANGED
                _replace(db, merged, content, _captions(db, video.id))
                # A listing says all there is of a video that was never fetched.
                db.execute(
                    "UPDATE videos SET gone_at = NULL, checked_at = iif(EXISTS (SELECT 1 FROM "
                    "media WHERE video_id = id), checked_at, ?) WHERE id = ?",
                    (now(), video.id),
                )
            db.execute(
                "INSERT INTO origins VALUES (?, ?, ?) ON CONFLICT DO UPDATE "
                "SET listing = excluded.listing",
                (video.id, locator, listing),
            )
        return listed

    def files_of_source(self, locator: str) -> dict[str, str]:
        """Return the ids of a local source's videos by the paths of their files and pictures."""
        by_path: dict[str, str] = {}
        for video_id, file, picture in self._database.all(
            "SELECT id, json_extract(record, '$.file'), json_extract(record, '$.picture') "
            "FROM videos JOIN origins ON video_id = id WHERE locator = ?",
            locator,
        ):
            paths = filter(None, (file, (picture or "").rpartition("#")[0]))
            by_path |= dict.fromkeys(paths, video_id)
        return by_path

    def keep_listed(self, video_id: str, locator: str, listing: int) -> None:
        """Note that a listing names a video of the catalogue, whose facts it could not read."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE origins SET listing = ? WHERE video_id = ? AND locator = ?",
                (listing, video_id, locator),
            )

    def missing_ids(self, locator: str, listing: int) -> list[str]:
        """Return the videos of a source that this listing lacks, that no other source lists, and
        that are not marked as gone yet.
        """
        return [r[0] for r in self._database.all(_MISSING, locator, listing)]

    def shortfall(self, locator: str) -> int:
        """Return how many videos fewer than it counts a source has listed when it was complete."""
        return int(self._database.all(
            "SELECT coalesce(max(shortfall), 0) FROM sources WHERE locator = ?", locator
        )[0][0])  # fmt: skip

    def finish_listing(
        self, locator: str, listing: int, *, confirm: bool = False, shortfall: int = 0
    ) -> list[str]:
        """Record that a listing was complete, and mark what it lacks as gone; return those ids.

        Args:
            locator: The source.
            listing: The number of the listing.
            confirm: Whether a video is gone only if the complete listing before lacked it, too.
            shortfall: How many videos fewer than the source counts the listing has.
        """
        with self._database.transaction() as db:
            before = listing
            if confirm:
                before = db.execute(
                    "SELECT coalesce(max(complete_listing), 0) FROM sources WHERE locator = ?",
                    (locator,),
                ).fetchone()[0]
            gone = [r[0] for r in db.execute(_MISSING, (locator, before))]
            db.executemany("UPDATE videos SET gone_at = ? WHERE id = ?", [(now(), i) for i in gone])
            db.execute(
                "UPDATE sources SET listed_at = ?, complete_listing = ?, shortfall = ? "
                "WHERE locator = ?",
                (now(), listing, shortfall, locator),
            )
        return gone

    # Videos

    def videos(self, ids: Sequence[str]) -> dict[str, Video]:
        """Return the videos with these ids, by id; unknown ids are left out."""
        videos: dict[str, Video] = {}
        for start in range(0, len(ids), IDS_PER_QUERY):
            batch = ids[start : start + IDS_PER_QUERY]
            marks = ",".join("?" * len(batch))
            query = f"SELECT id, record FROM videos WHERE id IN ({marks})"  # noqa: S608  only marks
            videos |= {
                i: rows.video_from_json(record) for i, record in self._database.all(query, *batch)
            }
        return videos

    def list_videos(self, limit: int, offset: int = 0) -> list[tuple[Video, bool]]:
        """Return a page of the library, newest addition first: (video, whether it is gone)."""
        return [(rows.video_from_json(r), gone) for r, gone in self._database.all(
            "SELECT record, gone_at IS NOT NULL FROM videos ORDER BY rowid DESC LIMIT ? OFFSET ?",
            limit, offset,
        )]  # fmt: skip

    def ids_of_source(self, locator: str) -> list[str]:
        """Return the ids of the videos that no other source lists."""
        return [r[0] for r in self._database.all(
            "SELECT video_id FROM origins o WHERE locator = ? AND NOT EXISTS (SELECT 1 FROM "
            "origins p WHERE p.video_id = o.video_id AND p.locator <> o.locator)",
            locator,
        )]  # fmt: skip

    def remove_video(self, video_id: str) -> list[str]:
        """Delete a video, and note what stores may still hold of it.

        Returns:
            The keys of those indexes, `WORDS_KEY` for the words: remove it from their stores, then
            call `finish_removal` of their leftovers.
        """
        with self._database.transaction() as db:
            keys = note_removal(db, video_id)
            db.execute("DELETE FROM videos WHERE id = ?", (video_id,))
        return keys

    def remove_source(self, locator: str) -> None:
        """Delete a source; its videos stay until they are removed."""
        with self._database.transaction() as db:
            db.execute("DELETE FROM sources WHERE locator = ?", (locator,))

    def facets(self) -> dict[str, list[str]]:
        """Return all channels and categories, for filters."""
        return {
            name: [r[0] for r in self._database.all(
                f"SELECT DISTINCT {name} FROM videos WHERE {name} <> '' ORDER BY {name}"  # noqa: S608
            )]
            for name in ("channel", "category")
        }  # fmt: skip

    def counts(self) -> dict[str, int]:
        """Return how many videos there are, and how many of them are gone."""
        total, gone = self._database.all("SELECT count(*), count(gone_at) FROM videos")[0]
        return {"videos": total, "gone": gone}

    # Media

    def record_media(self, media: Media, content: str) -> None:
        """Record what was fetched: the facts of the video and where its pictures lie."""
        with self._database.transaction() as db:
            row = db.execute("SELECT record FROM videos WHERE id = ?", (media.video.id,)).fetchone()
            if row is None:
                return  # removed while it was fetched
            merged = rows.merge(rows.video_from_json(row[0]), media.video)
            published = media.video.published or merged.published
            # The thumbnail was rated against older pictures.
            fetched = replace(
                merged, is_live=media.video.is_live, published=published, honesty=None
            )
            _replace(db, fetched, None, media.passages)
            db.execute("UPDATE videos SET checked_at = ? WHERE id = ?", (now(), media.video.id))
            db.execute(
                "INSERT OR REPLACE INTO media VALUES (?, ?, ?, ?, ?)",
                (media.video.id, content, *rows.media_to_row(media)),
            )

    def record_facts(self, video: Video) -> None:
        """Record the facts of a video that were fetched again; its pictures stay."""
        with self._database.transaction() as db:
            row = db.execute("SELECT record FROM videos WHERE id = ?", (video.id,)).fetchone()
            if row is None:
                return  # removed while they were fetched
            known = rows.video_from_json(row[0])
            merged = replace(rows.merge(known, video), picture=known.picture, is_live=video.is_live)
            _replace(db, merged, None, _captions(db, video.id))
            db.execute(
                "UPDATE videos SET checked_at = ?, gone_at = NULL WHERE id = ?", (now(), video.id)
            )

    def newest_first(self, ids: Sequence[str]) -> list[str]:
        """Return the same videos, the latest published first; those without a date come last."""
        videos = self.videos(ids)
        dates = {i: video.published.toordinal() for i, video in videos.items() if video.published}
        return sorted(ids, key=lambda video_id: -dates.get(video_id, 0))

    def record_captions(self, video_id: str, passages: Sequence[Passage]) -> None:
        """Record the captions of a video whose pictures were fetched before."""
        with self._database.transaction() as db:
            row = db.execute("SELECT record FROM videos WHERE id = ?", (video_id,)).fetchone()
            if row is None:
                return  # removed while they were fetched
            _replace(db, rows.video_from_json(row[0]), None, passages)
            db.execute(
                "UPDATE media SET passages = ? WHERE video_id = ?",
                (rows.passages_to_json(passages), video_id),
            )

    def unrated_ids(self, index_key: str) -> list[str]:
        """Return the videos with stills in an index whose thumbnail was not rated yet."""
        return [r[0] for r in self._database.all(
            "SELECT id FROM videos JOIN embedded ON video_id = id WHERE index_key = ? "
            "AND segments > 1 AND json_extract(record, '$.honesty') IS NULL",
            index_key,
        )]  # fmt: skip

    def record_honesty(self, ratings: Mapping[str, float]) -> None:
        """Record how well thumbnails show what their videos contain."""
        with self._database.transaction() as db:
            db.executemany(
                "UPDATE videos SET record = json_set(record, '$.honesty', ?) WHERE id = ?",
                [(rating, video_id) for video_id, rating in ratings.items()],
            )

    def honest_ids(self, least: float) -> list[str]:
        """Return the videos whose thumbnail is rated at least `least`."""
        return [r[0] for r in self._database.all(
            "SELECT id FROM videos WHERE json_extract(record, '$.honesty') >= ?", least
        )]  # fmt: skip

    def media(self, video_id: str) -> Media | None:
        """Return the pictures and captions of a video, or None before they were fetched."""
        matches = self._database.all(
            "SELECT record, thumbnail, stills, passages FROM videos JOIN media ON video_id = id "
            "WHERE id = ?",
            video_id,
        )
        if not matches:
            return None
        record, *pictures_and_words = matches[0]
        return rows.media_from_row(rows.video_from_json(record), *pictures_and_words)


def content_of(video: Video) -> str:
    """Name the pictures of a video; while the name stays, what was embedded of them is valid."""
    return hashlib.sha256(f"{video.picture}\n{video.file}".encode()).hexdigest()[:16]


def _columns(video: Video) -> tuple[str, str, str, str, str]:
    return video.id, video.title, video.channel, video.category, rows.video_to_json(video)


def words_of(video: Video, captions: Sequence[Passage]) -> str:
    """Name the words of a video; while the name stays, what was indexed of them is valid."""
    chapters = [f"{c.start} {c.end} {c.title}" for c in video.chapters]
    parts = [video.title, video.description, *chapters, rows.words_to_json(captions)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _captions(db: sqlite3.Connection, video_id: str) -> tuple[Passage, ...]:
    row = db.execute("SELECT passages FROM media WHERE video_id = ?", (video_id,)).fetchone()
    return rows.passages_from_json(video_id, row[0]) if row else ()


def _replace(
    db: sqlite3.Connection, video: Video, content: str | None, captions: Sequence[Passage]
) -> None:
    video_id, *columns = _columns(video)
    db.execute(
        "UPDATE videos SET title = ?, channel = ?, category = ?, record = ?, "
        "content = coalesce(?, content), words = ? WHERE id = ?",
        (*columns, content, words_of(video, captions), video_id),
    )
