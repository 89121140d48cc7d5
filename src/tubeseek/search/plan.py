"""Defines what one search asks of each index."""

from collections.abc import Sequence
from dataclasses import dataclass

from tubeseek.core.index import Index
from tubeseek.core.protocols import PassageStore
from tubeseek.search.joint_relevance import BackgroundEvidence
from tubeseek.search.passages import PhraseFilter
from tubeseek.search.query.vectors import QueryVector
from tubeseek.search.relevance import RelevanceModel


@dataclass(frozen=True, slots=True, eq=False)
class WeightedIndex:
    """An index of vectors that takes part in a search.

    Args:
        index: Of stills, of clips, or of the meaning of words.
        relevance: Grades its hits; None leaves them without a grade.
        weight: How much it counts in the fusion; 0 leaves it out.
        background: What it says of the background queries; None where nothing is known.
    """

    index: Index
    relevance: RelevanceModel | None = None
    weight: float = 1.0
    background: BackgroundEvidence | None = None


@dataclass(frozen=True, slots=True)
class WeightedPassages:
    """The index of words, when it takes part in a search.

    Args:
        store: The words of the library.
        weight: How much they count in the fusion; with 0 they only serve exact phrases.
    """

    store: PassageStore
    weight: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class SearchPlan:
    """What one search asks of each index.

    Args:
        phrase_filter: Which videos may be found, and which of their passages count.
        vectors: What each index of vectors is searched for; None leaves that index out.
        words: What the index of words is searched for; empty leaves it out.
        main_sentence: What hits are graded by; empty leaves them without a grade.
    """

    phrase_filter: PhraseFilter
    vectors: Sequence[QueryVector | None]
    words: str = ""
    main_sentence: str = ""
