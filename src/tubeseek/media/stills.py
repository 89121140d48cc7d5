"""Writes the pictures of a video file: a thumbnail from early in it, and stills along it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tubeseek.core.files import write_atomically
from tubeseek.core.segment_plan import MOST_STILLS, STILL_SPACING_SECONDS
from tubeseek.core.types import Still
from tubeseek.media.frame_selection import Blankness, blankness
from tubeseek.media.frames import frames_at
from tubeseek.media.keyframes import keyframes
from tubeseek.media.pictures import encode_jpeg

THUMBNAIL_WIDTH = 1280  # pixels at most, as YouTube's largest
THUMBNAIL_QUALITY = 90  # JPEG
STILL_QUALITY = 80  # some 10 KB each
FIRST_LOOK_SECONDS = 1.0  # the first frames are often a fade from black
LONGEST_SEARCH_SECONDS = 64.0


def write_thumbnail(path: Path, folder: Path, duration_seconds: float | None) -> Path:
    """Write `thumbnail.jpg`: the first of several frames that is not blank.

    The frames are those at 1, 2, 4, ... seconds, within the first half of the video and about its
    first minute. If all are blank, the first of one colour is preferred to a black or white one.

    Raises:
        MediaError: The video cannot be read.
        OSError: The folder cannot be written.
    """
    frames = frames_at(path, list(_thumbnail_times(duration_seconds)))
    _, best = next(frames)
    least = blankness(best)
    while least > Blankness.NO and (following := next(frames, None)):
        how_blank = blankness(following[1])
        if how_blank < least:
            least, best = how_blank, following[1]
    picture = _narrowed(best, THUMBNAIL_WIDTH)
    return _write_jpeg(picture, folder / "thumbnail.jpg", THUMBNAIL_QUALITY)


def write_stills(
    path: Path,
    folder: Path,
    *,
    spacing_seconds: float = STILL_SPACING_SECONDS,
    most: int = MOST_STILLS,
) -> tuple[Still, ...]:
    """Write the frames of `keyframes` as `still-000012.50.jpg` and so on, named by their second.

    Stills of an earlier version of the video are removed once the new ones exist.

    Args:
        path: A video file.
        folder: Where the stills go.
        spacing_seconds: The least distance between stills.
        most: The largest number of stills, however long the video.

    Returns:
        The stills in order of time; empty for a video that is black or white throughout.

    Raises:
        MediaError: No frame can be decoded.
        OSError: The folder cannot be written.
    """
    frames = keyframes(path, min_spacing_seconds=spacing_seconds, most=most)
    stills = tuple(
        Still(_write_jpeg(frame, folder / f"still-{seconds:09.2f}.jpg", STILL_QUALITY), seconds)
        for seconds, frame in frames
    )
    current = {still.path for still in stills}
    for old in folder.glob("still-*.jpg"):
        if old not in current:
            old.unlink(missing_ok=True)
    return stills


def _thumbnail_times(duration_seconds: float | None) -> Iterator[float]:
    """Yield the seconds to try for a thumbnail: 1, 2, 4, ..., or the middle of a shorter video.

    >>> list(_thumbnail_times(10.0)), list(_thumbnail_times(1.0))
    ([1.0, 2.0, 4.0], [0.5])
    """
    half = LONGEST_SEARCH_SECONDS if duration_seconds is None else duration_seconds / 2
    seconds = min(FIRST_LOOK_SECONDS, half)
    while seconds <= min(half, LONGEST_SEARCH_SECONDS):
        yield seconds
        seconds = seconds * 2 or float("inf")


def _narrowed(frame: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    if frame.shape[1] <= width:
        return frame
    height = max(1, round(frame.shape[0] * width / frame.shape[1]))
    image = Image.fromarray(frame).resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(image)


def _write_jpeg(frame: NDArray[np.uint8], target: Path, quality: int) -> Path:
    """Write a picture atomically: a reader, or the run after a crash, never finds half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, encode_jpeg(frame, quality))
    return target
