"""What is written beside a passage, and what every store of passages asks of its arguments."""

from collections.abc import Mapping, Sequence

from tubeseek.records import Passage, Video
from tubeseek.stores.payload import SEGMENT_FIELDS, Payload, payload_of, segment_from

READ_FIELDS = [*SEGMENT_FIELDS, "text"]  # what a hit is made of


def passage_payload(passage: Passage, video: Video) -> Payload:
    """The segment with its track, its words, and what filters may ask of its video."""
    return payload_of(passage.segment, video) | {"text": passage.text}


def passage_from(payload: Payload) -> Passage:
    """The passage that `passage_payload` wrote."""
    return Passage(segment_from(payload), payload["text"])


def in_reading_order(passages: Sequence[Passage]) -> list[Passage]:
    """The passages of one video by time, those of one time by track."""
    return sorted(passages, key=lambda p: (p.segment.start, p.segment.end, p.segment.track))


def check_passages(passages: Sequence[Passage], payload: Mapping[str, Video]) -> None:
    """Raises ValueError if the video of a passage is missing."""
    missing = {p.segment.video_id for p in passages} - payload.keys()
    if missing:
        raise ValueError(f"payload lacks the videos {sorted(missing)[:5]}")
