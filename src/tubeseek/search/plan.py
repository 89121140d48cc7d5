"""An index as a search asks it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tubeseek.core.index import Index
from tubeseek.core.protocols import PassageStore
from tubeseek.search.passages import PhraseFilter
from tubeseek.search.query.composite import QueryVector
from tubeseek.search.relevance import RelevanceModel


@dataclass(frozen=True, slots=True)
class WeightedIndex:
    """An index of vectors, as a search asks it.

    Args:
        index: Of stills, of clips, or of what words mean.
        judge: Knows what it gives queries that nothing fits; None leaves its hits unjudged.
        weight: How much it counts in the fusion; 0 leaves it out.
    """

    index: Index
    judge: RelevanceModel | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class WeightedPassages:
    """The index of what is said and written, as a search asks it."""

    store: PassageStore
    weight: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class SearchPlan:
    """What is asked of each index.

    Args:
        held: Which videos may be found, and which passages count.
        points: Of each index of vectors; None leaves it out.
        words: What the words are asked; empty leaves them out.
        judged: The words that hits are judged by; empty leaves them unjudged.
    """

    phrase_filter: PhraseFilter
    points: Sequence[QueryVector | None]
    words: str = ""
    judged: str = ""
