"""Reads facts and single frames of video files. Decodes one frame at a time and keeps two."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from tubeseek.core.errors import MediaError
from tubeseek.media.container import (
    MAX_BAD_PACKETS,
    MICROSECONDS,
    measured_duration,
    opened,
    packets,
    upright_rgb,
)

FORWARD_SECONDS = 2.0  # so close ahead, decoding on is cheaper than seeking
SEEK_AGAIN_SECONDS = 10.0  # how much earlier to try if a container's index points too late
MEASURED_BYTES = 1 << 28  # files up to 256 MiB are read through if the container has no duration


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What the header of a video file says; nothing is decoded."""

    duration_seconds: float | None
    width: int  # pixels as stored, before any rotation
    height: int
    frames_per_second: float | None
    codec: str  # libav's name, e.g. "h264"
    title: str = ""  # as yt-dlp's --embed-metadata and others write it into the file
    artist: str = ""  # likewise; of yt-dlp, the channel


def probe(path: Path) -> VideoFacts:
    """Return the facts in the header of a video file; a long file is not read through.

    Raises:
        MediaError: The file cannot be read, or has no video stream.
    """
    with opened(path) as (container, stream):
        duration = (container.duration or 0) / MICROSECONDS
        if duration <= 0 and container.size <= MEASURED_BYTES:
            duration = measured_duration(container, stream)
        return VideoFacts(
            duration if duration > 0 else None,
            stream.width,
            stream.height,
            float(stream.average_rate) if stream.average_rate else None,
            stream.codec_context.name,
            *(container.metadata.get(tag, "") for tag in ("title", "artist")),
        )


def frames_at(path: Path, seconds: Sequence[float]) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """Yield the frames that are on screen at these times, in their order; ascending is fastest.

    Args:
        path: A video file.
        seconds: Times from the start. A time after the end means the last frame.

    Yields:
        The time at which the frame begins, and the frame upright, (height, width, 3) RGB.
        Times at which nothing can be decoded (the file is cut off) are left out.

    Raises:
        MediaError: The file cannot be read, has no video stream, or no frame can be decoded.
    """
    with opened(path) as (container, stream):
        cursor = Cursor(container, stream)
        any_decoded = False
        end = (container.duration or 0) / MICROSECONDS
        for time in seconds:
            frame = cursor.frame_at(time)
            if frame is None and time > end > 0:
                frame = cursor.frame_at(end)
            if frame is not None:
                any_decoded = True
                yield cursor.seconds_of(frame), upright_rgb(frame)
        if seconds and not any_decoded:
            reason = f" ({cursor.problem.strerror})" if cursor.problem else ""
            raise MediaError(
                f"{path}: no frame can be decoded{reason}; the file is damaged, get it again"
            ) from cursor.problem


class Cursor:
    """A position in a video: the frame that is on screen, and the next one."""

    def __init__(self, container: InputContainer, stream: VideoStream) -> None:
        self._container, self._stream = container, stream
        self._start = (container.start_time or 0) / MICROSECONDS
        self._frames: Iterator[VideoFrame] = iter(())
        self._shown: VideoFrame | None = None
        self._following: VideoFrame | None = None
        self.problem: FFmpegError | None = None  # why the latest packet was skipped

    def seconds_of(self, frame: VideoFrame) -> float:
        return max(0.0, (frame.time or 0.0) - self._start)

    def frame_at(self, seconds: float) -> VideoFrame | None:
        """Return the last frame that begins at or before `seconds`, else the first, or None."""
        shown = self._shown
        if shown is None or not 0 <= seconds - self.seconds_of(shown) <= FORWARD_SECONDS:
            self._seek(seconds)
        while self._following is not None and self.seconds_of(self._following) <= seconds:
            self._shown, self._following = self._following, next(self._frames, None)
        return self._shown

    def frames_from(self, seconds: float) -> Iterator[VideoFrame]:
        """Yield the frame that is on screen at a time, and all after it."""
        shown = self.frame_at(seconds)
        if shown is not None:
            yield shown
        if self._following is not None:
            yield self._following
        yield from self._frames

    def _seek(self, seconds: float) -> None:
        """Seek to a keyframe at or before `seconds`, and decode the frames there.

        A container without an index of keyframes (MPEG-TS) may seek too far: then a little earlier
        is tried, and at last the beginning. If nothing can be decoded even a little earlier, the
        file is cut off, and an earlier frame would be wrong.
        """
        for earlier in (0.0, SEEK_AGAIN_SECONDS, seconds + SEEK_AGAIN_SECONDS):
            try:
                self._container.seek(int((seconds - earlier + self._start) * MICROSECONDS))
            except FFmpegError:  # this container cannot be entered at that time
                self._shown = None
                continue
            self._frames = self._decoded()
            self._shown = next(self._frames, None)
            if self._shown is None and 0 < earlier < seconds:
                break
            if self._shown is not None and self.seconds_of(self._shown) <= seconds:
                break
        self._following = next(self._frames, None)

    def _decoded(self) -> Iterator[VideoFrame]:
        """Yield the frames from here on, skipping damaged packets, while the file can be read."""
        bad = 0
        rest = packets(self._container, self._stream)
        while bad < MAX_BAD_PACKETS:
            try:
                packet = next(rest, None)
                if packet is None:
                    return
                frames = packet.decode()
            except FFmpegError as error:
                self.problem = error
                bad += 1
                continue
            bad = 0
            yield from frames
