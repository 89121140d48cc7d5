"""From rankings of segments to a ranking of videos with their moments. Pure functions.

Ranks are fused, not scores: the cosines of two encoders are not comparable, nor BM25 with either.
Reciprocal rank fusion: an item at rank r of a ranking earns weight / (60 + r) from it.
Source: Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual
rank learning methods", SIGIR 2009.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tubeseek.core.types import Hit

RRF_K = 60
# Two moments of one video closer than this are one moment to who watches it.
SAME_MOMENT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one index answered, best first, and how much it counts.

    Attributes:
        hits: Best first.
        weight: Of the index.
        shares: Of each hit, how much of the weight it earns, 0 to 1; None: all of it. A rank alone
            does not say whether the best hit is any good, and the second best nearly as good.
    """

    hits: Sequence[Hit]
    weight: float = 1.0
    shares: Sequence[float] | None = None

    def __post_init__(self) -> None:
        if self.shares is not None and len(self.shares) != len(self.hits):
            raise ValueError(f"{len(self.shares)} shares do not fit {len(self.hits)} hits")

    def earns(self, at: int, rank: int) -> float:
        """What the hit number `at` (from 0) is worth at a rank (from 1)."""
        share = 1.0 if self.shares is None else self.shares[at]
        return self.weight * share / (RRF_K + rank)


@dataclass(frozen=True, slots=True)
class FusedVideo:
    """A video with its fused score; `moments` and `whole` best first, each with its fused score."""

    video_id: str
    score: float
    moments: tuple[Hit, ...]  # those that have a time in the video
    whole: tuple[Hit, ...]  # those that stand for all of it: thumbnail, title, description


def group_by_video(hits: Iterable[Hit]) -> dict[str, list[Hit]]:
    """The hits of each video. Videos, and hits within each, keep their order: the best first.

    >>> from tubeseek.core.types import Segment, SegmentKind
    >>> a, b = (Segment(v, SegmentKind.STILL) for v in "ab")
    >>> found = group_by_video([Hit(a, 0.9), Hit(b, 0.8), Hit(a, 0.7)])
    >>> {video: [hit.score for hit in hits] for video, hits in found.items()}
    {'a': [0.9, 0.7], 'b': [0.8]}
    """
    videos: dict[str, list[Hit]] = {}
    for hit in hits:
        videos.setdefault(hit.segment.video_id, []).append(hit)
    return videos


def fuse(
    rankings: Sequence[Ranking], limit: int, most_moments: int, *, by_rank: bool = False
) -> list[FusedVideo]:
    """One ranking of videos from several of segments.

    A video earns from each ranking what its best segment there earns among the best segments of
    all videos. A single ranking keeps its own scores: there is nothing to fuse.

    Args:
        rankings: One of each index; those without hits say nothing.
        limit: The most videos to return.
        most_moments: The most moments of each.
        by_rank: Whether a single ranking is scored by its ranks too.
    """
    rankings = [ranking for ranking in rankings if ranking.hits]
    if len(rankings) == 1 and not by_rank:
        return _alone(rankings[0].hits, limit, most_moments)
    scores: defaultdict[str, float] = defaultdict(float)
    for ranking in rankings:
        firsts: dict[str, int] = {}  # of each video, the number of its best hit
        for at, hit in enumerate(ranking.hits):
            firsts.setdefault(hit.segment.video_id, at)
        for rank, (video_id, at) in enumerate(firsts.items(), start=1):
            scores[video_id] += ranking.earns(at, rank)
    best = sorted(scores, key=lambda video_id: (-scores[video_id], video_id))[:limit]
    earned = [_earned(ranking, frozenset(best)) for ranking in rankings]
    return [
        _fused(video_id, scores[video_id], [e.get(video_id, []) for e in earned], most_moments)
        for video_id in best
    ]


def distinct_moments(hits: Iterable[Hit]) -> list[Hit]:
    """Without those that overlap, or nearly touch, a better one.

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


def _alone(hits: Sequence[Hit], limit: int, most_moments: int) -> list[FusedVideo]:
    videos = list(group_by_video(hits).items())[:limit]
    return [
        FusedVideo(
            video_id,
            found[0].score,
            tuple(distinct_moments(h for h in found if h.segment.has_time)[:most_moments]),
            tuple(hit for hit in found if not hit.segment.has_time),
        )
        for video_id, found in videos
    ]


def _earned(ranking: Ranking, video_ids: Collection[str]) -> Mapping[str, list[Hit]]:
    """The hits of these videos, with what each earns in place of its score."""
    return group_by_video(
        replace(hit, score=ranking.earns(at, at + 1))
        for at, hit in enumerate(ranking.hits)
        if hit.segment.video_id in video_ids
    )


def _fused(
    video_id: str, score: float, earned: Sequence[Sequence[Hit]], most_moments: int
) -> FusedVideo:
    """A moment earns from each index what the best hit of that index at that time earns.

    So a frame in a chapter that both match is worth more than either, and carries its words. Of two
    that are worth the same the shorter one says more precisely where to look.
    """
    timed = [[hit for hit in hits if hit.segment.has_time] for hits in earned]
    moments = []
    for hit in (hit for hits in timed for hit in hits):
        best = [one for others in timed if (one := _best_at(hit, others)) is not None]
        text = hit.text or next((one.text for one in best if one.text), "")
        moments.append(replace(hit, score=sum(one.score for one in best), text=text))
    moments.sort(key=lambda hit: (-hit.score, hit.segment.end - hit.segment.start))
    whole = [h for hits in earned for h in hits if not h.segment.has_time]
    whole.sort(key=lambda h: -h.score)
    return FusedVideo(
        video_id, score, tuple(distinct_moments(moments)[:most_moments]), tuple(whole)
    )


def _best_at(hit: Hit, others: Iterable[Hit]) -> Hit | None:
    """The best of the hits that share a time with this one."""
    there = (other for other in others if _overlap(hit, other, 0.0))
    return max(there, key=lambda other: other.score, default=None)


def _overlap(a: Hit, b: Hit, tolerance_seconds: float) -> bool:
    """Whether [a) and [b) share a time, or lie closer than the tolerance."""
    first, second = sorted((a.segment, b.segment), key=lambda segment: segment.start)
    if first.start == second.start:
        return True
    return second.start < first.end + tolerance_seconds
