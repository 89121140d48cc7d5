"""Ranks videos for a query: the one way to search, for all callers and for evaluation."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Self

import numpy as np

from tubeseek.catalog import Catalog
from tubeseek.core.errors import QueryError
from tubeseek.core.filters import Filter
from tubeseek.core.passages import video_passages
from tubeseek.core.schemas import Boost
from tubeseek.core.types import MomentHit, Query, SegmentKind, Vectors, Video, VideoHit
from tubeseek.search.boosts import boost_in_nats, order_by_replays
from tubeseek.search.duplicates import fold_duplicates
from tubeseek.search.evidence import level, relevance
from tubeseek.search.explanations import reason
from tubeseek.search.fusion import Candidate, fuse
from tubeseek.search.moments import MAX_MOMENTS, FusedVideo, with_moments
from tubeseek.search.passages import PhraseFilter, phrase_filter
from tubeseek.search.plan import SearchPlan, WeightedIndex, WeightedPassages
from tubeseek.search.query.composite import CompositeQuery
from tubeseek.search.query.vectors import query_vector
from tubeseek.search.scoring import gather_evidence
from tubeseek.search.sentences import needs_words, with_words
from tubeseek.search.shots import Shot, ShotCutter

# How many videos each index names, whatever is asked for: a longer list begins as a shorter one
# does. Where the first list is too short, a second one of the greater depth continues it.
DEPTHS = (100, 1_000)
SPARE_VIDEOS = 10  # looked at beyond those asked for, to take the place of copies
MAX_QUERY_CHARACTERS = 2_000
MAX_LIMIT = 1_000
MAX_OFFSET = 10_000


class Ranker:
    """Searches indexes for one query and ranks the videos and moments that fit it.

    Args:
        catalog: Knows the videos.
        indexes: Indexes that can read the query; their rankings are fused.
        passages: The index of words; None where it is off.
        folds: Whether to return only the best of several videos that show the same.
        boosts: What raises a video beside how well it fits.
        cutter: Cuts the found videos into shots; None: one that remembers nothing.
    """

    def __init__(
        self,
        catalog: Catalog,
        indexes: Sequence[WeightedIndex],
        passages: WeightedPassages | None = None,
        *,
        folds: bool = True,
        boosts: Collection[Boost] = (),
        cutter: ShotCutter | None = None,
    ) -> None:
        self._catalog, self._folds, self._boosts = catalog, folds, boosts
        self._indexes = [weighted for weighted in indexes if weighted.weight > 0]
        self._passages = passages
        self._cutter = cutter or ShotCutter(catalog)

    def search(
        self,
        query: Query | CompositeQuery,
        limit: int = 10,
        where: Filter | None = None,
        offset: int = 0,
    ) -> list[VideoHit]:
        """Return the videos that fit best, best first, each with its best moments.

        They are a part of one list, which does not depend on the part that is asked for.

        Args:
            query: A sentence, a picture (1, height, width, 3) uint8, a vector (dim,), or a
                composite query; videos that a composite query names are not returned.
            limit: The most videos to return, from 1 to `MAX_LIMIT`.
            where: Which videos may be returned; None means all.
            offset: How many of the best to leave out, from 0 to `MAX_OFFSET`.

        Raises:
            QueryError: The query is empty or too long, its terms cancel out or name a video that
                no index has, or the limit or the offset is out of range.
        """
        if isinstance(query, str):
            query = checked_text(query)
        if not 1 <= limit <= MAX_LIMIT:
            raise QueryError(f"the limit must be from 1 to {MAX_LIMIT}, got {limit}")
        if not 0 <= offset <= MAX_OFFSET:
            raise QueryError(f"the offset must be from 0 to {MAX_OFFSET}, got {offset}")
        return self._page(self._plan(query, where or Filter()), limit, offset)

    def _plan(self, query: Query | CompositeQuery, where: Filter) -> SearchPlan:
        vectors = [query_vector(query, weighted.index) for weighted in self._indexes]
        if not isinstance(query, CompositeQuery):
            text = query if isinstance(query, str) else ""
            return SearchPlan(PhraseFilter(where), vectors, text, text)
        if query.example_ids and self._indexes and not any(vectors):
            raise QueryError(
                f"video {query.example_ids[0]!r} is not in the index; `tubeseek list` shows what "
                "is, `tubeseek index` embeds what is pending"
            )
        store = self._passages.store if self._passages is not None else None
        words_filter = phrase_filter(query, store, where)
        return SearchPlan(words_filter, vectors, query.words, query.main_sentence)

    def _page(self, plan: SearchPlan, limit: int, offset: int) -> list[VideoHit]:
        ranked: dict[str, _RankedVideo] = {}
        copies: dict[str, list[str]] = {}
        for depth in DEPTHS:
            deeper = self._rank(plan, depth)
            worst = min((video.candidate.score for video in ranked.values()), default=math.inf)
            for video in deeper:
                ranked.setdefault(video.candidate.video_id, video.capped(worst))
            copies = self._fold(ranked, offset + limit)
            if len(copies) >= offset + limit or len(deeper) < depth:
                break
        page = list(copies)[offset : offset + limit]
        shots = self._shots([ranked[video_id] for video_id in page], plan.phrase_filter.where)
        return [
            self._video_hit(plan, ranked[video_id], copies[video_id], shots.get(video_id, ()))
            for video_id in page
        ]

    def _rank(self, plan: SearchPlan, depth: int) -> "list[_RankedVideo]":
        """Return the videos that the indexes name, each at least `depth` if it has so many."""
        evidence = gather_evidence(plan, self._indexes, self._passages, self._catalog, depth)
        candidates = fuse(evidence.answers, evidence.needed)
        videos = self._catalog.videos([candidate.video_id for candidate in candidates])
        today = datetime.now(UTC).date()
        ranked = []
        for candidate in candidates:
            video = videos.get(candidate.video_id)
            if video is None:  # a video that was just removed may be in a store for an instant
                continue
            grade = relevance(candidate.score) if evidence.judged else None
            boost = boost_in_nats(candidate, evidence.needed, video, self._boosts, today)
            ranked.append(_RankedVideo(video, candidate, evidence.needed, grade, boost))
        # a boost does not lift what does not fit above what does
        ranked.sort(key=lambda video: (-video.level_rank, -video.candidate.score - video.boost))
        return ranked

    def _fold(self, ranked: "Mapping[str, _RankedVideo]", count: int) -> dict[str, list[str]]:
        """Return the first `count` videos, if there are so many, each with copies found near it.

        Whether a video is a copy depends on those before it only, so that no list changes where
        more is asked for.
        """
        ids = list(ranked)
        if not self._folds:
            return {video_id: [] for video_id in ids}
        taken = count + SPARE_VIDEOS
        while True:
            first = ids[:taken]
            videos = {video_id: ranked[video_id].video for video_id in first}
            copies = fold_duplicates(first, videos, self._picture_vectors)
            if len(copies) >= count or taken >= len(ids):
                return copies
            taken *= 2

    def _shots(
        self, videos: "Sequence[_RankedVideo]", where: Filter
    ) -> Mapping[str, Sequence[Shot]]:
        """Return the shots of those videos of which a frame was found, as far as the filter."""
        pictures = [weighted for weighted in self._indexes if weighted.index.spec.frames]
        if not pictures:
            return {}
        # stills tell where a shot begins, clips only about where
        index = min(pictures, key=lambda weighted: weighted.index.spec.frames)
        shots = self._cutter.shots(
            index, {video.video.id: video.video for video in videos if video.has_frame}
        )
        low = where.moments_from_seconds or 0.0
        return {
            video_id: [Shot(max(shot.start, low), shot.end) for shot in own if shot.end > low]
            for video_id, own in shots.items()
        }

    def _video_hit(
        self,
        plan: SearchPlan,
        ranked: "_RankedVideo",
        copies: Sequence[str],
        shots: Sequence[Shot],
    ) -> VideoHit:
        fused = with_moments(ranked.candidate, ranked.needed, MAX_MOMENTS, shots)
        fused = self._with_words(fused, plan.words)
        moments = order_by_replays(fused.moments, ranked.video, self._boosts)
        return VideoHit(
            ranked.video,
            ranked.candidate.score + ranked.boost,
            # without a moment in time, what stands for the whole video is the moment
            moments or tuple(MomentHit(hit) for hit in fused.whole[:1]),
            tuple(reason(hit) for hit in fused.whole[:2]),
            None if ranked.relevance is None else level(ranked.relevance),
            tuple(copies),
            ranked.relevance,
        )

    def _picture_vectors(self, video_ids: Sequence[str]) -> Mapping[str, Vectors]:
        """Return each video's segments in the first index of pictures, (n, dim)."""
        index = next((w.index for w in self._indexes if w.index.spec.frames), None)
        if index is None:
            return dict.fromkeys(video_ids, np.empty((0, 1), np.float32))
        return index.vectors_by_video(video_ids)

    def _with_words(self, fused: FusedVideo, query: str) -> FusedVideo:
        """Add the texts of passages, and begin spoken ones at the sentence that fits.

        An index of vectors holds no texts, and no index the times of sentences.
        """
        if not needs_words(fused):
            return fused
        indexed = self._catalog.indexed_words.words(fused.video_id)
        if indexed is None:
            return fused
        video, _, captions = indexed
        return with_words(fused, [*video_passages(video), *captions], query)


@dataclass(frozen=True, slots=True)
class _RankedVideo:
    """A video in the list of results.

    Attributes:
        video: As the catalogue knows it.
        candidate: As the indexes name it.
        needed: What a moment needs to fit, in nats.
        relevance: 0 to 100; None where this cannot be judged.
        boost: What boosts add for its place in the list, in nats.
    """

    video: Video
    candidate: Candidate
    needed: float
    relevance: int | None
    boost: float

    @property
    def has_frame(self) -> bool:
        """Whether a still or a clip of it was found."""
        hits = (hit for answer in self.candidate.answers for hit in answer.hits)
        return any(hit.segment.kind in (SegmentKind.STILL, SegmentKind.CLIP) for hit in hits)

    @property
    def level_rank(self) -> int:
        return 0 if self.relevance is None else level(self.relevance).rank

    def capped(self, score: float) -> Self:
        """Return the same video, no better than this score, to follow others in the list."""
        if self.candidate.score <= score:
            return self
        grade = None if self.relevance is None else relevance(score)
        return replace(self, candidate=replace(self.candidate, score=score), relevance=grade)


def checked_text(text: str) -> str:
    """Return the words of a query, with single spaces between them.

    Raises:
        QueryError: There are none, or too many.
    """
    words = " ".join(text.split())
    if not words:
        raise QueryError('the query is empty; describe what you look for, as in "a red sports car"')
    if len(words) > MAX_QUERY_CHARACTERS:
        raise QueryError(
            f"the query has {len(words):,} characters, the most is {MAX_QUERY_CHARACTERS:,}; "
            "shorten it to a sentence"
        )
    return words
