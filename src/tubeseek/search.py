"""The one way to search: CLI, API, app and evaluation all call `Searcher.search`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tubeseek.catalog import Catalog
from tubeseek.errors import QueryError
from tubeseek.fit import Judge, fit_of_words
from tubeseek.fusion import FusedVideo, Ranking, fuse, group_by_video
from tubeseek.index import Index
from tubeseek.levels import Fit
from tubeseek.passages import video_passages
from tubeseek.ports import PassageStore
from tubeseek.reasons import reason
from tubeseek.records import Filter, Hit, Query, SegmentKind, Vector, Video, VideoHit
from tubeseek.words import terms

# Segments fetched per wanted video at first: a video has several segments that are alike.
SEGMENTS_PER_VIDEO = 10
MAX_MOMENTS = 5
MIN_SHARED_TERMS = 0.5  # of a query's terms, for a passage to count
MAX_QUERY_CHARACTERS = 2_000
MAX_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Seen:
    """An index of vectors, as a search asks it.

    Args:
        index: Of stills, of clips, or of what words mean.
        judge: Knows what it gives queries that nothing fits; None leaves its hits unjudged.
        weight: How much it counts in the fusion; 0 leaves it out.
    """

    index: Index
    judge: Judge | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Said:
    """The index of what is said and written, as a search asks it."""

    store: PassageStore
    weight: float = 1.0


class Searcher:
    """Asks the indexes and says which videos, and where in them, fit the query.

    Args:
        catalog: Knows the videos.
        seen: Indexes that read this query; their rankings are fused.
        said: None where it is off.
    """

    def __init__(self, catalog: Catalog, seen: Sequence[Seen], said: Said | None = None) -> None:
        self._catalog = catalog
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
        fused = fuse(rankings, limit, MAX_MOMENTS)
        videos = self._catalog.videos([video.video_id for video in fused])
        # A video just removed may be in a store for an instant.
        fused = [one for one in fused if one.video_id in videos]
        fused = [self._worded(one) for one in fused]
        fits = self._fits(text, asked, [one.video_id for one in fused], said)
        return [
            _video_hit(videos[one.video_id], one, fit) for one, fit in zip(fused, fits, strict=True)
        ]

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
    def _fits(
        text: str, asked: Sequence[tuple[Seen, Vector]], ids: Sequence[str], said: Iterable[Hit]
    ) -> list[Fit | None]:
        """How well videos fit words: by what is seen or by what is said, whichever is better.

        None where nothing can be said: of another kind of query, or where the pictures were asked,
        cannot be judged, and the words do not fit.
        """
        if not text or not ids:
            return [None] * len(ids)
        seen: list[Fit | None] = [None if asked else Fit.NONE] * len(ids)
        for one, vector in asked:
            if one.judge is not None:
                read = one.index.store.read_video
                judged = one.judge.fits(vector, [read(video_id).vectors for video_id in ids])
                seen = [_better(known, [fit]) for known, fit in zip(seen, judged, strict=True)]
        wanted = terms(text)
        said_of = group_by_video(said)
        return [
            _with_words(by_sight, [fit_of_words(wanted, terms(h.text)) for h in said_of.get(i, ())])
            for i, by_sight in zip(ids, seen, strict=True)
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


def _lacks_words(hit: Hit) -> bool:
    return hit.segment.kind is SegmentKind.PASSAGE and not hit.text


def _better(known: Fit | None, more: Iterable[Fit]) -> Fit:
    return max((known or Fit.NONE, *more), key=lambda fit: fit.rank)


def _with_words(seen: Fit | None, said: Iterable[Fit]) -> Fit | None:
    """Words that fit are enough; words that do not say nothing of pictures that are unjudged."""
    best = _better(seen, said)
    return None if seen is None and best is Fit.NONE else best


def _video_hit(video: Video, fused: FusedVideo, fit: Fit | None) -> VideoHit:
    """Without a moment in time, what stands for the whole video is the moment."""
    moments = fused.moments or fused.whole[:1]
    reasons = tuple(reason(hit) for hit in fused.whole[:2])
    return VideoHit(video, fused.score, moments, reasons, fit)
