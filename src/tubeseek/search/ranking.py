"""Ranks videos for a query: the one way to search, for all callers and for evaluation."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from tubeseek.catalog import Catalog
from tubeseek.core.errors import QueryError
from tubeseek.core.filters import Filter
from tubeseek.core.index import Index
from tubeseek.core.passages import video_passages
from tubeseek.core.schemas import Boost
from tubeseek.core.schemas.search import Fit
from tubeseek.core.types import Hit, Query, SegmentKind, Vector, Vectors, Video, VideoHit
from tubeseek.search.boosts import apply_boosts, boosted_depth
from tubeseek.search.duplicates import fold_duplicates
from tubeseek.search.explanations import reason
from tubeseek.search.fusion import FusedVideo, Ranking, fuse, group_by_video
from tubeseek.search.grading import grade_videos
from tubeseek.search.passages import PhraseFilter, earned_shares, matching_passages, phrase_filter
from tubeseek.search.plan import SearchPlan, WeightedIndex, WeightedPassages
from tubeseek.search.query.composite import CompositeQuery
from tubeseek.search.query.vectors import query_vector

# Segments fetched per requested video at first: a video has several segments that are alike.
SEGMENTS_PER_VIDEO = 10
MAX_MOMENTS = 5
SPARE_VIDEOS = 10  # fetched beyond the limit, to take the place of folded copies
MAX_QUERY_CHARACTERS = 2_000
MAX_LIMIT = 1_000


class Ranker:
    """Searches indexes for one query and ranks the videos and moments that fit it.

    Args:
        catalog: Knows the videos.
        indexes: Indexes that can read the query; their rankings are fused.
        passages: The index of words; None where it is off.
        folds: Whether to return only the best of several videos that show the same.
        boosts: What raises a video beside how well it fits.
    """

    def __init__(
        self,
        catalog: Catalog,
        indexes: Sequence[WeightedIndex],
        passages: WeightedPassages | None = None,
        *,
        folds: bool = True,
        boosts: Collection[Boost] = (),
    ) -> None:
        self._catalog, self._folds, self._boosts = catalog, folds, boosts
        self._indexes = [weighted for weighted in indexes if weighted.weight > 0]
        self._passages = passages

    def search(
        self, query: Query | CompositeQuery, limit: int = 10, where: Filter | None = None
    ) -> list[VideoHit]:
        """Return the videos that fit best, best first, each with its best moments.

        Args:
            query: A sentence, a picture (1, height, width, 3) uint8, a vector (dim,), or a
                composite query; videos that a composite query names are not returned.
            limit: The most videos to return, from 1 to `MAX_LIMIT`.
            where: Which videos may be returned; None means all.

        Raises:
            QueryError: The query is empty or too long, its terms cancel out or name a video that
                no index has, or the limit is out of range.
        """
        if isinstance(query, str):
            query = checked_text(query)
        if not 1 <= limit <= MAX_LIMIT:
            raise QueryError(f"the limit must be from 1 to {MAX_LIMIT}, got {limit}")
        return self._rank(self._plan(query, where or Filter()), limit)

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

    def _rank(self, plan: SearchPlan, limit: int) -> list[VideoHit]:
        depth = boosted_depth(limit, self._boosts)
        pairs = zip(self._indexes, plan.vectors, strict=True)
        searches = [(weighted, vector) for weighted, vector in pairs if vector is not None]
        where = plan.phrase_filter.where
        rankings = [
            Ranking(
                plan.phrase_filter.keep(_search(weighted.index, query.vector, depth, where)),
                weighted.weight,
            )
            for weighted, query in searches
        ]
        passage_hits: list[Hit] = []
        if self._passages is not None and self._passages.weight > 0 and plan.words:
            passage_hits = matching_passages(
                self._passages.store, plan.words, plan.phrase_filter, depth * SEGMENTS_PER_VIDEO
            )
            shares = None  # a passage with the exact phrase counts in full
            if plan.phrase_filter.counted_ids is None:
                shares = earned_shares(plan.words, passage_hits)
            rankings.append(Ranking(passage_hits, self._passages.weight, shares))
        fused = {
            video.video_id: video
            for video in fuse(
                rankings, depth + SPARE_VIDEOS, MAX_MOMENTS, by_rank=bool(self._boosts)
            )
        }
        videos = self._catalog.videos(list(fused))
        # A video that was just removed may be in a store for an instant.
        ids = [video_id for video_id in fused if video_id in videos]
        if self._boosts:
            today = datetime.now(UTC).date()
            fused = {i: apply_boosts(fused[i], videos[i], self._boosts, today) for i in ids}
            ids = sorted(ids, key=lambda i: -fused[i].score)[: limit + SPARE_VIDEOS]
        copies = (
            fold_duplicates(ids, videos, self._picture_vectors)
            if self._folds
            else {i: [] for i in ids}
        )
        ids = list(copies)[:limit]
        graded = [(w, query.sentence) for w, query in searches if query.sentence is not None]
        fits = grade_videos(plan.main_sentence, graded, ids, passage_hits, where)
        return [
            _video_hit(videos[video_id], self._with_texts(fused[video_id]), fit, copies[video_id])
            for video_id, fit in zip(ids, fits, strict=True)
        ]

    def _picture_vectors(self, video_ids: Sequence[str]) -> Mapping[str, Vectors]:
        """Return each video's segments in the first index of pictures, (n, dim)."""
        index = next((w.index for w in self._indexes if w.index.spec.frames), None)
        if index is None:
            return dict.fromkeys(video_ids, np.empty((0, 1), np.float32))
        return index.vectors_by_video(video_ids)

    def _with_texts(self, fused: FusedVideo) -> FusedVideo:
        """Add the texts of passages that an index of vectors found: it holds no texts."""
        if not any(map(_lacks_text, (*fused.moments, *fused.whole))):
            return fused
        indexed = self._catalog.indexed_words.words(fused.video_id)
        if indexed is None:
            return fused
        video, _, passages = indexed
        texts = {p.segment.id: p.text for p in (*video_passages(video), *passages)}

        def with_text(hits: Iterable[Hit]) -> tuple[Hit, ...]:
            return tuple(
                replace(hit, text=texts.get(hit.segment.id, "")) if _lacks_text(hit) else hit
                for hit in hits
            )

        return replace(fused, moments=with_text(fused.moments), whole=with_text(fused.whole))


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


def _search(index: Index, vector: Vector, limit: int, where: Filter) -> list[Hit]:
    """Return the nearest segments, as many as it takes to have `limit` videos among them."""
    segments = limit * SEGMENTS_PER_VIDEO
    while True:
        hits = index.search(vector, segments, where)
        if len(hits) < segments or len(group_by_video(hits)) >= limit:
            return hits
        segments *= 4


def _lacks_text(hit: Hit) -> bool:
    return hit.segment.kind is SegmentKind.PASSAGE and not hit.text


def _video_hit(video: Video, fused: FusedVideo, fit: Fit | None, copies: Sequence[str]) -> VideoHit:
    # Without a moment in time, what stands for the whole video is the moment.
    moments = fused.moments or fused.whole[:1]
    reasons = tuple(reason(hit) for hit in fused.whole[:2])
    return VideoHit(video, fused.score, moments, reasons, fit, tuple(copies))
