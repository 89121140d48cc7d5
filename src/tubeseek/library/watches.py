"""Saved searches: what is new in them goes into Atom feeds."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from pydantic import BaseModel, ValidationError

from tubeseek.core.errors import CatalogError, InputError
from tubeseek.core.files import write_atomically
from tubeseek.core.schemas import SearchAnswer, SearchHit, SearchRequest
from tubeseek.core.schemas.search import Fit

WATCHES_NAME = "watches.json"
ATOM = "http://www.w3.org/2005/Atom"
MOST_RESULTS = 50  # of one search
MOST_ENTRIES = 200  # of a feed, the newest
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Search = Callable[[SearchRequest], SearchAnswer]


class FoundVideo(BaseModel):
    """A video that a saved search has found."""

    video_id: str
    title: str
    url: str
    channel: str = ""
    reason: str = ""
    found_at: str


class Watch(BaseModel):
    """A saved search."""

    query: str
    feed: str  # the file of the feed, as an absolute path
    videos: list[FoundVideo] = []  # the newest first


class Watches:
    """The saved searches of a library, in a file of its folder."""

    def __init__(self, library: Path) -> None:
        self._path = library / WATCHES_NAME

    def all(self) -> list[Watch]:
        """Return the saved searches.

        Raises:
            CatalogError: Their file is damaged.
        """
        if not self._path.exists():
            return []
        try:
            return [Watch(**each) for each in json.loads(self._path.read_text(encoding="utf-8"))]
        except (OSError, ValueError, TypeError, ValidationError) as error:
            raise CatalogError(
                f"{self._path}: the saved searches cannot be read; mend or remove the file"
            ) from error

    def save(self, query: str, feed: Path) -> None:
        """Save a search, or give a saved one another feed.

        Raises:
            CatalogError: The file cannot be written.
        """
        watches = self.all()
        watch = next((each for each in watches if each.query == query), None)
        if watch is None:
            watches.append(Watch(query=query, feed=str(feed)))
        else:
            watch.feed = str(feed)
        self._write(watches)

    def remove(self, query: str) -> None:
        """Forget a saved search; its feed stays.

        Raises:
            InputError: There is no such search.
        """
        watches = self.all()
        left = [each for each in watches if each.query != query]
        if len(left) == len(watches):
            raise InputError(f"there is no saved search {query!r}; `tubeseek watch` lists them")
        self._write(left)

    def update(self, search: Search) -> dict[str, int]:
        """Search again, and write what is new into the feeds.

        Returns:
            How many videos are new, by query.

        Raises:
            CatalogError: A file cannot be read or written.
            QueryError: A search is not understood.
        """
        watches, new = self.all(), {}
        for watch in watches:
            answer = search(SearchRequest(text=watch.query, limit=MOST_RESULTS))
            known = {video.video_id for video in watch.videos}
            new_videos = [
                _found_video(hit) for hit in _fitting(answer.hits) if hit.video_id not in known
            ]
            watch.videos = [*new_videos, *watch.videos]
            new[watch.query] = len(new_videos)
            self._write_file(Path(watch.feed), atom_feed(watch))
        if watches:
            self._write(watches)
        return new

    def _write(self, watches: Sequence[Watch]) -> None:
        content = [watch.model_dump() for watch in watches]
        self._write_file(self._path, json.dumps(content, ensure_ascii=False, indent=1).encode())

    @staticmethod
    def _write_file(path: Path, content: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)
        except OSError as error:
            raise CatalogError(
                f"{path} cannot be written ({error.strerror or error}); choose another file"
            ) from error


def atom_feed(watch: Watch) -> bytes:
    """Return the feed of a saved search (RFC 4287), its newest videos first."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    videos = watch.videos[:MOST_ENTRIES]
    _add(feed, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, f'tubeseek:{watch.query}')}")
    _add(feed, "title", f"tubeseek: {watch.query}")
    _add(feed, "updated", videos[0].found_at if videos else _now())
    _add(_add(feed, "author"), "name", "tubeseek")
    for video in videos:
        entry = _add(feed, "entry")
        _add(entry, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, f'{watch.query} {video.video_id}')}")
        _add(entry, "title", video.title)
        _add(entry, "link").set("href", _clean(video.url))
        _add(entry, "updated", video.found_at)
        _add(_add(entry, "author"), "name", video.channel or "tubeseek")
        if video.reason:
            _add(entry, "summary", video.reason)
    content: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def _fitting(hits: Sequence[SearchHit]) -> list[SearchHit]:
    """Return the hits that fit; all of them where none can be graded."""
    graded = any(hit.fit is not None for hit in hits)
    return [hit for hit in hits if hit.fit in (Fit.STRONG, Fit.WEAK)] if graded else list(hits)


def _found_video(hit: SearchHit) -> FoundVideo:
    best = next(iter(hit.moments), None)
    return FoundVideo(
        video_id=hit.video_id,
        title=hit.title,
        url=hit.best_url,
        channel=hit.channel,
        reason=(best.reason if best else "") or " · ".join(hit.reasons),
        found_at=_now(),
    )


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = None if text is None else _clean(text)
    return element


def _clean(text: str) -> str:
    """Return a text without the characters that XML forbids."""
    return _NOT_XML.sub("", text)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
