"""Cuts a stretch out of a video file.

What lies between two times is copied as it is where the stretch begins at a keyframe and ends where
no later frame is needed; that is quick and loses nothing. Otherwise the pictures are encoded anew,
so that the first frame is the one that is on screen at the start. Sound is copied where the format
of the new file can hold it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from heapq import merge
from pathlib import Path
from typing import TypeAlias

import av
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from tubeseek.core.errors import InputError, MediaError
from tubeseek.core.files import replacing
from tubeseek.core.times import clock
from tubeseek.media.container import MICROSECONDS, measured_duration, opened, packets, upright_rgb
from tubeseek.media.frames import Cursor

FORMATS = {".mp4": "mp4", ".mov": "mov", ".mkv": "matroska"}  # libav's names by suffix
QUALITY = {"crf": "18", "preset": "veryfast"}  # of x264: hardly to be told from the original
AUDIO_RATE = 48_000  # of what is encoded anew
AnyPacket: TypeAlias = "Packet[VideoStream] | Packet[AudioStream]"
INDEX_FIRST = {"movflags": "+faststart"}  # MP4 and MOV: players on the web start at once


@dataclass(frozen=True, slots=True)
class Cut:
    """What was written.

    Attributes:
        start: Seconds of the original, as asked for.
        end: Seconds of the original; not after its end.
        copied: Whether the pictures were copied as they are rather than encoded anew.
    """

    path: Path
    start: float
    end: float
    copied: bool


def cut(video_file: Path, start: float, end: float, path: Path, *, overwrite: bool = False) -> Cut:
    """Write what a video shows between two times into a file of its own.

    Args:
        video_file: The original, which is only read.
        start: Seconds from its beginning.
        end: Seconds; what lies beyond the end of the video is left out.
        path: The new file, .mp4, .mov or .mkv, in a folder that exists.
        overwrite: Whether to replace a file that is there.

    Raises:
        InputError: The times, the name or the place of the new file are wrong.
        MediaError: The original cannot be read, or the new file cannot be written.
    """
    if not 0 <= start < end < float("inf"):
        raise InputError(f"a clip needs 0 <= START < END, got {start:g} and {end:g} seconds")
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"{path}: name a file that ends in {', '.join(FORMATS)}")
    if not video_file.is_file():
        raise InputError(f"{video_file} has gone; `tubeseek sync` notes what is no longer there")
    if not path.parent.is_dir():
        raise InputError(f"{path.parent} is no folder; make it first")
    if path.exists() and not overwrite:
        raise InputError(f"{path} exists; give another name or --overwrite")
    with opened(video_file) as (container, stream):
        duration = (container.duration or 0) / MICROSECONDS or measured_duration(container, stream)
    if start >= duration:
        raise InputError(f"{video_file} is {clock(duration)} long, so nothing begins at {start:g}")
    end = min(end, duration)
    with _writing(path), replacing(path) as unfinished:
        copied = _write(video_file, start, end, unfinished, FORMATS[path.suffix.lower()])
    return Cut(path, start, end, copied)


def _write(video_file: Path, start: float, end: float, path: Path, form: str) -> bool:
    """Write the clip; return whether the pictures were copied."""
    options = {} if form == "matroska" else INDEX_FIRST
    with (
        av.open(str(path), "w", format=form, options=options) as output,
        opened(video_file) as (container, stream),
        opened(video_file) as (for_audio, _),
    ):
        first = Cursor(container, stream).frame_at(start)
        if first is None:
            raise MediaError(f"{video_file}: nothing can be decoded at {clock(start)}")
        window = _Window.of(container, stream, start, end)
        copied = stream.codec_context.name in output.supported_codecs and _can_copy(
            container, stream, first, window
        )
        source = _copied_video if copied else _encoded_video
        streams: list[Iterator[AnyPacket]] = [source(container, stream, output, window, first)]
        if for_audio.streams.audio:
            streams.append(_audio(for_audio, for_audio.streams.audio[0], output, start, end))
        for packet in merge(*streams, key=_seconds_of):
            with _writing(path):
                output.mux(packet)
        with _writing(path):
            output.close()
    return copied


@dataclass(frozen=True, slots=True)
class _Window:
    """The stretch in ticks of one stream."""

    start: int
    end: int
    offset_seconds: float  # of the file's first second, as the container counts

    @classmethod
    def of(
        cls,
        container: InputContainer,
        stream: VideoStream | AudioStream,
        start: float,
        end: float,
    ) -> "_Window":
        offset = (container.start_time or 0) / MICROSECONDS
        tick = stream.time_base or Fraction(1, MICROSECONDS)
        return cls(round((start + offset) / tick), round((end + offset) / tick), offset)


def _can_copy(
    container: InputContainer, stream: VideoStream, first: VideoFrame, window: _Window
) -> bool:
    """Return whether the packets of the stretch can be decoded without those around it."""
    if not first.key_frame or first.pts is None or first.rotation % 360:
        return False
    passed_end = False
    for packet in _packets_from(container, stream, first.pts):
        if packet.pts is None or packet.dts is None:
            return False
        if packet.pts >= window.end:
            passed_end = True
        elif passed_end and packet.pts >= first.pts:
            return False  # this frame may be made from one after the end
        if packet.dts >= window.end:
            return True
    return True


def _packets_from(
    container: InputContainer, stream: VideoStream, pts: int
) -> "Iterator[Packet[VideoStream]]":
    """Yield the packets of a stream from the keyframe of this time on."""
    container.seek(pts, stream=stream)
    begun = False
    for packet in packets(container, stream):
        begun = begun or (packet.is_keyframe and packet.pts == pts)
        if begun and packet.size:
            yield packet


def _copied_video(
    container: InputContainer,
    stream: VideoStream,
    output: OutputContainer,
    window: _Window,
    first: VideoFrame,
) -> "Iterator[Packet[VideoStream]]":
    target = output.add_stream_from_template(stream)

    def copied() -> "Iterator[Packet[VideoStream]]":
        begin = first.pts or 0
        for packet in _packets_from(container, stream, begin):
            pts, dts = packet.pts or 0, packet.dts or 0
            if dts >= window.end:
                return
            if not begin <= pts < window.end:
                continue  # before the keyframe in time, or after the end
            shown = max(pts, window.start)
            if packet.duration:
                packet.duration = min(pts + packet.duration, window.end) - shown
            packet.pts, packet.dts = shown - window.start, dts - window.start
            packet.stream = target
            yield packet

    return copied()


def _encoded_video(
    container: InputContainer,
    stream: VideoStream,
    output: OutputContainer,
    window: _Window,
    first: VideoFrame,
) -> "Iterator[Packet[VideoStream]]":
    upright = upright_rgb(first)
    height, width = (side - side % 2 for side in upright.shape[:2])  # x264 needs even sides
    target = output.add_stream("libx264", rate=stream.average_rate or 25, options=QUALITY)
    target.width, target.height, target.pix_fmt = max(2, width), max(2, height), "yuv420p"
    tick = stream.time_base or Fraction(1, MICROSECONDS)
    target.codec_context.time_base = tick

    def encoded() -> "Iterator[Packet[VideoStream]]":
        lengths: dict[int, int] = {}  # ticks that each frame is shown, by its time
        previous = None
        for frame in Cursor(container, stream).frames_from(window.start * tick - offset):
            pts = frame.pts if frame.pts is not None else window.start
            if pts >= window.end:
                break
            shown = max(pts, window.start) - window.start
            if previous is not None:
                if shown <= previous:
                    continue
                lengths[previous] = shown - previous
            previous = shown
            lengths[shown] = window.end - window.start - shown
            picture = _upright(frame).reformat(target.width, target.height, "yuv420p")
            picture.pts, picture.time_base = shown, tick
            yield from timed(target.encode(picture), lengths)
        yield from timed(target.encode(None), lengths)

    def timed(
        encoded_packets: "list[Packet[VideoStream]]", lengths: dict[int, int]
    ) -> "Iterator[Packet[VideoStream]]":
        for packet in encoded_packets:
            packet.duration = lengths.pop(packet.pts or 0, packet.duration or 0)
            yield packet

    offset = window.offset_seconds
    return encoded()


def _upright(frame: VideoFrame) -> VideoFrame:
    """Return the frame as a player shows it."""
    if not frame.rotation % 360:
        return frame
    return VideoFrame.from_ndarray(upright_rgb(frame), format="rgb24")


def _audio(
    container: InputContainer,
    stream: AudioStream,
    output: OutputContainer,
    start: float,
    end: float,
) -> "Iterator[Packet[AudioStream]]":
    """Yield the sound of the stretch, copied where the new file can hold it as it is."""
    window = _Window.of(container, stream, start, end)
    container.seek(int((start + window.offset_seconds) * MICROSECONDS))
    if stream.codec_context.name in output.supported_codecs:
        return _copied_audio(container, stream, output, window)
    return _encoded_audio(container, stream, output, window)


def _copied_audio(
    container: InputContainer, stream: AudioStream, output: OutputContainer, window: _Window
) -> "Iterator[Packet[AudioStream]]":
    target = output.add_stream_from_template(stream)

    def copied() -> "Iterator[Packet[AudioStream]]":
        for packet in container.demux(stream):
            if not packet.size or packet.pts is None or packet.pts < window.start:
                continue
            if packet.pts >= window.end:
                return
            packet.pts -= window.start
            packet.dts = packet.pts
            packet.stream = target
            yield packet

    return copied()


def _encoded_audio(
    container: InputContainer, stream: AudioStream, output: OutputContainer, window: _Window
) -> "Iterator[Packet[AudioStream]]":
    layout = "mono" if stream.channels == 1 else "stereo"
    target = output.add_stream("aac", rate=AUDIO_RATE, layout=layout)
    resampler = AudioResampler(format="fltp", layout=layout, rate=AUDIO_RATE)

    def encoded() -> "Iterator[Packet[AudioStream]]":
        written = 0  # samples
        for frame in container.decode(stream):
            if frame.pts is None or frame.pts < window.start:
                continue
            if frame.pts >= window.end:
                break
            for part in resampler.resample(frame):
                part.pts, part.time_base = written, Fraction(1, AUDIO_RATE)
                written += part.samples
                yield from target.encode(part)
        yield from target.encode(None)

    return encoded()


def _seconds_of(packet: AnyPacket) -> float:
    ticks = packet.dts if packet.dts is not None else packet.pts
    return float((ticks or 0) * (packet.time_base or 0))


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Translate what goes wrong while a file is written."""
    try:
        yield
    except (FFmpegError, OSError) as error:
        raise MediaError(f"{path} cannot be written: {error.strerror or error}") from error
