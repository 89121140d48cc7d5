"""Where the clips of a video begin and end. Pure functions."""

from math import isfinite

CLIP_SECONDS = 10.0  # as in Kinetics, on which X-CLIP was trained
MOST_CLIPS = 360  # an hour without gaps; longer videos are sampled


def plan_clips(
    duration_seconds: float, clip_seconds: float = CLIP_SECONDS, most: int = MOST_CLIPS
) -> list[tuple[float, float]]:
    """Clips of about `clip_seconds` that together cover the video, or `most` spread over it.

    The video is cut into equal parts, so that no stump is left at its end. Where that would take
    more than `most`, there are `most` clips of `clip_seconds`, each in the middle of its part.

    Args:
        duration_seconds: Of the video; 0 has no clips.
        clip_seconds: Of one clip; a shorter video is one clip.
        most: Clips at most.

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
