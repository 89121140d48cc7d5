"""Reads frames along a video cheaply: its keyframes, and more only where these are too far apart.

A keyframe is decoded alone, so a minute of video costs the work of a few dozen frames instead of
thousands; and video encoders put one where a shot begins. The keyframe itself stands for what
follows it, because a later frame needs all frames in between decoded. If a shot fades in from
black, its keyframe shows nothing, and a later frame is taken.

The file is read once from beginning to end. Memory holds the compressed packets between two
keyframes, up to a bound, and one or two frames.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from pathlib import Path

import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from tubeseek.core.errors import MediaError
from tubeseek.core.segment_plan import (
    MOST_STILLS,
    STILL_SPACING_SECONDS,
    plan_still_times,
    still_spacing,
)
from tubeseek.media.container import (
    MAX_BAD_PACKETS,
    MICROSECONDS,
    measured_duration,
    opened,
    packets,
    upright_rgb,
)
from tubeseek.media.frame_selection import Blankness, alike, blankness, look_of

LONGEST_SIDE = 320  # pixels; encoders look at 224
# Decoding in full costs 20 to 100 times as much. YouTube has a keyframe at least every 5 seconds,
# x264 by default every 10: the former is enough for a long video; a short one is worth the work.
SHORT_VIDEO_SECONDS = 60.0
SHORT_GAP, LONG_GAP = 2.0, 3.0  # times the spacing; wider ones are filled
SLACK_SECONDS = 0.2  # added to the spacing: a frame is seldom at the exact time
SHORTEST_FADE_SECONDS = 0.25  # into a shot whose first frame is black
MAX_BUFFERED_PACKETS, MAX_BUFFERED_BYTES = 2000, 1 << 25
DEPENDENT = frozenset({"gif", "apng"})  # every packet but the first changes the one before


def keyframes(
    path: Path,
    *,
    min_spacing_seconds: float = STILL_SPACING_SECONDS,
    most: int = MOST_STILLS,
    longest_side: int = LONGEST_SIDE,
) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """Yield frames along a video, in order of time.

    Frames that are black or white all over, or that look like the one before, are left out.

    Args:
        path: A video file.
        min_spacing_seconds: The least distance between frames; it grows if the video is too long
            for `most` of them.
        most: The largest number of frames.
        longest_side: Pixels; larger frames are shrunk to it.

    Yields:
        The time at which the frame begins, in seconds, and the frame upright,
        (height, width, 3) RGB. Damaged parts of a file are left out.

    Raises:
        MediaError: The file cannot be read, has no video stream, or no frame can be decoded.
    """
    with opened(path) as (container, stream):
        duration = (container.duration or 0) / MICROSECONDS
        if duration <= 0:
            duration = measured_duration(container, stream)
            container.seek(container.start_time or 0)
        spacing = still_spacing(max(0.0, duration), spacing_seconds=min_spacing_seconds, most=most)
        gap = spacing * (SHORT_GAP if duration <= SHORT_VIDEO_SECONDS else LONG_GAP)
        reader = _Reader(container, stream, spacing, gap, longest_side)
        left = most
        for item in reader.frames():
            yield item
            left -= 1
            if left == 0:
                return
        if not reader.decoded:
            reason = f" ({reader.problem.strerror})" if reader.problem else ""
            raise MediaError(
                f"{path}: no frame can be decoded{reason}; the file is damaged, get it again"
            ) from reader.problem


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Packets from one keyframe up to the next, or a part of them if memory limits it."""

    packets: "list[Packet[VideoStream]]"
    start: float  # seconds, of the first packet
    end: float  # seconds, where the next packet starts
    is_first: bool  # whether it begins with the keyframe
    is_last: bool  # whether a keyframe follows, or the end


class _Reader:
    """Reads a video once, from keyframe to keyframe."""

    def __init__(
        self,
        container: InputContainer,
        stream: VideoStream,
        spacing: float,
        gap: float,
        longest_side: int,
    ) -> None:
        self._container, self._stream = container, stream
        self._start = (container.start_time or 0) / MICROSECONDS
        self._tick = float(stream.time_base or 0)  # seconds; a Fraction would take most of the time
        self._spacing, self._gap, self._longest_side = spacing, gap, longest_side
        self._taken = -inf  # seconds: start of the latest frame that was not blank
        self._look: NDArray[np.float32] | None = None  # of the latest frame that was yielded
        self._bad = 0  # damaged packets in a row
        self.decoded = False
        self.problem: FFmpegError | None = None  # why the latest packet was skipped

    def frames(self) -> Iterator[tuple[float, NDArray[np.uint8]]]:
        for stretch in self._stretches():
            yield from self._frames_of(stretch)
            if self._bad >= MAX_BAD_PACKETS:
                return

    def _stretches(self) -> Iterator[_Stretch]:
        packets: list[Packet[VideoStream]] = []
        size, start, end, is_first = 0, 0.0, 0.0, True
        for packet in self._packets():
            seconds = self._seconds(packet, end)
            is_key = packet.is_keyframe and self._stream.codec_context.name not in DEPENDENT
            is_full = size >= MAX_BUFFERED_BYTES or len(packets) >= MAX_BUFFERED_PACKETS
            if packets and (is_key or is_full):
                yield _Stretch(packets, start, max(start, seconds), is_first, is_key)
                packets, size, is_first = [], 0, is_key
            if not packets:
                start = seconds
            packets.append(packet)
            size += packet.size
            end = max(start, end, seconds + (packet.duration or 0) * self._tick)
        if packets:
            yield _Stretch(packets, start, end, is_first, is_last=True)

    def _packets(self) -> "Iterator[Packet[VideoStream]]":
        """Yield the packets with content, as far as the file can be read."""
        try:
            yield from (p for p in packets(self._container, self._stream) if p.size)
        except FFmpegError as error:
            self.problem = error

    def _seconds(self, item: "Packet[VideoStream] | VideoFrame", unknown: float) -> float:
        ticks = item.pts if item.pts is not None else item.dts
        return unknown if ticks is None else max(0.0, ticks * self._tick - self._start)

    def _frames_of(self, stretch: _Stretch) -> Iterator[tuple[float, NDArray[np.uint8]]]:
        wants_key = stretch.is_first and stretch.start >= self._taken + self._spacing
        fills = self._fills(stretch, stretch.start if wants_key else max(0.0, self._taken))
        alone = stretch.is_first and stretch.is_last and not fills
        if alone and not wants_key:
            return
        before = self._taken
        times = [stretch.start, *fills] if wants_key else fills
        yield from self._frames_at(stretch, times, is_alone=alone)
        if alone and self._taken == before:  # the keyframe is blank or damaged
            room = stretch.end - self._spacing - stretch.start
            further = min(self._spacing, room / 2)
            if further >= SHORTEST_FADE_SECONDS:
                yield from self._frames_at(stretch, [stretch.start + further], is_alone=False)

    def _fills(self, stretch: _Stretch, since: float) -> list[float]:
        """Return the times after `since` that leave no gap up to the end of the stretch."""
        gap = stretch.end - since
        if gap <= 0 or (stretch.is_first and stretch.is_last and gap < self._gap):
            return []
        times = plan_still_times(gap, spacing_seconds=self._spacing + SLACK_SECONDS)
        return [since + time for time in times[1:]]

    def _frames_at(
        self, stretch: _Stretch, times: list[float], *, is_alone: bool
    ) -> Iterator[tuple[float, NDArray[np.uint8]]]:
        """Yield the first frame at or after each time that is far enough from its neighbours.

        Args:
            stretch: The packets to decode.
            times: Ascending seconds.
            is_alone: Whether only the keyframe is needed.
        """
        latest = max(stretch.start, stretch.end - self._spacing)
        remaining = iter(times)
        time = next(remaining, None)
        for frame in self._decoded(stretch, is_alone):
            if time is None:
                if stretch.is_last:
                    return
                continue  # the next part of the stretch builds on these
            seconds = self._seconds(frame, stretch.start)
            if seconds < max(time, self._taken + self._spacing) or seconds > latest:
                continue
            while time is not None and time <= seconds:
                time = next(remaining, None)
            pixels = upright_rgb(frame, self._longest_side)
            if blankness(pixels) is Blankness.BLACK_OR_WHITE:
                continue
            self._taken = seconds
            look = look_of(pixels)
            if self._look is None or not alike(look, self._look):
                self._look = look
                yield seconds, pixels

    def _decoded(self, stretch: _Stretch, is_alone: bool) -> Iterator[VideoFrame]:
        """Yield the frames of a stretch that others depend on, skipping damaged packets."""
        context = self._stream.codec_context
        if stretch.is_first and context.is_open:
            context.flush_buffers()
        context.skip_frame = "DEFAULT" if is_alone else "NONREF"
        packets = stretch.packets[:1] if is_alone else stretch.packets
        flush = [None] if stretch.is_last else []  # None makes the decoder return delayed frames
        for packet in (*packets, *flush):
            try:
                frames = self._stream.decode(packet)
            except FFmpegError as error:
                self.problem = error
                self._bad += packet is not None
                if self._bad >= MAX_BAD_PACKETS:
                    return
                continue
            if frames:
                self._bad, self.decoded = 0, True
            yield from frames
