"""Defines what a filter means; every store is tested against these functions.

`Filter` is what the stores take. What people and programs send is `tubeseek.core.schemas.Where`,
and `Where.to_filter` turns one into the other.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the schemas import this module, and they start without numpy
    from tubeseek.core.types import Segment, Video


@dataclass(frozen=True, slots=True)
class Filter:
    """The conditions that a hit must meet, all of them; an empty field sets no condition.

    A video whose source did not give a field fails every condition on that field. The last two
    conditions are about where in the video a segment begins; a segment without a time fails them.
    """

    video_ids: tuple[str, ...] | None = None  # None: no condition; (): no video passes
    not_video_ids: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()  # any of these, by exact name or channel id
    categories: tuple[str, ...] = ()  # any of these
    after: date | None = None  # published on or after
    before: date | None = None  # published before
    min_duration_seconds: float | None = None
    max_duration_seconds: float | None = None
    min_views: int | None = None
    moments_from_seconds: float | None = None
    moments_until_seconds: float | None = None  # exclusive


def matches(where: Filter, video: "Video") -> bool:
    """Return whether a video meets every condition of `where` on videos.

    >>> from tubeseek.core.types import Video
    >>> short = Video("a", "", "Cat", channel="Pets", duration_seconds=30.0)
    >>> matches(Filter(channels=("Pets",), max_duration_seconds=60), short)
    True
    >>> matches(Filter(min_views=1), short)  # its number of views is not known
    False
    """
    if where.video_ids is not None and video.id not in where.video_ids:
        return False
    if video.id in where.not_video_ids:
        return False
    if where.channels and not ({video.channel, video.channel_id} - {""}) & set(where.channels):
        return False
    if where.categories and not (video.category and video.category in where.categories):
        return False
    if where.after and not (video.published and video.published >= where.after):
        return False
    if where.before and not (video.published and video.published < where.before):
        return False
    duration, views = video.duration_seconds, video.views
    low, high = where.min_duration_seconds, where.max_duration_seconds
    if low is not None and not (duration is not None and duration >= low):
        return False
    if high is not None and not (duration is not None and duration <= high):
        return False
    return where.min_views is None or (views is not None and views >= where.min_views)


def matches_moment(where: Filter, segment: "Segment") -> bool:
    """Return whether a segment meets the conditions of `where` on moments.

    Only the second at which the segment begins counts, so that each moment lies either before a
    given second or from it on, never both.

    >>> from tubeseek.core.types import Segment, SegmentKind
    >>> caption = Segment("a", SegmentKind.PASSAGE, 80.0, 110.0, "caption")
    >>> [matches_moment(Filter(moments_from_seconds=s), caption) for s in (80, 90)]
    [True, False]
    >>> matches_moment(Filter(moments_from_seconds=0), Segment("a", SegmentKind.THUMBNAIL))
    False
    """
    low, high = where.moments_from_seconds, where.moments_until_seconds
    if low is None and high is None:
        return True
    if not segment.has_time or (low is not None and segment.start < low):
        return False
    return high is None or segment.start < high
