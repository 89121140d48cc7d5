"""How well found videos fit the words that were asked."""

from collections.abc import Iterable, Sequence

from tubeseek.asked import Seen
from tubeseek.filters import matches_moment
from tubeseek.fit import fit_of_words
from tubeseek.fusion import group_by_video
from tubeseek.levels import Fit
from tubeseek.records import EmbeddingBatch, Filter, Hit, Vector, Vectors
from tubeseek.words import terms


def fits_of(
    text: str,
    asked: Sequence[tuple[Seen, Vector]],
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
            videos = [_asked_for(one.index.store.read_video(i), where) for i in ids]
            judged = one.judge.fits(vector, videos)
            seen = [_better(known, [fit]) for known, fit in zip(seen, judged, strict=True)]
    wanted = terms(text)
    said_of = group_by_video(said)
    return [
        _with_words(by_sight, [fit_of_words(wanted, terms(h.text)) for h in said_of.get(i, ())])
        for i, by_sight in zip(ids, seen, strict=True)
    ]


def _asked_for(batch: EmbeddingBatch, where: Filter) -> Vectors:
    """Of a video, the vectors of the moments that may be found: (n, dim)."""
    if where.moments_from_seconds is None and where.moments_until_seconds is None:
        return batch.vectors
    kept: Vectors = batch.vectors[[matches_moment(where, s) for s in batch.segments]]
    return kept


def _better(known: Fit | None, more: Iterable[Fit]) -> Fit:
    return max((known or Fit.NONE, *more), key=lambda fit: fit.rank)


def _with_words(seen: Fit | None, said: Iterable[Fit]) -> Fit | None:
    """Words that fit are enough; words that do not say nothing of pictures that are unjudged."""
    best = _better(seen, said)
    return None if seen is None and best is Fit.NONE else best
