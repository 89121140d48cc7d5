"""Grades how well found videos fit the words of a query."""

from collections.abc import Iterable, Sequence

from tubeseek.core.bm25 import term_set
from tubeseek.core.filters import Filter
from tubeseek.core.index import Index
from tubeseek.core.schemas.search import Fit
from tubeseek.core.types import Hit, Vector
from tubeseek.search.fusion import group_by_video
from tubeseek.search.plan import WeightedIndex
from tubeseek.search.relevance import RelevanceModel, grade_text

VIDEOS_AT_ONCE = 64  # whose vectors are in memory at once: 31 MB if all are long


def grade_videos(
    sentence: str,
    searches: Sequence[tuple[WeightedIndex, Vector]],
    ids: Sequence[str],
    passages: Iterable[Hit],
    where: Filter,
) -> list[Fit | None]:
    """Return how well each video fits: the better grade of its vectors and of its words.

    Args:
        sentence: What to grade by; empty leaves all videos without a grade.
        searches: The indexes of vectors that were searched, with the vector of the sentence.
        ids: The videos to grade.
        passages: The passages that the search found.
        where: Only segments that meet its conditions on moments count.

    Returns:
        For each video its grade; None where nothing can be told: the indexes of vectors have no
        relevance model, and the words do not fit.
    """
    if not sentence or not ids:
        return [None] * len(ids)
    vector_fits: list[Fit | None] = [None if searches else Fit.NONE] * len(ids)
    for weighted, vector in searches:
        if weighted.relevance is not None:
            fits = _grade_vectors(weighted.relevance, weighted.index, vector, ids, where)
            vector_fits = [
                _best(known, [fit]) for known, fit in zip(vector_fits, fits, strict=True)
            ]
    terms = term_set(sentence)
    passages_of = group_by_video(passages)
    return [
        _with_text_fits(
            vector_fit,
            [grade_text(terms, term_set(hit.text)) for hit in passages_of.get(video_id, ())],
        )
        for video_id, vector_fit in zip(ids, vector_fits, strict=True)
    ]


def _grade_vectors(
    relevance: RelevanceModel, index: Index, vector: Vector, ids: Sequence[str], where: Filter
) -> list[Fit]:
    """Return how well the segments of each video that meet the filter fit a vector."""
    fits: list[Fit] = []
    for start in range(0, len(ids), VIDEOS_AT_ONCE):
        vectors = index.vectors_by_video(ids[start : start + VIDEOS_AT_ONCE], where)
        fits += relevance.grade(vector, list(vectors.values()))
    return fits


def _best(known: Fit | None, more: Iterable[Fit]) -> Fit:
    return max((known or Fit.NONE, *more), key=lambda fit: fit.rank)


def _with_text_fits(vector_fit: Fit | None, text_fits: Iterable[Fit]) -> Fit | None:
    """Words that fit are enough; words that do not tell nothing about vectors without a grade."""
    best = _best(vector_fit, text_fits)
    return None if vector_fit is None and best is Fit.NONE else best
