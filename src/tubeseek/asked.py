"""An index as a search asks it."""

from dataclasses import dataclass

from tubeseek.fit import Judge
from tubeseek.index import Index
from tubeseek.ports import PassageStore


@dataclass(frozen=True, slots=True)
class Seen:
    """An index of vectors, as a search asks it.

    Args:
        index: Of stills, of clips, or of what words mean.
        judge: Knows what it gives queries that nothing fits; None leaves its hits unjudged.
        weight: How much it counts in the fusion; 0 leaves it out.
    """

    index: Index
    judge: Judge | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Said:
    """The index of what is said and written, as a search asks it."""

    store: PassageStore
    weight: float = 1.0
