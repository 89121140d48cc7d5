"""Which videos and passages hold the exact words that a query asks for or leaves out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from tubeseek.mixture import Mixture
from tubeseek.ports import PassageStore
from tubeseek.records import Filter, Hit, SegmentKind
from tubeseek.words import holds_phrase

# Looked through for each phrase: those that hold most of its words. 0.2 ms each.
MOST_PASSAGES = 2_000


@dataclass(frozen=True, slots=True)
class Held:
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


def held(mixture: Mixture, store: PassageStore | None, where: Filter) -> Held:
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
    return Held(
        replace(where, video_ids=video_ids, not_video_ids=tuple(left_out)),
        frozenset(counting) if mixture.phrases else None,
        frozenset(unwanted),
    )
