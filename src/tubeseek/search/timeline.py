"""Draws up the timeline of one video: how well each of its moments fits a query, by each index."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from tubeseek.catalog import IndexRow
from tubeseek.core.bm25 import (
    K1,
    document_vector,
    inverse_document_frequency,
    shares_word,
    terms,
)
from tubeseek.core.bm25 import query_vector as term_vector
from tubeseek.core.errors import StoreError
from tubeseek.core.index import Index
from tubeseek.core.protocols import PassageStore
from tubeseek.core.schemas import ChapterFacts, Curve, CurvePoint, ReplayStretch, Timeline
from tubeseek.core.schemas.search import WORDS_INDEX
from tubeseek.core.types import EmbeddingBatch, Frames, Hit, Passage, Vector, Video
from tubeseek.search.query.composite import CompositeQuery
from tubeseek.search.query.vectors import query_vector


def build_timeline(
    video: Video,
    query: str | Frames | CompositeQuery | None,
    rows: Sequence[IndexRow],
    open_index: Callable[[IndexRow], Index],
    open_words: Callable[[], PassageStore] | None,
) -> Timeline:
    """Return the timeline of a video; an index that is damaged is left out, with a notice.

    Args:
        video: The video as the catalogue knows it.
        query: What to look for; None leaves out the curves.
        rows: The indexes of vectors to search.
        open_index: Opens one of them; raises `StoreError` if it is damaged.
        open_words: Opens the index of words, likewise; None where there is none.
    """
    curves: list[Curve | None] = []
    notices: list[str] = []
    if query is not None:
        for row in rows:
            with _noted(notices):
                curves.append(_index_curve(video.id, query, row.spec.name, open_index(row)))
        words = query.words if isinstance(query, CompositeQuery) else query
        if open_words is not None and isinstance(words, str):
            with _noted(notices):
                curves.append(words_curve(words, open_words().read_video(video.id)))
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
        notices=tuple(notices),
    )


def cosine_curve(index: str, query: Vector, segments: EmbeddingBatch) -> Curve | None:
    """Return the cosine of each segment that has a time.

    Args:
        index: The name of the curve.
        query: (dim,) float32 of unit length.
        segments: The segments of one video.

    Returns:
        None where no segment has a time, as when only the thumbnail of a video is known.
    """
    cosines = segments.vectors @ query  # (segments,)
    return _curve(index, map(Hit, segments.segments, [float(cosine) for cosine in cosines]))


def words_curve(query: str, passages: Sequence[Passage]) -> Curve | None:
    """Return the BM25 score of each passage that has a time, as a share of the highest possible.

        sum_t idf(t) w(t, passage) / (sum_t idf(t) (k1 + 1))

    over the terms t of the query, where w is BM25's weight without its IDF and k1 + 1 is what w
    tends to. The IDF is that among the passages of this video: a word that is spoken all along it
    tells no moment from another. A passage that shares no whole word with the query has 0.

    Returns:
        None where no passage has a time, or the query has no words.
    """
    timed = [passage for passage in passages if passage.segment.has_time]
    query_terms = term_vector(terms(query))
    weights = [document_vector(terms(passage.text)) for passage in timed]
    document_counts = Counter(
        key for weight in weights for key in query_terms.keys() & weight.keys()
    )
    idf = {key: inverse_document_frequency(len(timed), document_counts[key]) for key in query_terms}
    highest = sum(idf.values()) * (K1 + 1)
    if not timed or highest <= 0:
        return None
    return _curve(
        WORDS_INDEX,
        [
            Hit(
                passage.segment,
                _bm25(weight, idf) / highest if shares_word(query, passage.text) else 0,
            )
            for passage, weight in zip(timed, weights, strict=True)
        ],
    )


def _bm25(weights: dict[int, float], idf: dict[int, float]) -> float:
    return sum(rarity * weights.get(key, 0.0) for key, rarity in idf.items())


@contextmanager
def _noted(notices: list[str]) -> Iterator[None]:
    """Turn the error of a damaged index into a notice."""
    try:
        yield
    except StoreError as error:
        notices.append(f"The timeline is not complete: {error}.")


def _index_curve(
    video_id: str, query: str | Frames | CompositeQuery, name: str, index: Index
) -> Curve | None:
    vector = query_vector(query, index)
    if vector is None:
        return None
    return cosine_curve(name, vector.vector, index.store.read_videos([video_id]))


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
