"""Carries out each request on a library that is open in this process."""

import shutil
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from tubeseek.catalog import Catalog, SourceRow
from tubeseek.core.diagnosis import Diagnosis
from tubeseek.core.errors import InputError, QueryError, TubeseekError
from tubeseek.core.events import Event, EventKind
from tubeseek.core.index import Index
from tubeseek.core.passages import Cue
from tubeseek.core.protocols import Encoder, PassageStore, VectorStore
from tubeseek.core.schemas import (
    AddRequest,
    IndexRequest,
    JobRequest,
    ListAnswer,
    PurgeRequest,
    RefreshRequest,
    RemoveAnswer,
    RemoveRequest,
    RunDetail,
    RunsAnswer,
    SearchAnswer,
    SearchRequest,
    Status,
    SwitchRequest,
    SyncRequest,
    Timeline,
    TimelineRequest,
    VideoDetail,
)
from tubeseek.core.types import EncoderSpec, Frames, Media, Video
from tubeseek.indexing.embedding import folder_of
from tubeseek.indexing.indexer import Indexer
from tubeseek.indexing.listing import ingest
from tubeseek.indexing.removal import remove_video
from tubeseek.indexing.segmentation import IndexingTools, ToolsOpener
from tubeseek.indexing.upkeep import refresh_facts
from tubeseek.library import answers
from tubeseek.library.equal_messages import fold_equal
from tubeseek.library.watches import Watches
from tubeseek.search.calibration import Calibrations
from tubeseek.search.engine import SearchEngine
from tubeseek.search.open_indexes import OpenIndexes
from tubeseek.training.run_folder import ADAPTERS, Runs


@dataclass(frozen=True, slots=True)
class Backends:
    """How to open what a library is made of; `tubeseek.library.open` fills this in."""

    # Opens an encoder by name, hub id or folder; the second opens those that it is made of.
    encoder: Callable[[str, Callable[[str], Encoder]], Encoder]
    store: Callable[[EncoderSpec], VectorStore]
    drop_store: Callable[[EncoderSpec], None]  # deletes what `store` opens
    words: Callable[[], PassageStore]
    source_kind: Callable[[str], tuple[str, str]]  # locator -> (its normal form, kind)
    # A locator and the columns of --map to the sources that it names, and what could not be read.
    places: Callable[[str, Mapping[str, str]], tuple[list[tuple[str, str]], list[Exception]]]
    agreeing_listings: Callable[[str, str], int]  # of a locator and its kind: see `ingest`
    open_tools: Callable[[bool | None, bool | None], IndexingTools]  # download? keep? None: as set
    media_folder: Path
    workers: int
    picture: Callable[[bytes, str], Frames]  # a picture file's bytes, and how messages call it
    local_cues: Callable[[Video], Sequence[Cue]]  # of a caption file beside a video
    default_encoder: str
    meanings_encoder: str  # of the index beside the first one; empty: none
    chosen_encoder: str  # of the settings; empty: the library's own
    store_name: str
    weights: Mapping[str, float]  # of indexes in the fusion, by their encoder's name


class Library:
    """Implements `tubeseek.core.schemas.Operations` in this process.

    One thread may `run` while any number search or remove.
    """

    def __init__(
        self, catalog: Catalog, backends: Backends, folder: Path, on_close: Callable[[], None]
    ) -> None:
        self._catalog, self._backends, self.folder = catalog, backends, folder
        self._runs = Runs(folder / ADAPTERS)
        self._on_close = on_close
        self._open_tools = ToolsOpener(backends.open_tools)
        self._open_indexes = OpenIndexes(backends.encoder, backends.store, backends.words)
        calibrations = Calibrations(catalog, folder / "background")
        self._search_engine = SearchEngine(
            catalog,
            self._open_indexes,
            calibrations,
            backends.picture,
            backends.chosen_encoder,
            backends.weights,
        )
        self._indexer = Indexer(
            catalog,
            self._open_indexes,
            calibrations,
            self._open_tools,
            backends.drop_store,
            default_encoder=backends.default_encoder,
            meanings_encoder=backends.meanings_encoder,
            chosen_encoder=backends.chosen_encoder,
            workers=backends.workers,
        )

    def close(self) -> None:
        with ExitStack() as closing:  # a damaged store keeps nothing else open
            closing.callback(self._on_close)
            closing.callback(self._catalog.close)
            closing.callback(self._open_indexes.close)

    # Searching

    def search(self, request: SearchRequest) -> SearchAnswer:
        """Find videos by words, by a picture, or by likeness to a video.

        Raises:
            QueryError: The query is empty, too long or not understood, or names something unknown.
        """
        return self._search_engine.search(request)

    # Looking

    def index(self, encoder: str = "") -> Index:
        """Return the index of an encoder, to read its vectors; empty: the first that searches ask.

        Raises:
            QueryError: There is no such index.
        """
        return self._search_engine.index(encoder)

    def video(self, video_id: str) -> VideoDetail:
        """Return one video in full.

        Raises:
            QueryError: It is not in the library.
        """
        return answers.video_detail(self._video(video_id), self._catalog.media(video_id))

    def timeline(self, video_id: str, request: TimelineRequest) -> Timeline:
        """Return how well each moment of a video fits a query.

        Raises:
            QueryError: It is not in the library, or the query is not understood.
        """
        return self._search_engine.timeline(self._video(video_id), request)

    def _video(self, video_id: str) -> Video:
        video = self._catalog.videos([video_id]).get(video_id)
        if video is None:
            raise QueryError(f"no video {video_id!r} in this library; `tubeseek list` shows them")
        return video

    def media(self, video_id: str) -> Media | None:
        """Return where the pictures of a video lie, or None before they were fetched."""
        return self._catalog.media(video_id)

    def file(self, video_id: str) -> Path | None:
        """Return the file of a video, if it is a local one."""
        video = self._catalog.videos([video_id]).get(video_id)
        return Path(video.file) if video is not None and video.file else None

    def captions(self, video_id: str) -> Sequence[Cue]:
        """Return the captions of a video, in order of time; empty where it has none.

        They are those of the caption file beside a local video; of others the library holds
        passages of half a minute.
        """
        media = self._catalog.media(video_id)
        if media is None:
            return ()
        return self._backends.local_cues(media.video) or [
            Cue(passage.segment.start, passage.segment.end, passage.text)
            for passage in media.passages
        ]

    def list(self, limit: int, offset: int) -> ListAnswer:
        """Return a page of the library, newest addition first."""
        videos = self._catalog.list_videos(limit, offset)
        return ListAnswer(
            total=self._catalog.counts()["videos"],
            videos=tuple(answers.video_facts(v, gone=gone) for v, gone in videos),
        )

    def status(self) -> Status:
        """Return what the library holds and what is still to be done."""
        return answers.status(self._catalog, str(self.folder), self._backends.store_name)

    def training_runs(self) -> RunsAnswer:
        """Return the training runs of the library, latest first."""
        return RunsAnswer(runs=self._runs.all())

    def training_run(self, name: str) -> RunDetail:
        """Return one training run in full, with its curves.

        Raises:
            QueryError: There is no run of that name.
        """
        return self._runs.run(name)

    def report(self, name: str) -> Path | None:
        """Return the file of a training run's report, or None where `tubeseek eval` made none."""
        return self._runs.report(name)

    def diagnose_indexes(self) -> Iterator[Diagnosis]:
        """Open every index and compare what it holds with the catalogue."""
        return self._indexer.diagnose()

    # Changing

    def run(self, request: JobRequest) -> Generator[Event, None, None]:
        """Carry out a job; closing the iterator stops it and loses nothing that was reported.

        Of equal failures and notices the first three are yielded, and one event for the rest.
        """
        return fold_equal(self._run(request), self.folder / "messages", request.verb)

    def _run(self, request: JobRequest) -> Generator[Event, None, None]:
        match request:
            case AddRequest():
                yield from self._add(request)
            case SyncRequest():
                rows = self._catalog.sources()
                yield from self._ingest(rows, "sync", accept_gone=request.accept_gone)
            case IndexRequest():
                yield from self._indexer.run(request)
            case SwitchRequest():
                self._indexer.switch(request)
                yield Event(EventKind.FINISHED, "switch")
            case RefreshRequest():
                ids = self._stale_ids(request, gone=False)
                with closing(self._open_tools(None, None)) as tools:
                    events = refresh_facts(self._catalog, self._open_indexes, tools, ids)
                    yield from tools.with_notices(events)
            case PurgeRequest():
                yield from self._purge(self._stale_ids(request, gone=True))

    def set_sync_every(self, seconds: float) -> None:
        """Keep how often a server syncs this library; 0 for never."""
        self._catalog.upkeep.set_sync_every(seconds)

    def take_due_sync(self) -> bool:
        """Return whether a scheduled sync is due, once each time."""
        return self._catalog.upkeep.take_due_sync()

    def update_watches(self) -> dict[str, int]:
        """Make the saved searches again, and return how many videos are new in each."""
        return Watches(self.folder).update(self.search)

    def _stale_ids(self, request: RefreshRequest | PurgeRequest, *, gone: bool) -> Sequence[str]:
        locators = [self._added_locator(name) for name in request.locators]
        unknown = [
            name
            for name, locator in zip(request.locators, locators, strict=True)
            if locator is None
        ]
        if unknown:
            raise InputError(f"{', '.join(unknown)} was not added; `tubeseek status` lists sources")
        return self._catalog.upkeep.stale_ids(
            request.older_than_seconds, [each for each in locators if each], gone=gone
        )

    def _purge(self, ids: Sequence[str]) -> Iterator[Event]:
        yield Event(EventKind.STARTED, "purge", "removing", total=len(ids))
        for number, video_id in enumerate(ids, start=1):
            self._forget(video_id)
            yield Event(EventKind.ADVANCED, "purge", "", video_id, number, len(ids))
        yield Event(EventKind.FINISHED, "purge", counts={"removed": len(ids)})

    def interrupt(self) -> None:
        """Wake the job that runs from the pauses between requests, so that it can be stopped.

        Any thread may call this; the job must not be continued afterwards.
        """
        self._open_tools.interrupt()

    def remove(self, request: RemoveRequest) -> RemoveAnswer:
        """Remove videos, or a source with all videos that only it lists."""
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
        named = {row.locator: row.columns for row in self._catalog.sources()}
        rows: list[SourceRow] = []
        read = [self._backends.places(name, request.columns) for name in request.locators]
        for places, errors in read:  # after all of them were understood
            for error in errors:
                yield Event(EventKind.FAILED, "add", str(error))
            rows += [
                SourceRow(locator, kind, request.limit, request.columns or named.get(locator, {}))
                for locator, kind in places
            ]
        yield from self._ingest(rows, "add")

    def _ingest(
        self, rows: Sequence[SourceRow], stage: str, *, accept_gone: bool = False
    ) -> Iterator[Event]:
        """List places one after the other, with the same pauses between the requests of all."""
        with closing(self._open_tools(None, None)) as tools:
            for row in rows:
                source = tools.sources[row.kind]
                if row.columns and row.kind in tools.tables:
                    source = tools.tables[row.kind].with_columns(row.columns)
                events = ingest(
                    self._catalog,
                    self._open_indexes,
                    source,
                    row,
                    stage,
                    agreeing=self._backends.agreeing_listings(row.locator, row.kind),
                    accept_gone=accept_gone,
                )
                yield from tools.with_notices(events)

    def _added_locator(self, name: str) -> str | None:
        """Return the locator of the added source that `name` means in any form, or None."""
        added = {row.locator for row in self._catalog.sources()}
        if name in added:
            return name
        try:
            locator, _ = self._backends.source_kind(name)
        except TubeseekError:  # no source reads it, or its folder is gone
            return None
        return locator if locator in added else None

    def _forget(self, video_id: str) -> None:
        remove_video(self._catalog, self._open_indexes, video_id)
        folder = folder_of(self._backends.media_folder, video_id)
        shutil.rmtree(folder, ignore_errors=True)  # files that stay do no harm
