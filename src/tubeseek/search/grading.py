"""How well found videos fit the words that were asked."""

from collections.abc import Iterable, Sequence

from tubeseek.core.bm25 import term_set
from tubeseek.core.filters import Filter
from tubeseek.core.index import Index
from tubeseek.core.schemas.search import Fit
from tubeseek.core.types import Hit, Vector
from tubeseek.search.fusion import group_by_video
from tubeseek.search.plan import WeightedIndex
from tubeseek.search.relevance import RelevanceModel, fit_of_words

JUDGED_TOGETHER = 64  # videos of which the vectors are in memory at once: 31 MB if all are long


def grade_videos(
    text: str,
    asked: Sequence[tuple[WeightedIndex, Vector]],
    ids: Sequence[str],
    said: Iterable[Hit],
    where: Filter,
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
            judged = _judged(one.judge, one.index, vector, ids, where)
            seen = [_better(known, [fit]) for known, fit in zip(seen, judged, strict=True)]
    wanted = term_set(text)
    said_of = group_by_video(said)
    return [
        _with_words(by_sight, [fit_of_words(wanted, term_set(h.text)) for h in said_of.get(i, ())])
        for i, by_sight in zip(ids, seen, strict=True)
    ]


def _judged(
    judge: RelevanceModel, index: Index, vector: Vector, ids: Sequence[str], where: Filter
) -> list[Fit]:
    """How well the moments of each video that may be found fit what was asked."""
    fits: list[Fit] = []
    for start in range(0, len(ids), JUDGED_TOGETHER):
        read = index.vectors_by_video(ids[start : start + JUDGED_TOGETHER], where)
        fits += judge.fits(vector, list(read.values()))
    return fits


def _better(known: Fit | None, more: Iterable[Fit]) -> Fit:
    return max((known or Fit.NONE, *more), key=lambda fit: fit.rank)


def _with_words(seen: Fit | None, said: Iterable[Fit]) -> Fit | None:
    """Words that fit are enough; words that do not say nothing of pictures that are unjudged."""
    best = _better(seen, said)
    return None if seen is None and best is Fit.NONE else best
