"""The one way to search: CLI, API, app and evaluation all call `Searcher.search`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tubeseek.catalog import Catalog
from tubeseek.errors import QueryError
from tubeseek.fit import Judge, fit_of_words
from tubeseek.fusion import FusedVideo, Ranking, fuse, group_by_video
from tubeseek.index import Index
from tubeseek.levels import Fit
from tubeseek.ports import PassageStore
from tubeseek.records import Filter, Hit, Query, Vector, Video, VideoHit
from tubeseek.words import terms

# Segments fetched per wanted video at first: a video has several segments that are alike.
SEGMENTS_PER_VIDEO = 10
MAX_MOMENTS = 5
MIN_SHARED_TERMS = 0.5  # of a query's terms, for a passage to count
MAX_QUERY_CHARACTERS = 2_000
MAX_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each index counts in the fusion; 0 leaves it out."""

    pictures: float = 1.0
    words: float = 1.0


class Searcher:
    """Asks the indexes and says which videos, and where in them, fit the query.

    Args:
        catalog: Knows the videos.
        pictures: What is seen; None where nothing reads this query or nothing is indexed.
        words: What is said and written; None where it is off.
        weights: Of the two.
        judge: Knows what `pictures` gives queries that nothing fits; None leaves them unjudged.
    """

    def __init__(
        self,
        catalog: Catalog,
        pictures: Index | None,
        words: PassageStore | None = None,
        weights: Weights | None = None,
        judge: Judge | None = None,
    ) -> None:
        self._catalog, self._pictures, self._words = catalog, pictures, words
        self._weights, self._judge = weights or Weights(), judge

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
        rankings = []
        vector: Vector | None = None
        said: list[Hit] = []
        if self._pictures is not None and self._weights.pictures > 0:
            vector = self._pictures.vector(query)
            seen = self._enough(self._pictures, vector, limit, where)
            rankings.append(Ranking(seen, self._weights.pictures))
        if self._words is not None and isinstance(query, str) and self._weights.words > 0:
            said = _telling(query, self._words.search(query, limit * SEGMENTS_PER_VIDEO, where))
            rankings.append(Ranking(said, self._weights.words))
        fused = fuse(rankings, limit, MAX_MOMENTS)
        videos = self._catalog.videos([video.video_id for video in fused])
        # A video just removed may be in a store for an instant.
        fused = [one for one in fused if one.video_id in videos]
        fits = self._fits(query, vector, [one.video_id for one in fused], said)
        return [
            _video_hit(videos[one.video_id], one, fit) for one, fit in zip(fused, fits, strict=True)
        ]

    def similar(
        self, video_id: str, limit: int = 10, where: Filter | None = None
    ) -> list[VideoHit]:
        """The videos most like one of the library, itself left out.

        Raises:
            QueryError: The video is not in the index.
        """
        vector = self._pictures.mean_of_video(video_id) if self._pictures else None
        if vector is None:
            raise QueryError(
                f"video {video_id!r} is not in the index; `tubeseek list` shows what is, "
                "`tubeseek index` embeds what is pending"
            )
        where = where or Filter()
        others = replace(where, not_video_ids=(*where.not_video_ids, video_id))
        return self.search(vector, limit, others)

    def _fits(
        self, query: Query, vector: Vector | None, ids: Sequence[str], said: Iterable[Hit]
    ) -> list[Fit | None]:
        """How well videos fit words: by what is seen or by what is said, whichever is better.

        None where nothing can be said: of another kind of query, or where the pictures were asked,
        cannot be judged, and the words do not fit.
        """
        if not isinstance(query, str) or not ids:
            return [None] * len(ids)
        seen: Sequence[Fit | None] = [Fit.NONE if vector is None else None] * len(ids)
        if self._pictures is not None and vector is not None and self._judge is not None:
            read = self._pictures.store.read_video
            seen = self._judge.fits(vector, [read(video_id).vectors for video_id in ids])
        asked = terms(query)
        said_of = group_by_video(said)
        return [
            _better(by_sight, [fit_of_words(asked, terms(h.text)) for h in said_of.get(one, ())])
            for one, by_sight in zip(ids, seen, strict=True)
        ]

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


def _better(seen: Fit | None, said: Iterable[Fit]) -> Fit | None:
    best = max(said, key=lambda fit: fit.rank, default=Fit.NONE)
    if seen is None:  # words that fit are enough, words that do not say nothing of the pictures
        return None if best is Fit.NONE else best
    return max(seen, best, key=lambda fit: fit.rank)


def _video_hit(video: Video, fused: FusedVideo, fit: Fit | None) -> VideoHit:
    """Without a moment in time, what stands for the whole video is the moment."""
    moments = fused.moments or fused.whole[:1]
    reasons = tuple(reason(hit) for hit in fused.whole[:2])
    return VideoHit(video, fused.score, moments, reasons, fit)


def reason(hit: Hit) -> str:
    """Why a segment was found, in a few words.

    >>> from tubeseek.records import Segment, SegmentKind
    >>> reason(Hit(Segment("a", SegmentKind.STILL, 123.4, 123.4), 0.3))
    'frame at 2:03'
    >>> reason(Hit(Segment("a", SegmentKind.PASSAGE, 5, 35, "caption"), 7.1, "how to peel it"))
    'said: how to peel it'
    >>> reason(Hit(Segment("a", SegmentKind.STILL, 7, 7), 0.3, "how to peel it"))
    'frame at 0:07, while: how to peel it'
    """
    segment = hit.segment
    if segment.track == "caption":
        return f"said: {hit.text}"
    if segment.track:
        return segment.track if segment.track == "title" else f"{segment.track}: {hit.text}"
    if segment.kind == "thumbnail":
        return "thumbnail"
    minutes, second = divmod(int(segment.start), 60)
    hours, minute = divmod(minutes, 60)
    at = f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
    seen = f"{'frame' if segment.kind == 'still' else segment.kind} at {at}"
    return f"{seen}, while: {hit.text}" if hit.text else seen
