"""Turns what the indexes say of segments into a ranking of videos. Pure functions.

Every index says how much a segment speaks for being what the query means, as evidence in nats
(`evidence`); what they say of one video is added.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tubeseek.core.types import Hit


@dataclass(frozen=True, slots=True)
class Answer:
    """What one index answers: hits with their evidence as score, best first.

    Attributes:
        hits: Best first; their scores are nats, times the weight of the index.
        unseen: The evidence for what is not among them, likewise.
    """

    hits: Sequence[Hit]
    unseen: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A video that an index names.

    Attributes:
        video_id: Its id.
        score: Its evidence less what is needed, in nats.
        answers: What each index answers about it.
    """

    video_id: str
    score: float
    answers: tuple[Answer, ...]


def group_by_video(hits: Iterable[Hit]) -> dict[str, list[Hit]]:
    """Return the hits of each video. Videos, and hits within each, keep their order.

    >>> from tubeseek.core.types import Segment, SegmentKind
    >>> a, b = (Segment(v, SegmentKind.STILL) for v in "ab")
    >>> videos = group_by_video([Hit(a, 0.9), Hit(b, 0.8), Hit(a, 0.7)])
    >>> {video: [hit.score for hit in hits] for video, hits in videos.items()}
    {'a': [0.9, 0.7], 'b': [0.8]}
    """
    videos: dict[str, list[Hit]] = {}
    for hit in hits:
        videos.setdefault(hit.segment.video_id, []).append(hit)
    return videos


def fuse(answers: Sequence[Answer], needed: float) -> list[Candidate]:
    """Return all videos that an index names, those with most evidence first.

    A video has from each index the evidence of its best segment there.

    Args:
        answers: One of each index.
        needed: What a video needs to fit, in nats; scores are what is above it.
    """
    by_video = [group_by_video(answer.hits) for answer in answers]
    candidates = []
    for video_id in dict.fromkeys(video_id for videos in by_video for video_id in videos):
        own = tuple(
            Answer(videos.get(video_id, ()), answer.unseen)
            for videos, answer in zip(by_video, answers, strict=True)
        )
        evidence = sum(answer.hits[0].score if answer.hits else answer.unseen for answer in own)
        candidates.append(Candidate(video_id, evidence - needed, own))
    return sorted(candidates, key=lambda video: (-video.score, video.video_id))
