"""Makes small real videos, so that tests know what is in them."""

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

RED, GREEN, BLUE = (220, 30, 30), (30, 200, 30), (30, 30, 220)
BLACK, WHITE, GREY = (0, 0, 0), (255, 255, 255), (128, 128, 128)

Colour = tuple[int, int, int]

# ISO/IEC 14496-12, 6.2.2 and 8.3.2: (x', y') = (a x + c y, b x + d y) with y downwards.
MATRICES = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


def make_video(
    path: Path,
    pictures: Sequence[Colour | NDArray[np.uint8]],
    seconds_each: float = 1.0,
    size: tuple[int, int] = (160, 96),
    fps: int = 10,
    codec: str = "libx264",
    keyframe_every: int = 250,
    options: dict[str, str] | None = None,
) -> Path:
    """Writes a video that shows each picture for a while.

    Args:
        path: Where; the suffix chooses the container (.mp4, .mkv, .webm with codec="libvpx", ...).
        pictures: Colours that fill the frame, or arrays (height, width, 3) of the given size.
        seconds_each: How long each is shown.
        size: (width, height), both even.
        fps: Frames per second.
        codec: libav's name of the encoder.
        keyframe_every: Frames between keyframes; x264 also sets one at each cut.
        options: What the container's writer is told.
    """
    width, height = size
    with av.open(str(path), "w", container_options=options or {}) as container:
        stream = container.add_stream(codec, rate=fps)
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuv420p" if codec != "gif" else "rgb8"
        stream.gop_size = keyframe_every
        stream.thread_count = 1
        for picture in pictures:
            pixels = np.broadcast_to(np.asarray(picture, np.uint8), (height, width, 3))
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels))
            for _ in range(round(seconds_each * fps)):
                container.mux(stream.encode(frame.reformat(format=stream.pix_fmt)))
        container.mux(stream.encode(None))
    return path


def make_timed_video(path: Path, pictures: Sequence[tuple[float, Colour]]) -> Path:
    """Writes a video of variable frame rate: each (seconds, colour) is one frame of 160 x 96."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=1000)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        stream.thread_count = 1
        for seconds, colour in pictures:
            pixels = np.broadcast_to(np.asarray(colour, np.uint8), (96, 160, 3))
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels)).reformat(
                format="yuv420p"
            )
            frame.pts, frame.time_base = round(seconds * 1000), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def turn(path: Path, clockwise: int) -> Path:
    """Notes in an MP4 that a player shall turn it by 0, 90, 180 or 270 degrees, as phones do."""
    data = bytearray(path.read_bytes())
    matrix = data.index(b"tkhd") + 44  # behind type, flags, times, ids, layer, volume
    for place, value in zip((0, 4, 12, 16), MATRICES[clockwise], strict=True):
        struct.pack_into(">i", data, matrix + place, value * 65536)
    path.write_bytes(data)
    return path


def make_audio(path: Path, seconds: float = 1.0) -> Path:
    """Writes a tone without any picture."""
    rate = 48_000
    tone = np.sin(np.arange(round(seconds * rate)) * 2 * np.pi * 440 / rate).astype(np.float32)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac" if path.suffix != ".webm" else "libopus", rate=rate)
        for start in range(0, len(tone), 960):
            block = np.zeros((1, 960), np.float32)
            block[0, : len(tone[start : start + 960])] = tone[start : start + 960]
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            frame.sample_rate = rate
            frame.pts = start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def painted(size: tuple[int, int], seed: int = 0) -> NDArray[np.uint8]:
    """A picture with detail: coloured blocks of 16 pixels, the same for the same seed."""
    width, height = size
    blocks = np.random.default_rng(seed).integers(
        0, 255, (-(-height // 16), -(-width // 16), 3), dtype=np.uint8
    )
    return np.repeat(np.repeat(blocks, 16, 0), 16, 1)[:height, :width]
