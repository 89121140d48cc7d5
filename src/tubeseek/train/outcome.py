"""What a run has changed, for better or worse."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tubeseek.errors import InputError
from tubeseek.evaluate.intervals import Difference, compare
from tubeseek.train.leakage import find_leaks
from tubeseek.train.measuring import CUTOFF, Measured
from tubeseek.train.pairs import Pair, PairSet
from tubeseek.train.splitting import VALIDATION

LEAST_GENERAL = 2  # pairs
MOST_LOST = 0.02  # recall@10 on general pictures
ROUNDING = 1e-9  # .50 - .48 is more than .02 in floating point


@dataclass(frozen=True, slots=True)
class General:
    """Pairs that have nothing to do with those trained on: what must not be forgotten."""

    name: str
    pairs: PairSet
    most_lost: float = MOST_LOST


def not_learned(general: General, learned: Sequence[Pair]) -> tuple[Pair, ...]:
    """The general pairs but for those whose title or picture is learned from.

    Raises:
        InputError: Too few are left to measure anything on.
    """
    leaks = find_leaks([(general.name, general.pairs.pairs), ("train", learned)])
    left = tuple(pair for pair in general.pairs.pairs if pair.id not in leaks)
    if len(left) < LEAST_GENERAL:
        raise InputError(
            f"{len(leaks)} of the {len(general.pairs.pairs)} pairs of {general.name} are learned "
            f"from, by title or picture, so nothing can be measured on it; give other pictures to "
            f"--retention"
        )
    return left


@dataclass(frozen=True, slots=True)
class Outcome:
    """Recall on one set of pairs, before and after."""

    before: Measured
    after: Measured

    @property
    def gain(self) -> Difference:
        """Of recall@10, with its interval over pictures and the p of a paired test."""
        before, after = self.before.hits[CUTOFF], self.after.hits[CUTOFF]
        return compare(before, after, groups=self.after.right)

    def told(self) -> dict[str, Any]:
        """As the card has it."""
        gain = self.gain
        return {
            "before": self.before.told(),
            "after": self.after.told(),
            "gain": {**asdict(gain.gain), "p_value": gain.p_value},
        }


def warnings_of(
    outcomes: Mapping[str, Outcome], general: General | None, *, best_epoch: int
) -> list[str]:
    """What the user should know before using the adapter."""
    found: list[str] = []
    if best_epoch == 0:
        found.append(
            "no epoch was better on validation than the encoder as it was, so the adapter "
            "changes nothing; train on more pairs, or with another --lr"
        )
    for name, outcome in outcomes.items():
        if name != VALIDATION and outcome.before.pictures <= CUTOFF:
            found.append(
                f"{name} has {outcome.before.pictures} pictures, and the first {CUTOFF} are all "
                f"of them: its recall@{CUTOFF} says nothing; measure on more"
            )
    if general is None:
        return found
    outcome = outcomes[general.name]
    if outcome.before.recall - outcome.after.recall > general.most_lost + ROUNDING:
        found.append(
            f"on {general.name} recall@10 fell from {outcome.before.recall:.3f} to "
            f"{outcome.after.recall:.3f}: what is gained on your videos is lost elsewhere. The "
            f"encoder without the adapter stays, and so does its index; use the adapter for "
            f"videos of this kind only, or train with a lower --lr"
        )
    return found
