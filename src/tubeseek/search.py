"""The one way to search: CLI, API, app and evaluation all call `Searcher.search`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from tubeseek.asked import Said, Seen
from tubeseek.boosts import boosted, reach
from tubeseek.catalog import Catalog
from tubeseek.copies import fold
from tubeseek.errors import QueryError
from tubeseek.fitting import fits_of
from tubeseek.fusion import FusedVideo, Ranking, fuse, group_by_video
from tubeseek.holding import MOST_PASSAGES, Held, held
from tubeseek.index import Index
from tubeseek.levels import Fit
from tubeseek.messages import Boost
from tubeseek.mixing import Point, point_of
from tubeseek.mixture import Mixture
from tubeseek.passages import video_passages
from tubeseek.ports import PassageStore
from tubeseek.reasons import reason
from tubeseek.records import Filter, Hit, Query, SegmentKind, Vector, Vectors, Video, VideoHit
from tubeseek.words import term_set

# Segments fetched per wanted video at first: a video has several segments that are alike.
SEGMENTS_PER_VIDEO = 10
MAX_MOMENTS = 5
FOLDED = 10  # more videos than are asked for, in place of copies
MIN_SHARED_TERMS = 0.5  # of a query's terms, for a passage to count
MAX_QUERY_CHARACTERS = 2_000
MAX_LIMIT = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    """What is asked of each index.

    Args:
        held: Which videos may be found, and which passages count.
        points: Of each index of vectors; None leaves it out.
        words: What the words are asked; empty leaves them out.
        judged: The words that hits are judged by; empty leaves them unjudged.
    """

    held: Held
    points: Sequence[Point | None]
    words: str = ""
    judged: str = ""


class Searcher:
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
        seen: Sequence[Seen],
        said: Said | None = None,
        *,
        folds: bool = True,
        boosts: Collection[Boost] = (),
    ) -> None:
        self._catalog, self._folds, self._boosts = catalog, folds, boosts
        self._seen = [one for one in seen if one.weight > 0]
        self._said = said

    def search(
        self, query: Query | Mixture, limit: int = 10, where: Filter | None = None
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
        if isinstance(query, Mixture):
            return self._found(self._question(query, where), limit)
        text = query if isinstance(query, str) else ""
        vectors = [one.index.vector(query) for one in self._seen]
        question = _Question(Held(where), [Point(v, v) for v in vectors], text, text)
        return self._found(question, limit)

    def _question(self, mixture: Mixture, where: Filter) -> _Question:
        points = [point_of(mixture, one.index) for one in self._seen]
        if mixture.examples and self._seen and not any(points):
            raise QueryError(
                f"video {mixture.examples[0]!r} is not in the index; `tubeseek list` shows what "
                "is, `tubeseek index` embeds what is pending"
            )
        store = self._said.store if self._said is not None else None
        return _Question(held(mixture, store, where), points, mixture.words, mixture.judged)

    def _found(self, question: _Question, limit: int) -> list[VideoHit]:
        """What the indexes answer, fused."""
        depth, exact = reach(limit, self._boosts), question.held
        asked = [(i, p) for i, p in zip(self._seen, question.points, strict=True) if p is not None]
        rankings = [
            Ranking(
                exact.keep(self._enough(one.index, point.vector, depth, exact.where)), one.weight
            )
            for one, point in asked
        ]
        said: list[Hit] = []
        if self._said is not None and self._said.weight > 0 and question.words:
            said = _said(self._said.store, question, depth * SEGMENTS_PER_VIDEO)
            shares = None  # exact words are enough, however few they are of what is asked
            if exact.counting is None:
                shares = _earned_shares(question.words, said)
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
        copies = fold(ids, videos, self._pictures_of) if self._folds else {i: [] for i in ids}
        ids = list(copies)[:limit]
        judges = [(one, point.judged) for one, point in asked if point.judged is not None]
        fits = fits_of(question.judged, judges, ids, said, exact.where)
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
        known = self._catalog.wording.words(found.video_id)
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


def _said(store: PassageStore, question: _Question, most: int) -> list[Hit]:
    """The passages that count, best first."""
    exact = question.held
    if exact.counts_all:
        return _telling(question.words, store.search(question.words, most, exact.where))
    hits = exact.keep(store.search(question.words, MOST_PASSAGES, exact.where))
    if exact.counting is None:
        return _telling(question.words, hits)
    return sorted(hits, key=_in_order)  # whatever else was asked, they hold the exact words


def _telling(query: str, hits: Iterable[Hit]) -> list[Hit]:
    """The passages that hold a good part of the query's terms.

    A sentence like "a truck that puts out fires" shares its small words with nearly every text; a
    rank earned by those would count as much as one earned by all of them.
    """
    asked = term_set(query)
    telling = (hit for hit in hits if _share_held(asked, hit.text) >= MIN_SHARED_TERMS)
    return sorted(telling, key=_in_order)


def _earned_shares(query: str, hits: Iterable[Hit]) -> list[float]:
    """What each passage earns: the square of the share of the query's terms that it holds.

    So a title that was typed in full comes before one that shares some words with it and happens to
    look more like it; docs/evaluation.md has the figures.
    """
    asked = term_set(query)
    return [_share_held(asked, hit.text) ** 2 for hit in hits]


def _share_held(asked: frozenset[str], text: str) -> float:
    """The share of the terms asked for that a text holds; all, where there are none."""
    return len(asked & term_set(text)) / len(asked) if asked else 1.0


def _in_order(hit: Hit) -> tuple[float, str, float]:
    """Best first; titles often tie, and a store tells ties in the order that they came in."""
    return -round(hit.score, 4), hit.segment.video_id, hit.segment.start


def _lacks_words(hit: Hit) -> bool:
    return hit.segment.kind is SegmentKind.PASSAGE and not hit.text


def _video_hit(video: Video, fused: FusedVideo, fit: Fit | None, copies: Sequence[str]) -> VideoHit:
    """Without a moment in time, what stands for the whole video is the moment."""
    moments = fused.moments or fused.whole[:1]
    reasons = tuple(reason(hit) for hit in fused.whole[:2])
    return VideoHit(video, fused.score, moments, reasons, fit, tuple(copies))
