"""Opens every picture once before training, so that a broken one costs one message now."""

import hashlib
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from tubeseek.core.errors import MediaError
from tubeseek.core.segment_plan import plan_clips
from tubeseek.media.clips import read_clip
from tubeseek.media.frames import probe
from tubeseek.media.pictures import MAX_FILE_BYTES, read_picture
from tubeseek.sources.local.files import VIDEO_SUFFIXES
from tubeseek.training.data.near_duplicates import look_of_picture
from tubeseek.training.data.readers.rows import Candidate, Candidates

_LOOK_PIXELS = 128  # of the longer side: enough for the hash, and to know that a picture is whole
_AHEAD = 4  # pictures per worker that are read ahead
_HASHED_BYTES = 1 << 20  # of the beginning and of the end of a video file


@dataclass(frozen=True, slots=True)
class ReadableCandidate:
    """A candidate whose picture can be read."""

    candidate: Candidate
    look: int | None  # 64-bit perceptual hash of the picture, or of the middle of the clip
    content: str  # sha256 of the picture file; for a video, of its size, beginning and end


def check_pictures(candidates: Candidates, workers: int) -> Iterator[ReadableCandidate | Exception]:
    """Yield the candidates that can be read, in their order, and an error for each that cannot.

    Args:
        candidates: The candidates and errors; only a few are read ahead.
        workers: Threads that read pictures.
    """
    waiting: deque[Future[ReadableCandidate | Exception] | Exception] = deque()
    with ThreadPoolExecutor(workers, "pictures") as pool:
        for item in candidates:
            waiting.append(item if isinstance(item, Exception) else pool.submit(_check, item))
            if len(waiting) > _AHEAD * workers:
                yield _result(waiting.popleft())
        while waiting:
            yield _result(waiting.popleft())


def with_clips(candidates: Candidates, clips_per_video: int) -> Candidates:
    """Replace each video file without times by clips of about ten seconds spread over it.

    A single clip keeps the id; several get the id, an @ and the second that they start at.
    """
    for item in candidates:
        if isinstance(item, Exception) or item.start is not None or not is_video(item.picture):
            yield item
            continue
        try:
            seconds = probe(item.picture).duration_seconds
        except MediaError as error:
            yield MediaError(f"{item.id}: {error}")
            continue
        clips = plan_clips(seconds, most=clips_per_video) if seconds else [(0.0, 0.0)]
        for start, end in clips:
            name = item.id if len(clips) == 1 else f"{item.id}@{start:g}"
            yield replace(item, id=name, start=start, end=end)


def is_video(path: Path) -> bool:
    """Return whether the name of a file is that of a video."""
    return path.name.lower().endswith(VIDEO_SUFFIXES)


def _result(
    waiting: Future[ReadableCandidate | Exception] | Exception,
) -> ReadableCandidate | Exception:
    return waiting if isinstance(waiting, Exception) else waiting.result()


def _check(candidate: Candidate) -> ReadableCandidate | Exception:
    path, start = candidate.picture, candidate.start
    try:
        if start is None:
            pixels = read_picture(path, _LOOK_PIXELS)
        else:
            pixels = read_clip(path, start, candidate.end or start, 1, _LOOK_PIXELS)[0]
        return ReadableCandidate(candidate, look_of_picture(pixels), _content(path))
    except MediaError as error:
        return MediaError(f"{candidate.id}: {error}")
    except OSError as error:
        return MediaError(f"{candidate.id}: {path} cannot be read ({error.strerror}); check it")


def _content(path: Path) -> str:
    """Return the sha256 of a picture, or of the size, beginning and end of a video."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if size <= MAX_FILE_BYTES and not is_video(path):
            return hashlib.file_digest(file, "sha256").hexdigest()
        digest = hashlib.sha256(f"{size}\n".encode())
        digest.update(file.read(_HASHED_BYTES))
        file.seek(max(0, size - _HASHED_BYTES))
        digest.update(file.read(_HASHED_BYTES))
        return digest.hexdigest()
