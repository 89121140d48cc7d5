"""What a filter means: the one definition that every store is tested against. Pure functions."""

from tubeseek.core.types import Filter, Segment, Video


def matches(where: Filter, video: Video) -> bool:
    """Whether `video` passes every condition of `where` on videos.

    >>> short = Video("a", "", "Cat", channel="Pets", duration_seconds=30.0)
    >>> matches(Filter(channels=("Pets",), max_duration_seconds=60), short)
    True
    >>> matches(Filter(min_views=1), short)  # its views are not known
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


def matches_moment(where: Filter, segment: Segment) -> bool:
    """Whether a segment passes the conditions of `where` on moments: by where it begins.

    So each moment lies either before a second or from it on, and never both.

    >>> from tubeseek.records import SegmentKind
    >>> said = Segment("a", SegmentKind.PASSAGE, 80.0, 110.0, "caption")
    >>> [matches_moment(Filter(moments_from_seconds=s), said) for s in (80, 90)]
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
