"""Turns the scores of segments into a ranking of videos with their moments. Pure functions.

Every index says how much a segment speaks for being what the query means, as evidence in nats
(`evidence`); what they say of one video, and of one moment, is added.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tubeseek.core.types import Hit

MAX_MOMENTS = 5  # of a video in an answer
# Two moments of one video closer than this are one moment to who watches it.
SAME_MOMENT_SECONDS = 2.0
# The most hits of one index in one video that moments are made of: each is compared with each.
MAX_TIMED_HITS = 100


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


@dataclass(frozen=True, slots=True)
class FusedVideo:
    """A video with its evidence less what is needed, in nats; `moments` and `whole` likewise."""

    video_id: str
    score: float
    moments: tuple[Hit, ...]  # those that have a time in the video, best first
    whole: tuple[Hit, ...]  # those that stand for all of it: thumbnail, title, description


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


def with_moments(candidate: Candidate, needed: float, most: int) -> FusedVideo:
    """Return a video with its moments: those that fit, or else the best alone.

    A moment has from each index the evidence of the best hit at that time. So a frame in a chapter
    that both match is worth more than either, and carries its words. Of two that are worth the same
    the shorter one says more precisely where to look.

    Args:
        candidate: As `fuse` gives it.
        needed: What a moment needs to fit, in nats.
        most: The most moments to return.
    """
    answers = candidate.answers
    whole = [hit for answer in answers for hit in answer.hits if not hit.segment.has_time]
    whole.sort(key=lambda hit: -hit.score)
    timed = [
        Answer([hit for hit in answer.hits if hit.segment.has_time][:MAX_TIMED_HITS], answer.unseen)
        for answer in answers
    ]
    moments = [_moment(hit, timed, needed) for answer in timed for hit in answer.hits]
    moments.sort(key=lambda hit: (-hit.score, hit.segment.end - hit.segment.start))
    moments = distinct_moments(moments)
    moments = [hit for hit in moments if hit.score >= 0] or moments[:1]
    return FusedVideo(candidate.video_id, candidate.score, tuple(moments[:most]), tuple(whole))


def _moment(hit: Hit, timed: Sequence[Answer], needed: float) -> Hit:
    """Return a hit with what all indexes say of its time."""
    score, text = -needed, hit.text
    for answer in timed:
        best = _best_at(hit, answer.hits)
        score += answer.unseen if best is None else best.score
        text = text or ("" if best is None else best.text)
    return replace(hit, score=score, text=text)


def distinct_moments(hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits without those that overlap, or nearly touch, a better one.

    >>> from tubeseek.core.types import Segment, SegmentKind
    >>> stills = [Segment("a", SegmentKind.STILL, at, at) for at in (10.0, 11.0, 30.0)]
    >>> [h.segment.start for h in distinct_moments([Hit(s, 0.5) for s in stills])]
    [10.0, 30.0]
    """
    kept: list[Hit] = []
    for hit in hits:
        if not any(_overlap(hit, other, SAME_MOMENT_SECONDS) for other in kept):
            kept.append(hit)
    return kept


def _best_at(hit: Hit, hits: Iterable[Hit]) -> Hit | None:
    """Return the first of some hits, best first, that shares a time with this one."""
    return next((other for other in hits if _overlap(hit, other, 0.0)), None)


def _overlap(a: Hit, b: Hit, tolerance_seconds: float) -> bool:
    """Return whether [a) and [b) share a time, or lie closer than the tolerance."""
    first, second = a.segment, b.segment
    if first.start > second.start:
        first, second = second, first
    if first.start == second.start:
        return True
    return second.start < first.end + tolerance_seconds
