"""From rankings of segments to a ranking of videos. Pure functions."""

from collections.abc import Iterable

from tubeseek.records import Hit


def group_by_video(hits: Iterable[Hit]) -> dict[str, list[Hit]]:
    """The hits of each video. Videos, and hits within each, keep their order: the best first.

    >>> from tubeseek.records import Segment, SegmentKind
    >>> a, b = (Segment(v, SegmentKind.STILL) for v in "ab")
    >>> found = group_by_video([Hit(a, 0.9), Hit(b, 0.8), Hit(a, 0.7)])
    >>> {video: [hit.score for hit in hits] for video, hits in found.items()}
    {'a': [0.9, 0.7], 'b': [0.8]}
    """
    videos: dict[str, list[Hit]] = {}
    for hit in hits:
        videos.setdefault(hit.segment.video_id, []).append(hit)
    return videos
