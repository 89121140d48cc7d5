"""Finds the passages that match the words of a query, and applies its exact phrases."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from tubeseek.core.bm25 import holds_phrase, term_set
from tubeseek.core.filters import Filter
from tubeseek.core.protocols import PassageStore
from tubeseek.core.types import Hit, SegmentKind
from tubeseek.search.query.composite import CompositeQuery

# The most passages read for each phrase: those with most of its words. 0.2 ms each.
MAX_PASSAGES = 2_000
MIN_TERM_SHARE = 0.5  # of a query's terms, for a passage to count


@dataclass(frozen=True, slots=True)
class PhraseFilter:
    """Which videos and passages the exact phrases of a query leave.

    Args:
        where: Which videos may be found.
        counted_ids: The ids of the passages that count; None: all.
        ignored_ids: The ids of passages that do not count.
    """

    where: Filter
    counted_ids: frozenset[UUID] | None = None
    ignored_ids: frozenset[UUID] = frozenset()

    @property
    def counts_all(self) -> bool:
        """Whether all passages count."""
        return self.counted_ids is None and not self.ignored_ids

    def keep(self, hits: Sequence[Hit]) -> Sequence[Hit]:
        """Return the hits that count; those that are not passages always do."""
        return hits if self.counts_all else [hit for hit in hits if self._counts(hit)]

    def _counts(self, hit: Hit) -> bool:
        if hit.segment.kind is not SegmentKind.PASSAGE:
            return True
        key = hit.segment.id
        return key not in self.ignored_ids and (self.counted_ids is None or key in self.counted_ids)


def phrase_filter(query: CompositeQuery, store: PassageStore | None, where: Filter) -> PhraseFilter:
    """Look up the exact phrases of a query.

    Args:
        query: Its phrases must be in a video, its excluded phrases must not.
        store: The words of the library; None where there are none.
        where: Which videos may be found apart from that.
    """

    def passages_with(phrase: str) -> list[Hit]:
        if store is None:
            return []
        # a video may contain a phrase outside of the times that the filter allows
        anywhere = replace(where, moments_from_seconds=None, moments_until_seconds=None)
        hits = store.search(phrase, MAX_PASSAGES, anywhere)
        return [hit for hit in hits if holds_phrase(phrase, hit.text)]

    counted: set[UUID] = set()
    video_ids = where.video_ids
    for phrase in query.phrases:
        hits = passages_with(phrase)
        counted.update(hit.segment.id for hit in hits)
        with_phrase = dict.fromkeys(hit.segment.video_id for hit in hits)
        allowed = with_phrase if video_ids is None else set(video_ids)
        video_ids = tuple(video_id for video_id in with_phrase if video_id in allowed)
    ignored: set[UUID] = set()
    excluded_ids = dict.fromkeys((*where.not_video_ids, *query.example_ids))
    for phrase in dict.fromkeys(query.subtracted_phrases):
        hits = passages_with(phrase)
        ignored.update(hit.segment.id for hit in hits)
        if phrase in query.excluded_phrases:
            whole = (hit.segment for hit in hits if not hit.segment.has_time)
            excluded_ids |= dict.fromkeys(segment.video_id for segment in whole)
    return PhraseFilter(
        replace(where, video_ids=video_ids, not_video_ids=tuple(excluded_ids)),
        frozenset(counted) if query.phrases else None,
        frozenset(ignored),
    )


def matching_passages(
    store: PassageStore, words: str, phrases: PhraseFilter, limit: int
) -> list[Hit]:
    """Return the passages that match words and count, best first.

    Args:
        store: The words of the library.
        words: What to search for.
        phrases: Which videos and passages count.
        limit: The most passages to return where all passages count.
    """
    if phrases.counts_all:
        return _with_enough_terms(words, store.search(words, limit, phrases.where))
    hits = phrases.keep(store.search(words, MAX_PASSAGES, phrases.where))
    if phrases.counted_ids is None:
        return _with_enough_terms(words, hits)
    return sorted(hits, key=_order)  # they contain the exact phrase, whatever other terms they lack


def earned_shares(query: str, hits: Iterable[Hit]) -> list[float]:
    """Return what each passage earns: the square of the share of the query's terms it contains.

    So a title that was typed in full comes before one that shares some words with it and happens to
    look more like it; docs/evaluation.md has the figures.
    """
    terms = term_set(query)
    return [_term_share(terms, hit.text) ** 2 for hit in hits]


def _with_enough_terms(query: str, hits: Iterable[Hit]) -> list[Hit]:
    """Return the passages that contain a good part of the query's terms, best first.

    A sentence like "a truck that puts out fires" shares its small words with nearly every text; a
    rank earned by those would count as much as one earned by all of them.
    """
    terms = term_set(query)
    enough = (hit for hit in hits if _term_share(terms, hit.text) >= MIN_TERM_SHARE)
    return sorted(enough, key=_order)


def _term_share(terms: frozenset[str], text: str) -> float:
    """Return the share of the terms that a text contains; 1 where there are no terms."""
    return len(terms & term_set(text)) / len(terms) if terms else 1.0


def _order(hit: Hit) -> tuple[float, str, float]:
    """Sort the best first. Titles often tie, and a store returns ties in the order of addition."""
    return -round(hit.score, 4), hit.segment.video_id, hit.segment.start
