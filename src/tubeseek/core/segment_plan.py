"""Plans the segments of a video: stills, pictures and clips. Pure functions."""

from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path

from tubeseek.core.types import Media, Segment, SegmentKind, Still

ROUNDED_SECONDS = 0.5  # by people who note where something begins
STILL_SPACING_SECONDS = 2.0  # shots are seldom shorter
MOST_STILLS = 240  # of one video; reached at 8 minutes; 10 hours have one every 150 s


def still_spacing(
    duration_seconds: float,
    *,
    spacing_seconds: float = STILL_SPACING_SECONDS,
    most: int = MOST_STILLS,
) -> float:
    """Return the seconds between two stills, such that a long video has at most `most` stills.

    >>> still_spacing(60.0), still_spacing(36_000.0)
    (2.0, 150.0)

    Raises:
        ValueError: An argument is out of range.
    """
    if not (duration_seconds >= 0 and isfinite(duration_seconds)):
        raise ValueError(f"need a finite duration of at least 0, got {duration_seconds=}")
    if not (spacing_seconds > 0 and isfinite(spacing_seconds)) or most < 1:
        raise ValueError(f"need spacing_seconds > 0 and most >= 1, got {spacing_seconds=} {most=}")
    return max(spacing_seconds, duration_seconds / most)


def plan_still_times(
    duration_seconds: float,
    *,
    spacing_seconds: float = STILL_SPACING_SECONDS,
    most: int = MOST_STILLS,
) -> tuple[float, ...]:
    """Return the times of stills: the starts of equal parts, each still standing for its part.

    Args:
        duration_seconds: The length of the video, or of a stretch of it.
        spacing_seconds: The smallest length of a part.
        most: The highest number of parts, however long the video.

    Returns:
        Ascending seconds from 0, less than the duration; (0.0,) for a video without a length.

    >>> plan_still_times(9.0)
    (0.0, 2.25, 4.5, 6.75)

    Raises:
        ValueError: An argument is out of range.
    """
    spacing = still_spacing(duration_seconds, spacing_seconds=spacing_seconds, most=most)
    parts = min(most, max(1, int(duration_seconds / spacing)))
    return tuple(duration_seconds * part / parts for part in range(parts))


def plan_pictures(media: Media) -> Iterator[tuple[Segment, Path]]:
    """Yield the thumbnail, which stands for the whole video, then each still at its second.

    >>> from tubeseek.core.types import Still, Video
    >>> media = Media(Video("a", "", ""), Path("t.jpg"), (Still(Path("s.jpg"), 12.5),))
    >>> [(str(segment.kind), segment.start, path.name) for segment, path in plan_pictures(media)]
    [('thumbnail', 0.0, 't.jpg'), ('still', 12.5, 's.jpg')]
    """
    yield Segment(media.video.id, SegmentKind.THUMBNAIL), media.thumbnail
    for still in media.stills:
        moment = Segment(media.video.id, SegmentKind.STILL, still.seconds, still.seconds)
        yield moment, still.path


def still_at(stills: Sequence[Still], seconds: float) -> Still:
    """Return the still that stands for a second: the last one until then, or else the first.

    One that begins right after is taken too: chapters are noted in whole seconds.

    >>> stills = [Still(Path(f"{at}.jpg"), at) for at in (1.0, 4.0, 8.0)]
    >>> [still_at(stills, at).seconds for at in (0.0, 3.0, 3.9, 7.0, 99.0)]
    [1.0, 1.0, 4.0, 4.0, 8.0]
    """
    until = [still for still in stills if still.seconds <= seconds + ROUNDED_SECONDS]
    return max(until, default=stills[0], key=lambda still: still.seconds)


CLIP_SECONDS = 10.0  # as in Kinetics, on which X-CLIP was trained
MOST_CLIPS = 360  # an hour without gaps; longer videos are sampled


def plan_clips(
    duration_seconds: float, clip_seconds: float = CLIP_SECONDS, most: int = MOST_CLIPS
) -> list[tuple[float, float]]:
    """Return clips of about `clip_seconds` that cover the video, or `most` spread over it.

    The video is cut into equal parts, so that no short rest is left at its end. If that takes more
    than `most`, there are `most` clips of `clip_seconds`, each in the middle of its part.

    Args:
        duration_seconds: The length of the video; one of 0 has no clips.
        clip_seconds: The length of one clip; a shorter video is one clip.
        most: The highest number of clips.

    Returns:
        (start, end) in seconds, ascending, without overlap, within [0, duration_seconds].

    Raises:
        ValueError: A number is negative, not finite, or too small for any clip.

    >>> plan_clips(24.0, 10.0)
    [(0.0, 12.0), (12.0, 24.0)]
    >>> plan_clips(100.0, 10.0, most=2)
    [(20.0, 30.0), (70.0, 80.0)]
    """
    if not (isfinite(duration_seconds) and duration_seconds >= 0):
        raise ValueError(f"need a duration of at least 0 seconds, got {duration_seconds}")
    if not (isfinite(clip_seconds) and clip_seconds > 0 and most >= 1):
        raise ValueError(f"need clip_seconds > 0 and most >= 1, got {clip_seconds=} {most=}")
    if duration_seconds == 0:
        return []
    covering = max(1, round(duration_seconds / clip_seconds))
    count = min(covering, most)
    part = duration_seconds / count
    margin = (part - clip_seconds) / 2 if covering > most else 0.0
    starts = [index * part for index in range(count)]
    ends = [*starts[1:], duration_seconds]
    return [(start + margin, end - margin) for start, end in zip(starts, ends, strict=True)]
