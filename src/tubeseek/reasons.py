"""Why a segment was found, in words. Pure functions."""

from tubeseek.records import Hit


def reason(hit: Hit) -> str:
    """Why a segment was found, in a few words.

    >>> from tubeseek.records import Segment, SegmentKind
    >>> reason(Hit(Segment("a", SegmentKind.STILL, 123.4, 123.4), 0.3))
    'frame at 2:03'
    >>> reason(Hit(Segment("a", SegmentKind.PASSAGE, 5, 35, "caption"), 7.1, "how to peel it"))
    'said: how to peel it'
    >>> reason(Hit(Segment("a", SegmentKind.STILL, 7, 7), 0.3, "how to peel it"))
    'frame at 0:07, while: how to peel it'
    """
    segment = hit.segment
    if segment.track == "caption":
        return f"said: {hit.text}"
    if segment.track:
        return segment.track if segment.track == "title" else f"{segment.track}: {hit.text}"
    if segment.kind == "thumbnail":
        return "thumbnail"
    minutes, second = divmod(int(segment.start), 60)
    hours, minute = divmod(minutes, 60)
    at = f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
    seen = f"{'frame' if segment.kind == 'still' else segment.kind} at {at}"
    return f"{seen}, while: {hit.text}" if hit.text else seen
