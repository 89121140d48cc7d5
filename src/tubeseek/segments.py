"""Which segments of a video are embedded, and from which picture each. Pure functions."""

from collections.abc import Iterator
from pathlib import Path

from tubeseek.records import Media, Segment, SegmentKind


def plan_pictures(media: Media) -> Iterator[tuple[Segment, Path]]:
    """The thumbnail, which stands for the whole video, then each still at its second.

    >>> from tubeseek.records import Still, Video
    >>> media = Media(Video("a", "", ""), Path("t.jpg"), (Still(Path("s.jpg"), 12.5),))
    >>> [(str(segment.kind), segment.start, path.name) for segment, path in plan_pictures(media)]
    [('thumbnail', 0.0, 't.jpg'), ('still', 12.5, 's.jpg')]
    """
    yield Segment(media.video.id, SegmentKind.THUMBNAIL), media.thumbnail
    for still in media.stills:
        moment = Segment(media.video.id, SegmentKind.STILL, still.seconds, still.seconds)
        yield moment, still.path
