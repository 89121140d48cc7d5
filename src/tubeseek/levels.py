"""How well a hit fits its query, in three levels. Imports no numpy: messages speak of it."""

from enum import StrEnum


class Fit(StrEnum):
    """Whether a hit is what was asked for, or only the nearest there is."""

    NONE = "none"
    WEAK = "weak"
    STRONG = "strong"

    def reaches(self, least: "Fit") -> bool:
        """Whether this is at least as good.

        >>> Fit.STRONG.reaches(Fit.WEAK), Fit.NONE.reaches(Fit.WEAK)
        (True, False)
        """
        return self.rank >= least.rank

    @property
    def rank(self) -> int:
        """From 0, the worst; the values themselves sort as words do."""
        return list(Fit).index(self)
