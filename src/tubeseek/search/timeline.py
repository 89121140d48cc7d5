"""How well each moment of one video fits a query. Pure functions of what its indexes hold."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tubeseek.catalog import IndexRow
from tubeseek.core.bm25 import (
    K1,
    document_vector,
    inverse_document_frequency,
    query_vector,
    shares_word,
    terms,
)
from tubeseek.core.schemas import ChapterFacts, Curve, CurvePoint, ReplayStretch, Timeline
from tubeseek.core.schemas.search import WORDS_INDEX
from tubeseek.core.types import EmbeddingBatch, Frames, Hit, Passage, Vector, Video
from tubeseek.search.open_indexes import OpenIndexes
from tubeseek.search.query.composite import CompositeQuery, query_vector_of


def cosine_curve(index: str, query: Vector, segments: EmbeddingBatch) -> Curve | None:
    """The cosine of each segment that has a time.

    Args:
        index: How the curve is called.
        query: (dim,) float32 of unit length.
        segments: Of one video.

    Returns:
        None where none has a time, such as of a video whose thumbnail alone is known.
    """
    cosines = segments.vectors @ query  # (segments,)
    return _curve(index, map(Hit, segments.segments, [float(cosine) for cosine in cosines]))


def words_curve(query: str, passages: Sequence[Passage]) -> Curve | None:
    """The share of BM25 that each passage with a time has of the most that any text could have.

        sum_t idf(t) w(t, passage) / (sum_t idf(t) (k1 + 1))

    over the terms t of the query, w being BM25's weight without its IDF and k1 + 1 what w tends
    to. The IDF is that among the passages of this video: what is said all along it tells no moment
    from another. A passage that shares no whole word with the query has 0.

    Returns:
        None where no passage has a time, or the query has no words.
    """
    timed = [passage for passage in passages if passage.segment.has_time]
    asked = query_vector(terms(query))
    weights = [document_vector(terms(passage.text)) for passage in timed]
    holding = Counter(key for one in weights for key in asked.keys() & one.keys())
    idf = {key: inverse_document_frequency(len(timed), holding[key]) for key in asked}
    most = sum(idf.values()) * (K1 + 1)
    if not timed or most <= 0:
        return None
    return _curve(
        WORDS_INDEX,
        [
            Hit(passage.segment, _held(one, idf) / most if shares_word(query, passage.text) else 0)
            for passage, one in zip(timed, weights, strict=True)
        ],
    )


def _held(weights: dict[int, float], idf: dict[int, float]) -> float:
    return sum(rarity * weights.get(key, 0.0) for key, rarity in idf.items())


def _curve(index: str, hits: Iterable[Hit]) -> Curve | None:
    timed = sorted(
        (hit for hit in hits if hit.segment.has_time),
        key=lambda hit: (hit.segment.start, hit.segment.end),
    )
    if not timed:
        return None
    return Curve(
        index=index,
        kind=timed[0].segment.kind.value,
        points=tuple(
            CurvePoint(start=hit.segment.start, end=hit.segment.end, score=round(hit.score, 4))
            for hit in timed
        ),
    )


def chart(
    video: Video,
    query: str | Frames | CompositeQuery | None,
    rows: Sequence[IndexRow],
    opened: OpenIndexes,
    *,
    has_words: bool,
) -> Timeline:
    """The timeline of a video.

    Args:
        video: As the catalogue knows it.
        query: What is looked for; None asks for no curves.
        rows: The indexes of vectors to ask.
        opened: Opens them.
        has_words: Whether there is an index of words to ask.
    """
    curves: list[Curve | None] = []
    if query is not None:
        curves += [_seen(video.id, query, row, opened) for row in rows]
        words = query.words if isinstance(query, CompositeQuery) else query
        if has_words and isinstance(words, str):
            curves.append(words_curve(words, opened.words().read_video(video.id)))
    return Timeline(
        video_id=video.id,
        duration_seconds=video.duration_seconds,
        curves=tuple(curve for curve in curves if curve is not None),
        chapters=tuple(
            ChapterFacts(title=c.title, start=c.start, end=c.end) for c in video.chapters
        ),
        replayed=tuple(
            ReplayStretch(start=h.start, end=h.end, value=h.value) for h in video.heatmap
        ),
    )


def _seen(
    video_id: str, query: str | Frames | CompositeQuery, row: IndexRow, opened: OpenIndexes
) -> Curve | None:
    index = opened.index(row)
    if isinstance(query, CompositeQuery):
        point = query_vector_of(query, index)
        if point is None:
            return None  # this index cannot be asked
        vector = point.vector
    else:
        vector = index.vector(query)
    return cosine_curve(row.spec.name, vector, index.store.read_videos([video_id]))
