"""Pixels out of video files, through PyAV: the only module that knows it.

Files come from strangers: the demuxers are a fixed list (a text file is never taken for a playlist
that leads elsewhere), only local files are opened, and one decoded frame is held at a time.
PyAV keeps libav's own messages off stderr; what went wrong is in the exception.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from tubeseek.errors import MediaError

DEMUXERS = (
    "apng,asf,avi,dv,flv,gif,ivf,m4v,matroska,mov,mp4,mpeg,mpegts,mpegvideo,mxf,nut,ogg,rm,webm,wtv"
)
MAX_PIXELS = 1 << 26  # 8192 x 8192, about 200 MB as RGB
MAX_BAD_PACKETS = 100  # in a row; then the rest of the file is taken for lost
FORWARD_SECONDS = 2.0  # decoding on is cheaper than seeking for a wish so close ahead
SEEK_AGAIN_SECONDS = 10.0  # how much earlier to try where a container's index points too late
MEASURED_BYTES = 1 << 28  # files up to 256 MiB are read through where the container has no duration
PATIENCE_SECONDS = 30.0  # for opening and for each packet; a disk that sleeps wakes up in ten
MICROSECONDS = 1_000_000  # libav's unit for times of the container


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What the container says, without decoding anything."""

    duration_seconds: float | None
    width: int  # pixels as stored, before any rotation
    height: int
    frames_per_second: float | None
    codec: str  # libav's name, e.g. "h264"


def probe(path: Path) -> VideoFacts:
    """The facts of a video file, from its header; a long file is not read through.

    Raises:
        MediaError: It cannot be read, or has no video stream.
    """
    with _opened(path) as (container, stream):
        duration = (container.duration or 0) / MICROSECONDS
        if duration <= 0 and container.size <= MEASURED_BYTES:
            duration = _measured_duration(container, stream)
        return VideoFacts(
            duration if duration > 0 else None,
            stream.width,
            stream.height,
            float(stream.average_rate) if stream.average_rate else None,
            stream.codec_context.name,
        )


def frames_at(path: Path, seconds: Sequence[float]) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """The frames that are on screen at the given times, in the given order; ascending is fastest.

    Args:
        path: A video file.
        seconds: Times from the start. Behind the end, the last frame is meant.

    Yields:
        The time at which the frame begins, and the frame upright, (height, width, 3) RGB.
        Times of which nothing can be decoded (the file is cut off) are left out.

    Raises:
        MediaError: It cannot be read, has no video stream, or none of the frames can be decoded.
    """
    with _opened(path) as (container, stream):
        cursor = _Cursor(container, stream)
        found = False
        end = (container.duration or 0) / MICROSECONDS
        for wish in seconds:
            frame = cursor.frame_at(wish)
            if frame is None and wish > end > 0:
                frame = cursor.frame_at(end)
            if frame is not None:
                found = True
                yield cursor.seconds_of(frame), _upright_rgb(frame)
        if seconds and not found:
            reason = f" ({cursor.problem.strerror})" if cursor.problem else ""
            raise MediaError(
                f"{path}: no frame can be decoded{reason}; the file is damaged, get it again"
            ) from cursor.problem


class _Cursor:
    """A position in a video: the frame that is on screen, and the one that follows it."""

    def __init__(self, container: InputContainer, stream: VideoStream) -> None:
        self._container, self._stream = container, stream
        self._start = (container.start_time or 0) / MICROSECONDS
        self._frames: Iterator[VideoFrame] = iter(())
        self._shown: VideoFrame | None = None
        self._following: VideoFrame | None = None
        self.problem: FFmpegError | None = None  # why a packet was skipped, the latest

    def seconds_of(self, frame: VideoFrame) -> float:
        return max(0.0, (frame.time or 0.0) - self._start)

    def frame_at(self, seconds: float) -> VideoFrame | None:
        """The last frame that begins at or before `seconds`, else the first one there is."""
        shown = self._shown
        if shown is None or not 0 <= seconds - self.seconds_of(shown) <= FORWARD_SECONDS:
            self._seek(seconds)
        while self._following is not None and self.seconds_of(self._following) <= seconds:
            self._shown, self._following = self._following, next(self._frames, None)
        return self._shown

    def _seek(self, seconds: float) -> None:
        """Decodes the first frame of a place at or before `seconds`, if there is one.

        A container without an index of keyframes (MPEG-TS) may lead too far: then again a little
        earlier, and from the beginning at last. Where nothing can be decoded even a little earlier
        the file is cut off, and what lies before is no answer.
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
        """Frames from here on, over damaged packets; ends where the file can be read no further."""
        bad = 0
        packets = _packets(self._container, self._stream)
        while bad < MAX_BAD_PACKETS:
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                frames = packet.decode()
            except FFmpegError as error:
                self.problem = error
                bad += 1
                continue
            bad = 0
            yield from frames


@contextmanager
def _opened(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The container and its main video stream; the one place where PyAV's errors are translated."""
    try:
        with av.open(
            str(path.absolute()),  # absolute: "concat:a" would be a protocol
            container_options={"format_whitelist": DEMUXERS, "protocol_whitelist": "file"},
            metadata_errors="replace",
            timeout=PATIENCE_SECONDS,
        ) as container:
            stream = _main_stream(path, container)
            stream.thread_type = "SLICE"
            stream.codec_context.thread_count = 1  # work is spread over videos, not within one
            yield container, stream
    except FFmpegError as error:
        raise MediaError(
            f"{path}: cannot be read as a video ({error.strerror}); check that it is one and whole"
        ) from error


def _main_stream(path: Path, container: InputContainer) -> VideoStream:
    """The first video stream that is not the cover picture of an audio file."""
    streams = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not streams:
        raise MediaError(f"{path}: has no video stream; only videos can be searched")
    stream = streams[0]
    if stream.codec_context is None:
        raise MediaError(f"{path}: its codec is not supported; convert it to H.264 or VP9")
    if stream.width * stream.height > MAX_PIXELS:
        raise MediaError(
            f"{path}: frames of {stream.width} x {stream.height} pixels could exhaust the memory;"
            f" scale it below {MAX_PIXELS / 1e6:.0f} megapixels"
        )
    return stream


def _packets(container: InputContainer, stream: VideoStream) -> "Iterator[Packet[VideoStream]]":
    try:
        yield from container.demux(stream)
    except IndexError:  # PyAV 18, at the end, when damage made a stream appear while reading
        return


def _measured_duration(container: InputContainer, stream: VideoStream) -> float:
    """Seconds up to the end of the last packet; for files that were never finished."""
    end = start = None
    for packet in _packets(container, stream):
        if packet.pts is not None and packet.time_base is not None:
            start = packet.pts if start is None else min(start, packet.pts)
            end = max(end or 0, packet.pts + (packet.duration or 0))
    if start is None or end is None or stream.time_base is None:
        return 0.0
    return float((end - start) * stream.time_base)


def _upright_rgb(frame: VideoFrame) -> NDArray[np.uint8]:
    """The pixels as a player shows them: turned as the container's display matrix says.

    libav gives the angle counter-clockwise in degrees, as `np.rot90` counts quarter turns.
    """
    pixels = np.asarray(frame.reformat(format="rgb24", threads=1).to_ndarray(), np.uint8)
    quarter_turns = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(pixels, quarter_turns))
