"""Fetches, reads, encodes and stores the videos that an index lacks, for `tubeseek index`.

Worker threads fetch and read a bounded number of videos ahead; the calling thread encodes and
stores. A video counts as done only when its vectors are durable, so a run that is killed at any
moment is resumed by running it again.
"""

import hashlib
import shutil
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tubeseek.catalog import CAPTIONS, Catalog, IndexedVideo, PendingVideo
from tubeseek.core.errors import (
    MediaError,
    RateLimitedError,
    SourceError,
    StoreError,
    VideoUnavailableError,
)
from tubeseek.core.events import Event, EventKind
from tubeseek.core.index import Index
from tubeseek.core.types import Frames, Media, Segment
from tubeseek.indexing.batches import store_batch, sweep_leftovers
from tubeseek.indexing.segmentation import IndexingTools, segments_of

VIDEOS_PER_WORKER = 4
MOST_BYTES = 256_000_000  # of pixels; what all workers prepare at the moment may come on top
FIRST_GUESS_BYTES = 42_000_000  # the stills of a long video: 241 of 320 x 180 pixels
REMEMBERED = 16  # the latest videos; a library of thumbnails may go on with long videos


class Prefetch:
    """How many videos are prepared ahead: a few per worker, fewer if the latest were large."""

    def __init__(self, workers: int) -> None:
        self._least, self._most = workers, workers * VIDEOS_PER_WORKER
        self._sizes = deque([FIRST_GUESS_BYTES], REMEMBERED)

    def note_size(self, size_bytes: int) -> None:
        """Note how large a video was once it was prepared."""
        self._sizes.append(size_bytes)

    def has_room(self, waiting: int) -> bool:
        """Whether one more video may be prepared while `waiting` others are ready or under way.

        >>> ahead = Prefetch(workers=2)
        >>> ahead.has_room(5), ahead.has_room(7)
        (True, False)
        """
        if waiting < self._least:
            return True
        return waiting < self._most and (waiting + 1) * max(self._sizes) <= MOST_BYTES


STAGE = "index"
CLIPS_PER_BATCH = 32  # encoded together; also what a crash makes the next run do again
LONGEST_FOLDER_NAME = 100  # characters; file systems allow 255 bytes


@dataclass(frozen=True, slots=True, eq=False)
class PreparedVideo:
    """One video, fetched and read, ready to be encoded."""

    pending: PendingVideo
    media: Media
    segments: list[Segment]
    clips: list[Frames]
    warnings: list[str]


def embed_pending(
    catalog: Catalog,
    index: Index,
    tools: IndexingTools,
    *,
    workers: int,
    retry_final: bool = False,
    newest_first: bool = False,
) -> Iterator[Event]:
    """Bring an index up to date with the catalogue.

    Args:
        catalog: Holds what is pending, and records what is done.
        index: Where the vectors go.
        tools: Sources, the picture reader, the folder for fetched pictures; closed at the end.
        workers: Threads that fetch and read ahead.
        retry_final: Also try again what failed for good.
        newest_first: Begin with the videos that were published last, not that were added first.

    Yields:
        ADVANCED for each video that is safe in the index, FAILED for each that cannot be.
    """
    progress = catalog.indexes.videos(index.spec.key)
    sweep_leftovers(progress, index.store)
    ids = progress.pending_ids(retry_final)
    if newest_first:
        ids = catalog.newest_first(ids)
    yield Event(EventKind.STARTED, STAGE, total=len(ids))
    counts = {"indexed": 0, "failed": 0, "segments": 0}
    batch, frames, ahead = _Batch(catalog, index), index.spec.frames, Prefetch(workers)
    stopped: RateLimitedError | None = None
    with ThreadPoolExecutor(workers, thread_name_prefix="prepare") as pool:
        queue: deque[tuple[str, Future[PreparedVideo | None]]] = deque()
        waiting = iter(ids)
        try:
            while True:
                while ahead.has_room(len(queue)) and not stopped:
                    video_id = next(waiting, None)
                    if video_id is None:
                        break
                    queue.append(
                        (video_id, pool.submit(_prepare, catalog, tools, frames, video_id))
                    )
                if not queue:
                    break
                video_id, future = queue.popleft()
                try:
                    prepared = future.result()
                except RateLimitedError as error:
                    if stopped is None:
                        stopped = error
                        yield Event(EventKind.FAILED, STAGE, f"stopped: {error}", total=len(ids))
                    continue
                except (MediaError, SourceError) as error:
                    final = not isinstance(error, VideoUnavailableError) or error.final
                    catalog.failures.record(video_id, "fetch", str(error), final=final)
                    counts["failed"] += 1
                    yield Event(EventKind.FAILED, STAGE, str(error), video_id, total=len(ids))
                    continue
                if prepared is None:
                    continue
                for warning in prepared.warnings:
                    yield Event(EventKind.NOTICE, STAGE, warning, video_id, total=len(ids))
                ahead.note_size(sum(clip.nbytes for clip in prepared.clips))
                batch.put(prepared)
                if batch.full:
                    yield from _advanced(batch.flush(counts), counts, len(ids))
            yield from _advanced(batch.flush(counts), counts, len(ids))
        finally:
            for _, future in queue:
                future.cancel()
            tools.close()
    if stopped:
        counts["failed"] += 1
    index.store.commit()
    yield Event(EventKind.FINISHED, STAGE, counts=counts)


def folder_of(root: Path, video_id: str) -> Path:
    """Return the folder for the fetched pictures of a video, valid on every file system.

    >>> folder_of(Path("media"), "../a b").as_posix()
    'media/..%2Fa%20b'
    """
    name = quote(video_id, safe="")
    if len(name) > LONGEST_FOLDER_NAME or set(name) == {"."}:
        name = hashlib.sha256(video_id.encode()).hexdigest()
    return root / name


class _Batch:
    """Collects prepared videos to encode them together."""

    def __init__(self, catalog: Catalog, index: Index) -> None:
        self._progress, self._index = catalog.indexes.videos(index.spec.key), index
        self._videos: list[PreparedVideo] = []

    def put(self, prepared: PreparedVideo) -> None:
        self._videos.append(prepared)

    @property
    def full(self) -> bool:
        return sum(len(p.clips) for p in self._videos) >= CLIPS_PER_BATCH

    def flush(self, counts: dict[str, int]) -> list[PreparedVideo]:
        """Encode and store the collected videos; return them once they are durable."""
        done, self._videos = self._videos, []
        if not done:
            return []

        def add() -> None:
            self._index.add(
                [segment for p in done for segment in p.segments],
                [clip for p in done for clip in p.clips],
                {p.media.video.id: p.media.video for p in done},
            )

        indexed = [IndexedVideo(p.media.video.id, p.pending.content, len(p.segments)) for p in done]
        recorded = store_batch(self._progress, self._index.store, indexed, add)
        done = [p for p in done if p.media.video.id in recorded]
        counts["indexed"] += len(done)
        counts["segments"] += sum(len(p.segments) for p in done)
        return done


def _advanced(done: list[PreparedVideo], counts: Mapping[str, int], total: int) -> Iterator[Event]:
    before = counts["indexed"] - len(done) + counts["failed"]
    for number, prepared in enumerate(done, start=before + 1):
        video = prepared.media.video
        yield Event(EventKind.ADVANCED, STAGE, video.title, video.id, number, total)


def _prepare(
    catalog: Catalog, tools: IndexingTools, frames: int, video_id: str
) -> PreparedVideo | None:
    """Fetch and read one video, in a worker thread; None if it was removed meanwhile."""
    pending = catalog.indexes.pending(video_id)
    if pending is None:
        return None
    try:
        media, video_file = _fetch(catalog, tools, frames, pending)
        return _read(pending, media, tools, frames, video_file)
    except (MediaError, SourceError, StoreError):
        if catalog.indexes.pending(video_id) is None:  # so its pictures were deleted as well
            return None
        raise
    finally:
        if files := tools.video_files.get(pending.kind):
            files.release(video_id)
        if catalog.indexes.pending(video_id) is None:  # what was written after the removal
            shutil.rmtree(folder_of(tools.media_folder, video_id), ignore_errors=True)


def _fetch(
    catalog: Catalog, tools: IndexingTools, frames: int, pending: PendingVideo
) -> tuple[Media, Path | None]:
    """Return the pictures of a video and, for clips, the file that its source can fetch."""
    folder = folder_of(tools.media_folder, pending.video.id)
    media, video_file = pending.media, None
    try:
        if media is None or not media.thumbnail.exists():
            media = tools.sources[pending.kind].fetch(pending.video, folder)
            catalog.record_media(media, pending.content)
            catalog.failures.note(media.video.id, CAPTIONS, media.captions_owed)
        if frames > 1 and (files := tools.video_files.get(pending.kind)):
            video_file = files.video_file(media.video, folder)
    except OSError as error:  # the disk is full or not ours to write: no fault of the video
        raise StoreError(
            f"cannot write {folder}: {error.strerror or error}; make room or mend the "
            "permissions, then run the command again, nothing is lost"
        ) from error
    return media, video_file


def _read(
    pending: PendingVideo, media: Media, tools: IndexingTools, frames: int, video_file: Path | None
) -> PreparedVideo:
    segments: list[Segment] = []
    clips: list[Frames] = []
    warnings: list[str] = []
    for segment, read in segments_of(media, tools, frames, video_file):
        try:
            clips.append(read())
            segments.append(segment)
        except MediaError as error:  # a bad still costs the still, a bad first picture the video
            if not segments:
                raise
            warnings.append(str(error))
    return PreparedVideo(pending, media, segments, clips, warnings)
