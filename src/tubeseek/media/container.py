"""Opens untrusted video files through PyAV.

Only a fixed list of demuxers is allowed (a text file is never taken for a playlist that leads
elsewhere), and only local files are opened. PyAV keeps libav's own messages off stderr; the reason
of a failure is in the exception, which is translated here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from av.video.stream import VideoStream
from numpy.typing import NDArray

from tubeseek.core.errors import MediaError

DEMUXERS = (
    "apng,asf,avi,dv,flv,gif,ivf,m4v,matroska,mov,mp4,mpeg,mpegts,mpegvideo,mxf,nut,ogg,rm,webm,wtv"
)
MAX_PIXELS = 1 << 26  # 8192 x 8192, about 200 MB as RGB
MAX_BAD_PACKETS = 100  # in a row; then the rest of the file counts as lost
PATIENCE_SECONDS = 30.0  # for opening and for each packet; a disk that sleeps wakes up in ten
MICROSECONDS = 1_000_000  # libav's unit for times of the container


@contextmanager
def opened(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Yield the container and its main video stream; translate PyAV's errors."""
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
    """Return the first video stream that is not the cover picture of an audio file."""
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


def packets(container: InputContainer, stream: VideoStream) -> "Iterator[Packet[VideoStream]]":
    try:
        yield from container.demux(stream)
    except IndexError:  # PyAV 18, at the end, when damage made a stream appear while reading
        return


def measured_duration(container: InputContainer, stream: VideoStream) -> float:
    """Return the seconds up to the end of the last packet, for files without a duration."""
    end = start = None
    for packet in packets(container, stream):
        if packet.pts is not None and packet.time_base is not None:
            start = packet.pts if start is None else min(start, packet.pts)
            end = max(end or 0, packet.pts + (packet.duration or 0))
    if start is None or end is None or stream.time_base is None:
        return 0.0
    return float((end - start) * stream.time_base)


def upright_rgb(frame: VideoFrame, longest_side: int | None = None) -> NDArray[np.uint8]:
    """Return the pixels as a player shows them, rotated by the container's display matrix.

    libav gives the angle counter-clockwise in degrees, as `np.rot90` counts quarter turns.

    Args:
        frame: The decoded frame.
        longest_side: Pixels; a larger frame is shrunk to it while it is converted to RGB.

    Returns:
        (height, width, 3) RGB.
    """
    scale = 1.0 if longest_side is None else min(1.0, longest_side / max(frame.width, frame.height))
    rgb = frame.reformat(
        width=max(1, round(frame.width * scale)),
        height=max(1, round(frame.height * scale)),
        format="rgb24",
        interpolation=Interpolation.AREA if scale < 1 else None,
        threads=1,
    )
    pixels = np.asarray(rgb.to_ndarray(), np.uint8)
    quarter_turns = round(frame.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(pixels, quarter_turns))
