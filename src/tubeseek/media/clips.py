"""Reads clips of a fixed number of frames from video files."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tubeseek.core.types import Frames
from tubeseek.media.frames import frames_at


def read_clip(
    path: Path, start: float, end: float, frames: int, longest_side: int | None = None
) -> Frames:
    """Return what a video shows between two times.

    [start, end) is cut into equal parts, and the frame on screen in the middle of each is taken.
    If the video ends early, or is cut off, its last frame is repeated.

    Args:
        path: A video file.
        start: Seconds from its beginning.
        end: Seconds, not before `start`.
        frames: The number of frames.
        longest_side: Pixels needed on the longer side; larger frames are shrunk to between once and
            twice that size, as by `read_picture`.

    Returns:
        (frames, height, width, 3) RGB.

    Raises:
        MediaError: The file cannot be read as a video, or nothing between the times can.
        ValueError: The times, the number of frames or the size are out of range.
    """
    if not 0 <= start <= end or frames < 1:
        raise ValueError(f"need 0 <= start <= end and frames >= 1, got {start=} {end=} {frames=}")
    if longest_side is not None and longest_side < 1:
        raise ValueError(f"need longest_side >= 1, got {longest_side}")
    step = (end - start) / frames
    times = [start + (index + 0.5) * step for index in range(frames)]
    shown = [_shrunk(frame, longest_side) for _, frame in frames_at(path, times)]
    shown += [shown[-1]] * (frames - len(shown))
    return _stacked(shown)


def _shrunk(frame: NDArray[np.uint8], longest_side: int | None) -> NDArray[np.uint8]:
    factor = 1 if longest_side is None else max(frame.shape[:2]) // longest_side
    return frame if factor <= 1 else np.asarray(Image.fromarray(frame).reduce(factor))


def _stacked(pictures: Sequence[NDArray[np.uint8]]) -> Frames:
    """Stack pictures, resized to the first: recorded calls and broadcasts change their size."""
    height, width = pictures[0].shape[:2]
    return np.stack(
        [
            picture
            if picture.shape[:2] == (height, width)
            else np.asarray(Image.fromarray(picture).resize((width, height)))
            for picture in pictures
        ]
    )
