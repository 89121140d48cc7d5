"""Compares taking stills of a video file at its keyframes with decoding all of it.

    python benchmarks/decode.py                      # 10 minutes of 360p H.264, made up
    python benchmarks/decode.py --minutes 180        # how memory and time grow
    python benchmarks/decode.py --keyframes-every 250 # x264's own longest gap, 10 seconds
    python benchmarks/decode.py --file FILE

The video is 30 seconds of moving pictures with a cut every 3 seconds, repeated without encoding
again, so the file has as many packets, bytes and keyframes as a long video and is made in seconds.
Reports the processor time of each way, all on one thread, their ratio, the share of the playing
time, and the peak of memory.
"""

import argparse
import resource
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray
from PIL import Image

from tubeseek.media.frames import probe
from tubeseek.media.keyframes import keyframes
from tubeseek.media.stills import write_stills

WIDTH, HEIGHT, FRAMES_PER_SECOND = 640, 360, 25
PATTERN_SECONDS, SHOT_SECONDS = 30, 3
YOUTUBE_GAP = 125  # frames between keyframes: 5 seconds, as YouTube's H.264 has them
BITS_PER_SECOND = 600_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument(
        "--keyframes-every",
        type=int,
        default=YOUTUBE_GAP,
        help="frames from one keyframe to the next",
    )
    parser.add_argument("--file", type=Path, help="measure this file instead")
    parser.add_argument("--no-full", action="store_true", help="do not decode the whole file")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.file
        if path is None:
            path = Path(folder) / "long.mp4"
            pattern = make_pattern(Path(folder) / "pattern.mp4", arguments.keyframes_every)
            repeat(pattern, path, round(arguments.minutes * 60 / PATTERN_SECONDS))
        measure(path, Path(folder) / "media", with_full=not arguments.no_full)


def measure(path: Path, media: Path, *, with_full: bool) -> None:
    playing = probe(path).duration_seconds or 0.0
    print(f"{path.name}: {playing / 60:.1f} minutes, {path.stat().st_size / 1e6:.0f} MB")
    before = peak_megabytes()
    start = time.process_time()
    count = sum(1 for _ in keyframes(path))
    by_keyframes = time.process_time() - start
    report(f"keyframes, {count} frames", by_keyframes, playing)
    start = time.process_time()
    stills = write_stills(path, media)
    report(f"stills on disk, {len(stills)} files", time.process_time() - start, playing)
    size = sum(still.path.stat().st_size for still in stills)
    print(f"  {size / max(1, len(stills)) / 1e3:.1f} kB a still")
    print(f"  peak memory {peak_megabytes():.0f} MB, {peak_megabytes() - before:.0f} MB more")
    if with_full:
        full, frames = decode_all(path)
        report(f"decoding in full, {frames} frames", full, playing)
        print(f"  keyframes are {full / by_keyframes:.0f} times as fast")


def report(name: str, seconds: float, playing: float) -> None:
    share = seconds / playing if playing else float("nan")
    print(f"  {name}: {seconds:.2f} s, {share:.2%} of the playing time")


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux counts kilobytes


def decode_all(path: Path) -> tuple[float, int]:
    """Return seconds and frames of a plain loop on one thread, without making RGB of any frame."""
    start = time.process_time()
    with av.open(str(path)) as container:
        container.streams.video[0].codec_context.thread_count = 1
        frames = sum(1 for _ in container.decode(video=0))
    return time.process_time() - start, frames


def make_pattern(path: Path, keyframes_every: int) -> Path:
    """Make half a minute of video; each shot is a textured picture that moves."""
    options = {"preset": "veryfast", "b": str(BITS_PER_SECOND), "threads": "2"}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FRAMES_PER_SECOND, options=options)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.gop_size = keyframes_every
        stream.bit_rate = BITS_PER_SECOND
        for number in range(PATTERN_SECONDS // SHOT_SECONDS):
            wide = texture(number)
            for step in range(SHOT_SECONDS * FRAMES_PER_SECOND):
                pixels = np.ascontiguousarray(wide[:, 2 * step : 2 * step + WIDTH])
                frame = VideoFrame.from_ndarray(pixels, format="rgb24")
                container.mux(stream.encode(frame.reformat(format="yuv420p")))
        container.mux(stream.encode(None))
    return path


def texture(seed: int) -> NDArray[np.uint8]:
    """Return clouds, wide enough to move over: noise that grows with its scale, as in photos.

    Returns:
        (HEIGHT, more than WIDTH, 3) RGB.
    """
    random = np.random.default_rng(seed)
    width = WIDTH + 2 * SHOT_SECONDS * FRAMES_PER_SECOND
    picture = np.zeros((HEIGHT, width, 3), np.float32)
    for cell in (3, 6, 12, 24, 48, 96):  # pixels
        noise = random.integers(0, 256, (-(-HEIGHT // cell), -(-width // cell), 3), dtype=np.uint8)
        clouds = Image.fromarray(noise).resize((width, HEIGHT), Image.Resampling.BICUBIC)
        picture += np.asarray(clouds, np.float32) * cell
    low, high = picture.min(), picture.max()
    scaled: NDArray[np.uint8] = ((picture - low) / (high - low) * 255).astype(np.uint8)
    return scaled


def repeat(pattern: Path, path: Path, times: int) -> None:
    """Write the packets of a video again and again, each time later."""
    with av.open(str(pattern)) as source, av.open(str(path), "w") as target:
        old = source.streams.video[0]
        new = target.add_stream_from_template(old)
        packets = [(p.pts, p.dts, bytes(p), p.is_keyframe) for p in source.demux(old) if p.size]
        base = old.time_base or Fraction(1, 1)
        length = round(PATTERN_SECONDS / base)
        for turn in range(times):
            for pts, dts, data, is_keyframe in packets:
                packet = av.Packet(data)
                packet.stream, packet.time_base = new, base
                packet.pts = None if pts is None else pts + turn * length
                packet.dts = None if dts is None else dts + turn * length
                packet.is_keyframe = is_keyframe
                target.mux(packet)


if __name__ == "__main__":
    main()
