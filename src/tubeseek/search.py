"""The one way to search: CLI, API, app and evaluation all call `Searcher.search`."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from tubeseek.asked import Said, Seen
from tubeseek.catalog import Catalog
from tubeseek.copies import fold
from tubeseek.errors import QueryError
from tubeseek.fitting import fits_of
from tubeseek.fusion import FusedVideo, Ranking, fuse, group_by_video
from tubeseek.index import Index
from tubeseek.levels import Fit
from tubeseek.passages import video_passages
from tubeseek.reasons import reason
from tubeseek.records import Filter, Hit, Query, SegmentKind, Vector, Vectors, Video, VideoHit
from tubeseek.words import terms

# Segments fetched per wanted video at first: a video has several segments that are alike.
SEGMENTS_PER_VIDEO = 10
MAX_MOMENTS = 5
FOLDED = 10  # more videos than are asked for, in place of copies
MIN_SHARED_TERMS = 0.5  # of a query's terms, for a passage to count
MAX_QUERY_CHARACTERS = 2_000
MAX_LIMIT = 1_000


class Searcher:
    """Asks the indexes and says which videos, and where in them, fit the query.

    Args:
        catalog: Knows the videos.
        seen: Indexes that read this query; their rankings are fused.
        said: None where it is off.
        folds: Whether of videos that show the same only the best is returned.
    """

    def __init__(
        self,
        catalog: Catalog,
        seen: Sequence[Seen],
        said: Said | None = None,
        *,
        folds: bool = True,
    ) -> None:
        self._catalog, self._folds = catalog, folds
        self._seen = [one for one in seen if one.weight > 0]
        self._said = said if said is not None and said.weight > 0 else None

    def search(self, query: Query, limit: int = 10, where: Filter | None = None) -> list[VideoHit]:
        """The videos that fit best, best first, each with its best moments.

        Args:
            query: A sentence, a picture (1, height, width, 3) uint8, or a vector (dim,).
            limit: The most videos to return.
            where: Which videos may be returned; None means all.

        Raises:
            QueryError: The query is empty or too long, or the limit out of range.
        """
        if isinstance(query, str):
            query = checked_text(query)
        if not 1 <= limit <= MAX_LIMIT:
            raise QueryError(f"the limit must be from 1 to {MAX_LIMIT}, got {limit}")
        text = query if isinstance(query, str) else ""
        return self._found(text, [one.index.vector(query) for one in self._seen], limit, where)

    def similar(
        self, video_id: str, limit: int = 10, where: Filter | None = None
    ) -> list[VideoHit]:
        """The videos most like one of the library, itself left out.

        Raises:
            QueryError: The video is in none of the indexes.
        """
        vectors = [one.index.mean_of_video(video_id) for one in self._seen]
        if all(vector is None for vector in vectors):
            raise QueryError(
                f"video {video_id!r} is not in the index; `tubeseek list` shows what is, "
                "`tubeseek index` embeds what is pending"
            )
        where = where or Filter()
        others = replace(where, not_video_ids=(*where.not_video_ids, video_id))
        return self._found("", vectors, limit, others)

    def _found(
        self, text: str, vectors: Sequence[Vector | None], limit: int, where: Filter | None
    ) -> list[VideoHit]:
        """What the indexes answer, fused.

        Args:
            text: What the words are asked; empty leaves them out.
            vectors: What each index of what is seen is asked; None leaves it out.
            limit: The most videos.
            where: Which videos may be returned.
        """
        asked = [(one, v) for one, v in zip(self._seen, vectors, strict=True) if v is not None]
        rankings = [
            Ranking(self._enough(one.index, vector, limit, where), one.weight)
            for one, vector in asked
        ]
        said: list[Hit] = []
        if self._said is not None and text:
            said = _telling(text, self._said.store.search(text, limit * SEGMENTS_PER_VIDEO, where))
            rankings.append(Ranking(said, self._said.weight))
        found = {one.video_id: one for one in fuse(rankings, limit + FOLDED, MAX_MOMENTS)}
        videos = self._catalog.videos(list(found))
        # A video just removed may be in a store for an instant.
        ids = [video_id for video_id in found if video_id in videos]
        copies = fold(ids, videos, self._pictures_of) if self._folds else {i: [] for i in ids}
        ids = list(copies)[:limit]
        fits = fits_of(text, asked, ids, said)
        return [
            _video_hit(videos[video_id], self._worded(found[video_id]), fit, copies[video_id])
            for video_id, fit in zip(ids, fits, strict=True)
        ]

    def _pictures_of(self, video_id: str) -> Vectors:
        """The segments of a video in the first index of what is seen, (n, dim)."""
        pictures = (one.index for one in self._seen if one.index.spec.frames)
        index = next(pictures, None)
        return index.store.read_video(video_id).vectors if index else np.empty((0, 1), np.float32)

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


def _telling(query: str, hits: Iterable[Hit]) -> list[Hit]:
    """The passages that hold a good part of the query's terms.

    A sentence like "a truck that puts out fires" shares its small words with nearly every text; a
    rank earned by those would count as much as one earned by all of them.
    """
    asked = set(terms(query))
    enough = MIN_SHARED_TERMS * len(asked)
    telling = (hit for hit in hits if len(asked.intersection(terms(hit.text))) >= enough)
    return sorted(telling, key=_in_order)


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
