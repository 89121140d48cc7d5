"""Chooses the moments of a found video, and the stretch of time that each covers. Pure functions.

A frame stands for its shot, a passage for the time of its words. What lies in one stretch is one
moment, whichever index found it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tubeseek.core.passages import CAPTION
from tubeseek.core.times import seek_after
from tubeseek.core.types import Hit, MomentHit, Segment, SegmentKind
from tubeseek.search.fusion import Answer, Candidate
from tubeseek.search.shots import Shot, shot_at

MAX_MOMENTS = 5  # of a video in an answer
# Two moments of one video that begin closer than this are one moment to who watches it.
SAME_MOMENT_SECONDS = 2.0
# The most hits of one index in one video that moments are made of: each is compared with each.
MAX_TIMED_HITS = 100
SHORTEST_SECONDS = 1.0  # of a stretch whose end is not known, or is at its start


@dataclass(frozen=True, slots=True)
class FusedVideo:
    """A video with its evidence less what is needed, in nats; `moments` and `whole` likewise."""

    video_id: str
    score: float
    moments: tuple[MomentHit, ...]  # those that have a time in the video, best first
    whole: tuple[Hit, ...]  # those that stand for all of it: thumbnail, title, description


@dataclass(frozen=True, slots=True)
class _TimedHit:
    """A hit with what all indexes say of its time.

    Attributes:
        hit: With that as its score, and the words that belong to it.
        passage: The passage that these words come from; None for none.
        led_by_words: Whether a frame that would not fit alone is there because of what is said.
    """

    hit: Hit
    passage: Segment | None
    led_by_words: bool


def with_moments(
    candidate: Candidate, needed: float, most: int, shots: Sequence[Shot] = ()
) -> FusedVideo:
    """Return a video with its moments: those that fit, or else the best alone.

    A moment has from each index the evidence of the best hit at that time. So a frame in a chapter
    that both match is worth more than either, and carries its words. Of two that are worth the same
    the shorter one says more precisely where to look, unless it is a frame that does not fit by
    itself, in a spoken passage that does: then the words are the moment.

    Args:
        candidate: As `fuse` gives it.
        needed: What a moment needs to fit, in nats.
        most: The most moments to return.
        shots: Of the video, in order of time; a frame outside of them stands for a second.
    """
    answers = candidate.answers
    whole = [hit for answer in answers for hit in answer.hits if not hit.segment.has_time]
    whole.sort(key=lambda hit: -hit.score)
    timed = [
        Answer([hit for hit in answer.hits if hit.segment.has_time][:MAX_TIMED_HITS], answer.unseen)
        for answer in answers
    ]
    hits = [
        _timed_hit(hit, answer.unseen, timed, needed) for answer in timed for hit in answer.hits
    ]
    hits.sort(key=lambda h: (-h.hit.score, h.led_by_words, _length(h.hit.segment)))
    moments = distinct_moments(_moment(hit, shots) for hit in hits)
    moments = [moment for moment in moments if moment.hit.score >= 0] or moments[:1]
    return FusedVideo(candidate.video_id, candidate.score, tuple(moments[:most]), tuple(whole))


def begun_at(moment: MomentHit, start: float) -> MomentHit:
    """Return a moment that begins, and plays from, a later second of it."""
    seek = seek_after(start)
    return moment if seek >= moment.end else replace(moment, start=start, seek=seek)


def distinct_moments(moments: Iterable[MomentHit]) -> list[MomentHit]:
    """Return the moments without those that show the same as a better one."""
    kept: list[MomentHit] = []
    for moment in moments:
        if not any(_same(moment, other) for other in kept):
            kept.append(moment)
    return kept


def _same(a: MomentHit, b: MomentHit) -> bool:
    """Return whether two moments begin together, are of one shot, or share the time of their words.

    What is said in a part of a long shot is another moment than a frame in another part of it.
    """
    if abs(a.seek - b.seek) < SAME_MOMENT_SECONDS:
        return True
    first, second = a.hit.segment, b.hit.segment
    if SegmentKind.PASSAGE in (first.kind, second.kind):
        return _overlap(first, second)
    return max(a.start, b.start) < min(a.end, b.end)


def _timed_hit(hit: Hit, unseen: float, timed: Sequence[Answer], needed: float) -> _TimedHit:
    """Return a hit with what all indexes say of its time.

    Args:
        hit: Of one index.
        unseen: What that index says of segments that it did not name, in nats.
        timed: What each index says of the times of the video.
        needed: What a moment needs to fit, in nats.
    """
    score, text = -needed, hit.text
    passage = hit.segment if hit.segment.kind is SegmentKind.PASSAGE else None
    spoken = 0.0
    for answer in timed:
        best = _best_at(hit.segment, answer.hits)
        score += answer.unseen if best is None else best.score
        if best is not None and best.segment.kind is SegmentKind.PASSAGE:
            passage = passage or best.segment
            text = text or best.text
            if best.segment.track == CAPTION:
                spoken = max(spoken, best.score - answer.unseen)
    is_picture = hit.segment.kind is not SegmentKind.PASSAGE
    led_by_words = is_picture and hit.score < needed and spoken > hit.score - unseen
    return _TimedHit(replace(hit, score=score, text=text), passage, led_by_words)


def _moment(timed: _TimedHit, shots: Sequence[Shot]) -> MomentHit:
    """Return the stretch that a hit stands for."""
    segment, passage = timed.hit.segment, timed.passage
    start, end = segment.start, segment.end
    if segment.kind is not SegmentKind.PASSAGE:
        shot = shot_at(shots, start)
        if shot is not None and shot.end >= end:
            start, end = shot
        # a long shot goes on while other things are said
        if passage is not None and passage.track == CAPTION:
            start = max(start, min(passage.start, segment.start))
            if passage.end - segment.start >= SHORTEST_SECONDS:
                end = min(end, passage.end)
    seek = seek_after(segment.start)
    if end <= seek:
        end = max(seek, start) + SHORTEST_SECONDS
    return MomentHit(timed.hit, start, end, seek)


def _length(segment: Segment) -> float:
    return segment.end - segment.start


def _best_at(segment: Segment, hits: Iterable[Hit]) -> Hit | None:
    """Return the first of some hits, best first, that shares a time with this segment."""
    return next((hit for hit in hits if _overlap(segment, hit.segment)), None)


def _overlap(first: Segment, second: Segment) -> bool:
    """Return whether [first) and [second) share a time; a frame has no length, but a time."""
    if first.start > second.start:
        first, second = second, first
    return first.start == second.start or second.start < first.end
