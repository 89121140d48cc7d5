"""Pictures that stand for a video file: a thumbnail from early in it, and stills along it."""

from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tubeseek.media.frames import frames_at
from tubeseek.records import Still

THUMBNAIL_WIDTH = 1280  # pixels at most, as YouTube's largest
STILL_WIDTH = 640
STILLS_AT = (0.25, 0.5, 0.75)  # of the duration, where YouTube takes its own
JPEG_QUALITY = 90
FIRST_LOOK_SECONDS = 1.0  # the first frames are often a fade from black
LONGEST_SEARCH_SECONDS = 64.0
# Luma runs from 0 to 255. A night scene has bright spots and a white page has print on it, so what
# counts is the brightest and the darkest fiftieth of the pixels, not the mean.
DARK_BELOW = 40.0  # black: 98 % of the pixels are darker
LIGHT_ABOVE = 215.0  # white: 98 % of the pixels are lighter
FLAT_BELOW = 6.0  # one colour: standard deviation of each channel; compression leaves less than 3
BT601_LUMA = (0.299, 0.587, 0.114)  # Rec. ITU-R BT.601


class _Blank(IntEnum):
    """How little a frame shows; less is better."""

    NO = 0
    ONE_COLOUR = 1
    BLACK_OR_WHITE = 2


def write_thumbnail(path: Path, folder: Path, duration_seconds: float | None) -> Path:
    """Writes `thumbnail.jpg`: the first frame looked at that is not blank.

    The looks are after 1, 2, 4, ... seconds, within the first half of the video and about its first
    minute. Where every frame is blank, the first of one colour is taken rather than a black or
    white one.

    Raises:
        MediaError: The video cannot be read.
        OSError: The folder cannot be written.
    """
    frames = frames_at(path, list(_looks(duration_seconds)))
    _, best = next(frames)
    least = _blankness(best)
    while least > _Blank.NO and (following := next(frames, None)):
        blankness = _blankness(following[1])
        if blankness < least:
            least, best = blankness, following[1]
    return _write_jpeg(best, folder / "thumbnail.jpg", THUMBNAIL_WIDTH)


def write_stills(path: Path, folder: Path, duration_seconds: float | None) -> tuple[Still, ...]:
    """Writes `still-1.jpg` and so on: the frames at a quarter, a half and three quarters.

    Those that cannot be decoded are left out, and so is one that shows the same frame as the one
    before it. Without a duration there are none.

    Raises:
        MediaError: None can be decoded.
        OSError: The folder cannot be written.
    """
    if duration_seconds is None:
        return ()
    stills: list[Still] = []
    wishes = [part * duration_seconds for part in STILLS_AT]
    for seconds, frame in frames_at(path, wishes):
        if stills and seconds <= stills[-1].seconds:
            continue
        target = folder / f"still-{len(stills) + 1}.jpg"
        stills.append(Still(_write_jpeg(frame, target, STILL_WIDTH), seconds))
    return tuple(stills)


def _looks(duration_seconds: float | None) -> Iterator[float]:
    """When to look for a thumbnail: 1, 2, 4, ... seconds, or the middle of a shorter video.

    >>> list(_looks(10.0)), list(_looks(1.0))
    ([1.0, 2.0, 4.0], [0.5])
    """
    half = LONGEST_SEARCH_SECONDS if duration_seconds is None else duration_seconds / 2
    seconds = min(FIRST_LOOK_SECONDS, half)
    while seconds <= min(half, LONGEST_SEARCH_SECONDS):
        yield seconds
        seconds = seconds * 2 or float("inf")


def _blankness(frame: NDArray[np.uint8]) -> _Blank:
    step = max(1, min(frame.shape[:2]) // 64)  # some 64 rows are enough to tell
    pixels = frame[::step, ::step].reshape(-1, 3).astype(np.float32)
    luma = pixels @ np.array(BT601_LUMA, np.float32)
    dark, light = np.percentile(luma, (2, 98))
    if light < DARK_BELOW or dark > LIGHT_ABOVE:
        return _Blank.BLACK_OR_WHITE
    return _Blank.ONE_COLOUR if pixels.std(axis=0).max() < FLAT_BELOW else _Blank.NO


def _write_jpeg(frame: NDArray[np.uint8], target: Path, width: int) -> Path:
    """Whole or not at all: a reader, or the run after a crash, never finds half a picture."""
    image = Image.fromarray(frame)
    if image.width > width:
        height = max(1, round(image.height * width / image.width))
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    image.save(partial, "JPEG", quality=JPEG_QUALITY)
    return partial.replace(target)
