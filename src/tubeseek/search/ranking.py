"""The one way to search: CLI, API, app and evaluation all call `Ranker.search`."""

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
from tubeseek.search.boosts import boosted, reach
from tubeseek.search.duplicates import fold_duplicates
from tubeseek.search.explanations import reason
from tubeseek.search.fusion import FusedVideo, Ranking, fuse, group_by_video
from tubeseek.search.grading import grade_videos
from tubeseek.search.passages import PhraseFilter, earned_shares, matching_passages, phrase_filter
from tubeseek.search.plan import SearchPlan, WeightedIndex, WeightedPassages
from tubeseek.search.query.composite import CompositeQuery, QueryVector, query_vector_of

# Segments fetched per wanted video at first: a video has several segments that are alike.
SEGMENTS_PER_VIDEO = 10
MAX_MOMENTS = 5
FOLDED = 10  # more videos than are asked for, in place of copies
MAX_QUERY_CHARACTERS = 2_000
MAX_LIMIT = 1_000


class Ranker:
    """Asks the indexes and says which videos, and where in them, fit the query.

    Args:
        catalog: Knows the videos.
        seen: Indexes that read this query; their rankings are fused.
        said: None where it is off.
        folds: Whether of videos that show the same only the best is returned.
        boosts: What raises a video beside how well it fits.
    """

    def __init__(
        self,
        catalog: Catalog,
        seen: Sequence[WeightedIndex],
        said: WeightedPassages | None = None,
        *,
        folds: bool = True,
        boosts: Collection[Boost] = (),
    ) -> None:
        self._catalog, self._folds, self._boosts = catalog, folds, boosts
        self._seen = [one for one in seen if one.weight > 0]
        self._said = said

    def search(
        self, query: Query | CompositeQuery, limit: int = 10, where: Filter | None = None
    ) -> list[VideoHit]:
        """The videos that fit best, best first, each with its best moments.

        Args:
            query: A sentence, a picture (1, height, width, 3) uint8, a vector (dim,), or several
                such things and videos added and subtracted; its videos are not returned.
            limit: The most videos to return.
            where: Which videos may be returned; None means all.

        Raises:
            QueryError: The query is empty or too long, its terms cancel out or name a video that
                no index has, or the limit is out of range.
        """
        if isinstance(query, str):
            query = checked_text(query)
        if not 1 <= limit <= MAX_LIMIT:
            raise QueryError(f"the limit must be from 1 to {MAX_LIMIT}, got {limit}")
        where = where or Filter()
        if isinstance(query, CompositeQuery):
            return self._found(self._question(query, where), limit)
        text = query if isinstance(query, str) else ""
        vectors = [one.index.vector(query) for one in self._seen]
        question = SearchPlan(PhraseFilter(where), [QueryVector(v, v) for v in vectors], text, text)
        return self._found(question, limit)

    def _question(self, mixture: CompositeQuery, where: Filter) -> SearchPlan:
        points = [query_vector_of(mixture, one.index) for one in self._seen]
        if mixture.examples and self._seen and not any(points):
            raise QueryError(
                f"video {mixture.examples[0]!r} is not in the index; `tubeseek list` shows what "
                "is, `tubeseek index` embeds what is pending"
            )
        store = self._said.store if self._said is not None else None
        return SearchPlan(
            phrase_filter(mixture, store, where), points, mixture.words, mixture.judged
        )

    def _found(self, question: SearchPlan, limit: int) -> list[VideoHit]:
        """What the indexes answer, fused."""
        depth, exact = reach(limit, self._boosts), question.phrase_filter
        asked = [(i, p) for i, p in zip(self._seen, question.points, strict=True) if p is not None]
        rankings = [
            Ranking(
                exact.keep(self._enough(one.index, point.vector, depth, exact.where)), one.weight
            )
            for one, point in asked
        ]
        said: list[Hit] = []
        if self._said is not None and self._said.weight > 0 and question.words:
            said = matching_passages(
                self._said.store, question.words, exact, depth * SEGMENTS_PER_VIDEO
            )
            shares = None  # exact words are enough, however few they are of what is asked
            if exact.counting is None:
                shares = earned_shares(question.words, said)
            rankings.append(Ranking(said, self._said.weight, shares))
        fused = fuse(rankings, depth + FOLDED, MAX_MOMENTS, by_rank=bool(self._boosts))
        found = {one.video_id: one for one in fused}
        videos = self._catalog.videos(list(found))
        # A video just removed may be in a store for an instant.
        ids = [video_id for video_id in found if video_id in videos]
        if self._boosts:
            today = datetime.now(UTC).date()
            found = {i: boosted(found[i], videos[i], self._boosts, today) for i in ids}
            ids = sorted(ids, key=lambda i: -found[i].score)[: limit + FOLDED]
        copies = (
            fold_duplicates(ids, videos, self._pictures_of) if self._folds else {i: [] for i in ids}
        )
        ids = list(copies)[:limit]
        judges = [(one, point.judged) for one, point in asked if point.judged is not None]
        fits = grade_videos(question.judged, judges, ids, said, exact.where)
        return [
            _video_hit(videos[video_id], self._worded(found[video_id]), fit, copies[video_id])
            for video_id, fit in zip(ids, fits, strict=True)
        ]

    def _pictures_of(self, video_ids: Sequence[str]) -> Mapping[str, Vectors]:
        """The segments of each video in the first index of what is seen, (n, dim)."""
        index = next((one.index for one in self._seen if one.index.spec.frames), None)
        if index is None:
            return dict.fromkeys(video_ids, np.empty((0, 1), np.float32))
        return index.vectors_by_video(video_ids)

    def _worded(self, found: FusedVideo) -> FusedVideo:
        """With the words of passages that an encoder found: its index holds none."""
        if not any(map(_lacks_words, (*found.moments, *found.whole))):
            return found
        known = self._catalog.indexed_words.words(found.video_id)
        if known is None:
            return found
        video, _, passages = known
        texts = {p.segment.id: p.text for p in (*video_passages(video), *passages)}

        def worded(hits: Iterable[Hit]) -> tuple[Hit, ...]:
            return tuple(
                replace(hit, text=texts.get(hit.segment.id, "")) if _lacks_words(hit) else hit
                for hit in hits
            )

        return replace(found, moments=worded(found.moments), whole=worded(found.whole))

    @staticmethod
    def _enough(index: Index, vector: Vector, limit: int, where: Filter | None) -> list[Hit]:
        """The nearest segments, as many as it takes to have `limit` videos among them."""
        wanted = limit * SEGMENTS_PER_VIDEO
        while True:
            hits = index.search(vector, wanted, where)
            if len(hits) < wanted or len(group_by_video(hits)) >= limit:
                return hits
            wanted *= 4


def checked_text(text: str) -> str:
    """The words of a query, with single spaces.

    Raises:
        QueryError: There are none, or too many.
    """
    words = " ".join(text.split())
    if not words:
        raise QueryError('the query is empty; describe what you look for, as in "a red sports car"')
    if len(words) > MAX_QUERY_CHARACTERS:
        raise QueryError(
            f"the query has {len(words):,} characters, the most is {MAX_QUERY_CHARACTERS:,}; "
            "one sentence says it better"
        )
    return words


def _lacks_words(hit: Hit) -> bool:
    return hit.segment.kind is SegmentKind.PASSAGE and not hit.text


def _video_hit(video: Video, fused: FusedVideo, fit: Fit | None, copies: Sequence[str]) -> VideoHit:
    """Without a moment in time, what stands for the whole video is the moment."""
    moments = fused.moments or fused.whole[:1]
    reasons = tuple(reason(hit) for hit in fused.whole[:2])
    return VideoHit(video, fused.score, moments, reasons, fit, tuple(copies))
