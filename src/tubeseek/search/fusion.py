"""Fuses rankings of segments into one ranking of videos with their moments. Pure functions.

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
# Two moments of one video that are closer than this are the same moment to a viewer.
SAME_MOMENT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Ranking:
    """The hits of one index and how much they count.

    Attributes:
        hits: Best first.
        weight: The weight of the index.
        shares: How much of the weight each hit earns, 0 to 1; None: all of it. A rank alone does
            not tell whether the best hit is any good, or the second best nearly as good.
    """

    hits: Sequence[Hit]
    weight: float = 1.0
    shares: Sequence[float] | None = None

    def __post_init__(self) -> None:
        if self.shares is not None and len(self.shares) != len(self.hits):
            raise ValueError(f"{len(self.shares)} shares do not fit {len(self.hits)} hits")

    def earns(self, number: int, rank: int) -> float:
        """Return what the hit `number` (from 0) earns at a rank (from 1)."""
        share = 1.0 if self.shares is None else self.shares[number]
        return self.weight * share / (RRF_K + rank)


@dataclass(frozen=True, slots=True)
class FusedVideo:
    """A video with its fused score; `moments` and `whole` best first, each with its fused score."""

    video_id: str
    score: float
    moments: tuple[Hit, ...]  # hits that have a time in the video
    whole: tuple[Hit, ...]  # hits that stand for all of it: thumbnail, title, description


def group_by_video(hits: Iterable[Hit]) -> dict[str, list[Hit]]:
    """Return the hits of each video. Videos, and the hits of each, keep their order.

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


def fuse(
    rankings: Sequence[Ranking], limit: int, most_moments: int, *, by_rank: bool = False
) -> list[FusedVideo]:
    """Fuse several rankings of segments into one ranking of videos.

    A video earns from each ranking what its best segment there earns among the best segments of
    all videos. A single ranking keeps its own scores: there is nothing to fuse.

    Args:
        rankings: One for each index; those without hits are ignored.
        limit: The most videos to return.
        most_moments: The most moments of each video.
        by_rank: Whether a single ranking is scored by its ranks too.
    """
    rankings = [ranking for ranking in rankings if ranking.hits]
    if len(rankings) == 1 and not by_rank:
        return _alone(rankings[0].hits, limit, most_moments)
    scores: defaultdict[str, float] = defaultdict(float)
    for ranking in rankings:
        best_hits: dict[str, int] = {}  # the number of each video's best hit
        for number, hit in enumerate(ranking.hits):
            best_hits.setdefault(hit.segment.video_id, number)
        for rank, (video_id, number) in enumerate(best_hits.items(), start=1):
            scores[video_id] += ranking.earns(number, rank)
    best = sorted(scores, key=lambda video_id: (-scores[video_id], video_id))[:limit]
    earned = [_earned(ranking, frozenset(best)) for ranking in rankings]
    return [
        _fused(video_id, scores[video_id], [e.get(video_id, []) for e in earned], most_moments)
        for video_id in best
    ]


def distinct_moments(hits: Iterable[Hit]) -> list[Hit]:
    """Return the hits, best first, without those that overlap or nearly touch a better one.

    >>> from tubeseek.core.types import Segment, SegmentKind
    >>> stills = [Segment("a", SegmentKind.STILL, at, at) for at in (10.0, 11.0, 30.0)]
    >>> [h.segment.start for h in distinct_moments([Hit(s, 0.5) for s in stills])]
    [10.0, 30.0]
    """
    kept: list[Hit] = []
    for hit in hits:
        if not any(_overlap(hit, better, SAME_MOMENT_SECONDS) for better in kept):
            kept.append(hit)
    return kept


def _alone(hits: Sequence[Hit], limit: int, most_moments: int) -> list[FusedVideo]:
    videos = list(group_by_video(hits).items())[:limit]
    return [
        FusedVideo(
            video_id,
            hits[0].score,
            tuple(distinct_moments(h for h in hits if h.segment.has_time)[:most_moments]),
            tuple(hit for hit in hits if not hit.segment.has_time),
        )
        for video_id, hits in videos
    ]


def _earned(ranking: Ranking, video_ids: Collection[str]) -> Mapping[str, list[Hit]]:
    """Return the hits of these videos, with what each earns in place of its score."""
    return group_by_video(
        replace(hit, score=ranking.earns(number, number + 1))
        for number, hit in enumerate(ranking.hits)
        if hit.segment.video_id in video_ids
    )


def _fused(
    video_id: str, score: float, earned: Sequence[Sequence[Hit]], most_moments: int
) -> FusedVideo:
    """Return a video with its moments, each scored by what it earns from all indexes.

    A moment earns from each index what the best hit of that index at that time earns. So a matching
    frame in a matching chapter is worth more than either, and carries the chapter's words. Of two
    moments that are worth the same, the shorter one tells more precisely where to look.
    """
    timed = [[hit for hit in hits if hit.segment.has_time] for hits in earned]
    moments = []
    for hit in (hit for hits in timed for hit in hits):
        best = [b for index_hits in timed if (b := _best_at(hit, index_hits)) is not None]
        text = hit.text or next((b.text for b in best if b.text), "")
        moments.append(replace(hit, score=sum(b.score for b in best), text=text))
    moments.sort(key=lambda hit: (-hit.score, hit.segment.end - hit.segment.start))
    whole = [h for hits in earned for h in hits if not h.segment.has_time]
    whole.sort(key=lambda h: -h.score)
    return FusedVideo(
        video_id, score, tuple(distinct_moments(moments)[:most_moments]), tuple(whole)
    )


def _best_at(hit: Hit, candidates: Iterable[Hit]) -> Hit | None:
    """Return the best of the candidates that share a time with this hit."""
    overlapping = (candidate for candidate in candidates if _overlap(hit, candidate, 0.0))
    return max(overlapping, key=lambda candidate: candidate.score, default=None)


def _overlap(a: Hit, b: Hit, tolerance_seconds: float) -> bool:
    """Return whether two hits share a time, or lie closer than the tolerance."""
    first, second = sorted((a.segment, b.segment), key=lambda segment: segment.start)
    if first.start == second.start:
        return True
    return second.start < first.end + tolerance_seconds
