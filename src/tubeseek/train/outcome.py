"""What a run has changed, for better or worse."""

from dataclasses import asdict, dataclass
from typing import Any

from tubeseek.evaluate.intervals import Difference, compare
from tubeseek.train.measuring import CUTOFF, Measured
from tubeseek.train.pairs import PairSet

MOST_LOST = 0.02  # recall@10 on general pictures


@dataclass(frozen=True, slots=True)
class General:
    """Pairs that have nothing to do with those trained on: what must not be forgotten."""

    name: str
    pairs: PairSet
    most_lost: float = MOST_LOST


@dataclass(frozen=True, slots=True)
class Outcome:
    """Recall on one set of pairs, before and after."""

    before: Measured
    after: Measured

    @property
    def gain(self) -> Difference:
        """Of recall@10, with its interval over texts and the p of a paired test."""
        return compare(self.before.hits[CUTOFF], self.after.hits[CUTOFF])

    def told(self) -> dict[str, Any]:
        """As the card has it."""
        gain = self.gain
        return {
            "before": self.before.told(),
            "after": self.after.told(),
            "gain": {**asdict(gain.gain), "p_value": gain.p_value},
        }
