"""Finds the passages that match the words of a query, and applies its exact phrases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from tubeseek.core.bm25 import holds_phrase
from tubeseek.core.filters import Filter
from tubeseek.core.protocols import PassageStore
from tubeseek.core.types import Hit, SegmentKind
from tubeseek.search.fusion import group_by_video
from tubeseek.search.query.composite import CompositeQuery

# The most passages read for each phrase: those with most of its words. 0.2 ms each.
MAX_PASSAGES = 2_000
PASSAGES_PER_VIDEO = 4  # read at first


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
    store: PassageStore,
    words: str,
    weights: Mapping[str, float],
    phrases: PhraseFilter,
    videos: int,
) -> list[Hit]:
    """Return the passages that hold words of a query and count, best first.

    Args:
        store: The words of the library.
        words: The query.
        weights: What holding each of its terms tells, in nats; scores are sums of these.
        phrases: Which videos and passages count.
        videos: How many videos to find, if so many hold a word.
    """
    limit = PASSAGES_PER_VIDEO * videos if phrases.counts_all else MAX_PASSAGES
    while True:
        hits = store.search(words, limit, phrases.where, weights)
        if len(hits) < limit or limit >= MAX_PASSAGES or len(group_by_video(hits)) >= videos:
            return sorted(phrases.keep(hits), key=_order)
        limit = min(4 * limit, MAX_PASSAGES)


def _order(hit: Hit) -> tuple[float, str, float]:
    """Sort the best first. Titles often tie, and a store returns ties in the order of addition."""
    return -round(hit.score, 4), hit.segment.video_id, hit.segment.start
