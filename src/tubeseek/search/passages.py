"""Which videos and passages hold the exact words that a query asks for or leaves out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from tubeseek.core.bm25 import holds_phrase, term_set
from tubeseek.core.filters import Filter
from tubeseek.core.protocols import PassageStore
from tubeseek.core.types import Hit, SegmentKind
from tubeseek.search.query.composite import CompositeQuery

# Looked through for each phrase: those that hold most of its words. 0.2 ms each.
MOST_PASSAGES = 2_000
MIN_SHARED_TERMS = 0.5  # of a query's terms, for a passage to count


@dataclass(frozen=True, slots=True)
class PhraseFilter:
    """What exact words leave of a library.

    Args:
        where: Which videos may be found.
        counting: The ids of the passages that count; None: all.
        unwanted: The ids of passages that do not.
    """

    where: Filter
    counting: frozenset[UUID] | None = None
    unwanted: frozenset[UUID] = frozenset()

    @property
    def counts_all(self) -> bool:
        """Whether all passages count."""
        return self.counting is None and not self.unwanted

    def keep(self, hits: Sequence[Hit]) -> Sequence[Hit]:
        """The hits that count; what is no passage does."""
        return hits if self.counts_all else [hit for hit in hits if self._counts(hit)]

    def _counts(self, hit: Hit) -> bool:
        if hit.segment.kind is not SegmentKind.PASSAGE:
            return True
        key = hit.segment.id
        return key not in self.unwanted and (self.counting is None or key in self.counting)


def phrase_filter(
    mixture: CompositeQuery, store: PassageStore | None, where: Filter
) -> PhraseFilter:
    """Looks up the exact words of a mixture.

    Args:
        mixture: With phrases that must be held, and words that must not.
        store: All words of the library; None where there are none.
        where: Which videos may be found anyway.
    """

    def holding(phrase: str) -> list[Hit]:
        if store is None:
            return []
        # a video holds a phrase wherever in it, also outside of the times that are asked for
        anywhere = replace(where, moments_from_seconds=None, moments_until_seconds=None)
        hits = store.search(phrase, MOST_PASSAGES, anywhere)
        return [hit for hit in hits if holds_phrase(phrase, hit.text)]

    counting: set[UUID] = set()
    video_ids = where.video_ids
    for phrase in mixture.phrases:
        hits = holding(phrase)
        counting.update(hit.segment.id for hit in hits)
        having = dict.fromkeys(hit.segment.video_id for hit in hits)
        asked = having if video_ids is None else set(video_ids)
        video_ids = tuple(video_id for video_id in having if video_id in asked)
    unwanted: set[UUID] = set()
    left_out = dict.fromkeys((*where.not_video_ids, *mixture.examples))
    for phrase in dict.fromkeys(mixture.pushed):
        hits = holding(phrase)
        unwanted.update(hit.segment.id for hit in hits)
        if phrase in mixture.excluded:
            left_out |= dict.fromkeys(h.segment.video_id for h in hits if not h.segment.has_time)
    return PhraseFilter(
        replace(where, video_ids=video_ids, not_video_ids=tuple(left_out)),
        frozenset(counting) if mixture.phrases else None,
        frozenset(unwanted),
    )


def matching_passages(store: PassageStore, words: str, exact: PhraseFilter, most: int) -> list[Hit]:
    """The passages that count, best first."""
    if exact.counts_all:
        return _telling(words, store.search(words, most, exact.where))
    hits = exact.keep(store.search(words, MOST_PASSAGES, exact.where))
    if exact.counting is None:
        return _telling(words, hits)
    return sorted(hits, key=_in_order)  # whatever else was asked, they hold the exact words


def _telling(query: str, hits: Iterable[Hit]) -> list[Hit]:
    """The passages that hold a good part of the query's terms.

    A sentence like "a truck that puts out fires" shares its small words with nearly every text; a
    rank earned by those would count as much as one earned by all of them.
    """
    asked = term_set(query)
    telling = (hit for hit in hits if _share_held(asked, hit.text) >= MIN_SHARED_TERMS)
    return sorted(telling, key=_in_order)


def earned_shares(query: str, hits: Iterable[Hit]) -> list[float]:
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
