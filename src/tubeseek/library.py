"""A library that is open in this process: what each message of `messages` does."""

import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tubeseek import answers, notices
from tubeseek.catalog import Catalog, IndexRow, SourceRow
from tubeseek.cutting import Tools
from tubeseek.embed import embed_pending, folder_of
from tubeseek.errors import QueryError, TubeseekError
from tubeseek.events import Event
from tubeseek.ingest import ingest
from tubeseek.judging import Judges
from tubeseek.levels import Fit
from tubeseek.messages import (
    AddRequest,
    IndexRequest,
    ListAnswer,
    RemoveAnswer,
    RemoveRequest,
    SearchAnswer,
    SearchRequest,
    Status,
    SyncRequest,
    Using,
    VideoDetail,
    Where,
)
from tubeseek.opening import Opened
from tubeseek.ports import Encoder, PassageStore, VectorStore
from tubeseek.records import Clip, EncoderSpec, Filter, Media, Video
from tubeseek.search import Searcher, checked_text
from tubeseek.wording import index_words


@dataclass(frozen=True, slots=True)
class Adapters:
    """How to open what a library is made of; `app` fills this in."""

    encoder: Callable[[str], Encoder]  # by name, hub id or folder
    store: Callable[[EncoderSpec], VectorStore]
    words: Callable[[], PassageStore]
    source_kind: Callable[[str], tuple[str, str]]  # locator -> (its normal form, kind)
    open_tools: Callable[[], Tools]
    media_folder: Path
    workers: int
    picture: Callable[[bytes, str], Clip]  # a picture file's bytes, and how messages call it
    default_encoder: str
    chosen_encoder: str  # of the settings; empty: the library's own
    store_name: str


class Library:
    """Implements `messages.Operations`. One thread may `run` while any number search."""

    def __init__(
        self, catalog: Catalog, adapters: Adapters, folder: Path, on_close: Callable[[], None]
    ) -> None:
        self._catalog, self._adapters, self.folder = catalog, adapters, folder
        self._on_close = on_close
        self._opened = Opened(adapters.encoder, adapters.store, adapters.words)
        self._judges = Judges(catalog, folder / "background")

    def close(self) -> None:
        self._opened.close()
        self._catalog.close()
        self._on_close()

    # Searching

    def search(self, request: SearchRequest) -> SearchAnswer:
        """Words, a picture, or more like one video.

        Raises:
            QueryError: The words are none or too many, or the video is not in the index.
        """
        if request.image is None and request.like is None:
            checked_text(request.text)
        row = self._index_row(request.encoder or self._adapters.chosen_encoder)
        if row is None:
            asked, why = answers.query_name(request), notices.nothing_indexed(self._catalog)
            return SearchAnswer(query=asked, encoder="", notices=(why,))
        told: list[str] = []
        where = _filter_of(request.where)
        if request.like is not None:
            hits = self._searcher(row).similar(request.like, request.limit, where)
        elif request.image is not None:
            picture = self._adapters.picture(request.image, request.image_name or "the picture")
            hits = self._searcher(row).search(picture, request.limit, where)
        else:
            told += notices.unreadable(request.text, row.spec)
            using = request.using
            if told and using is Using.ALL and self._has_words():
                using = Using.WORDS  # what the encoder makes of letters it cannot read is noise
            searcher = self._searcher(row, using)
            hits = searcher.search(request.text, request.limit, where)
        if not hits:
            told.append(notices.no_hits(self._catalog, row, request.where))
        elif all(hit.fit is Fit.NONE for hit in hits):
            told.append(notices.nothing_fits(request))
        hits = [hit for hit in hits if hit.fit is None or hit.fit.reaches(request.min_fit)]
        return answers.search_answer(request, row.spec.name, hits, told)

    # Looking

    def video(self, video_id: str) -> VideoDetail:
        """One video in full.

        Raises:
            QueryError: It is not in the library.
        """
        found = self._catalog.videos([video_id]).get(video_id)
        if found is None:
            raise QueryError(f"no video {video_id!r} in this library; `tubeseek list` shows them")
        return answers.video_detail(found, self._catalog.media(video_id))

    def media(self, video_id: str) -> Media | None:
        """Where the pictures of a video lie on disk, once they were fetched."""
        return self._catalog.media(video_id)

    def file(self, video_id: str) -> Path | None:
        """Where the video itself lies, if it is a local file."""
        video = self._catalog.videos([video_id]).get(video_id)
        return Path(video.file) if video is not None and video.file else None

    def list(self, limit: int, offset: int) -> ListAnswer:
        """A page of the library, newest addition first."""
        videos = self._catalog.list_videos(limit, offset)
        return ListAnswer(
            total=self._catalog.counts()["videos"],
            videos=tuple(answers.video_facts(v, gone=gone) for v, gone in videos),
        )

    def status(self) -> Status:
        """What there is and what is still to be done."""
        return answers.status(self._catalog, str(self.folder), self._adapters.store_name)

    # Changing

    def run(self, request: AddRequest | SyncRequest | IndexRequest) -> Generator[Event, None, None]:
        """Does a long verb; closing the iterator stops it and loses nothing that was reported."""
        match request:
            case AddRequest():
                yield from self._add(request)
            case SyncRequest():
                for row in self._catalog.sources():
                    yield from self._ingest(row, "sync")
            case IndexRequest():
                yield from self._embed(request)

    def remove(self, request: RemoveRequest) -> RemoveAnswer:
        """Forgets videos, or a source with all that only it brought."""
        removed: list[str] = []
        unknown: list[str] = []
        for name in request.names:
            if self._catalog.videos([name]):
                self._forget(name)
            elif (locator := self._added_locator(name)) is not None:
                for video_id in self._catalog.ids_of_source(locator):
                    self._forget(video_id)
                self._catalog.remove_source(locator)
            else:
                unknown.append(name)
                continue
            removed.append(name)
        return RemoveAnswer(removed=tuple(removed), unknown=tuple(unknown))

    def _add(self, request: AddRequest) -> Iterator[Event]:
        kinds = [self._adapters.source_kind(locator) for locator in request.locators]
        for locator, kind in kinds:  # all were understood before the first one is listed
            yield from self._ingest(SourceRow(locator, kind, request.limit), "add")

    def _ingest(self, row: SourceRow, stage: str) -> Iterator[Event]:
        with closing(self._adapters.open_tools()) as tools:
            source = tools.sources[row.kind]
            yield from ingest(self._catalog, source, row, stage, self._update_payload)

    def _update_payload(self, video: Video) -> None:
        """What filters know of a video follows what its source now says."""
        for row in self._catalog.stages.indexes_with(video.id):
            self._opened.store(row).update_video(video)
        if self._catalog.wording.has(video.id):
            self._opened.words().update_video(video)

    def _embed(self, request: IndexRequest) -> Iterator[Event]:
        active = self._catalog.stages.active_index()
        name = request.encoder or self._adapters.chosen_encoder
        name = name or (active.encoder if active else self._adapters.default_encoder)
        row = self._catalog.stages.add_index(name, self._opened.encoder(name).spec)
        if active is None:
            self._catalog.stages.activate_index(row.key)  # what is there can be found at once
        index = self._opened.index(row)
        _, noted = self._catalog.stages.embedded_count(row.key)
        if index.store.count() < noted:  # the disk lost what had not reached it in a power cut
            self._catalog.stages.forget_embedded(row.key)
        yield from embed_pending(
            self._catalog,
            index,
            self._adapters.open_tools(),
            workers=request.workers or self._adapters.workers,
            retry_final=request.retry,
        )
        self._catalog.stages.activate_index(row.key)
        self._judges.of(index)  # so that the first search does not wait for it
        words = self._opened.words()
        if words.count() < self._catalog.wording.counts()[1]:  # likewise, or terms are made anew
            self._catalog.wording.forget_all()
        yield from index_words(self._catalog, words)

    def _added_locator(self, name: str) -> str | None:
        """The locator of a place that was added, from any form of it; None if there is none."""
        added = {row.locator for row in self._catalog.sources()}
        if name in added:
            return name
        try:
            locator, _ = self._adapters.source_kind(name)
        except TubeseekError:  # it means nothing, or its folder is gone
            return None
        return locator if locator in added else None

    def _forget(self, video_id: str) -> None:
        for row in self._catalog.stages.indexes_with(video_id):
            self._opened.store(row).remove_video(video_id)
        if self._catalog.wording.has(video_id):
            self._opened.words().remove_video(video_id)
        self._catalog.remove_video(video_id)
        folder = folder_of(self._adapters.media_folder, video_id)
        shutil.rmtree(folder, ignore_errors=True)  # pictures of nothing do no harm

    # Opening

    def _index_row(self, encoder: str) -> IndexRow | None:
        """The index to ask: by encoder if one is named, else the active one."""
        if not encoder:
            return self._catalog.stages.active_index()
        rows = self._catalog.stages.indexes()
        named = [r for r in rows if encoder in (r.encoder, r.spec.name)]
        if not named and rows:
            known = ", ".join(sorted({r.encoder for r in rows}))
            raise QueryError(
                f"this library has no index by {encoder!r}, only by {known}; "
                f"make one with `tubeseek index --encoder {encoder}`"
            )
        return named[-1] if named else None

    def _searcher(self, row: IndexRow, using: Using = Using.ALL) -> Searcher:
        pictures = None if using is Using.WORDS else self._opened.index(row)
        asks_words = using is not Using.PICTURES and self._has_words()
        return Searcher(
            self._catalog,
            pictures,
            self._opened.words() if asks_words else None,
            judge=self._judges.of(pictures) if pictures is not None else None,
        )

    def _has_words(self) -> bool:
        return self._catalog.wording.counts()[0] > 0


def _filter_of(where: Where) -> Filter:
    return Filter(
        channels=where.channel,
        categories=where.category,
        after=where.after,
        before=where.before,
        min_duration_seconds=where.min_duration,
        max_duration_seconds=where.max_duration,
        min_views=where.min_views,
    )
