"""How well an encoder finds the right picture of a text among the pictures of some pairs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tubeseek.core.errors import InputError
from tubeseek.core.schemas.run_record import GainRecord, ScoresRecord, SetRecord
from tubeseek.core.types import Vectors
from tubeseek.evaluation.metrics import (
    CUTOFFS,
    Placement,
    placements_of,
    recall_at,
    reciprocal_rank,
)
from tubeseek.evaluation.statistics import Difference, Estimate, compare, estimate_mean
from tubeseek.training.data.pairs import Pair, PairSet
from tubeseek.training.data.split import VALIDATION, find_leaks
from tubeseek.training.trainable import Trainable

COSINES_AT_ONCE = 4_000_000  # 16 MB: captions of a large set times its pictures are many GB
CUTOFF = 10  # of the recall that decides when to stop, and that is reported first


@dataclass(frozen=True, slots=True, eq=False)
class PairScores:
    """Text to picture on one set of pairs; one row for each text."""

    hits: dict[int, NDArray[np.float64]]  # by cut-off, (texts,), 1 where the picture is among them
    mrr: float
    right: NDArray[np.intp]  # (texts,) the picture of each
    pictures: int

    @property
    def recall(self) -> float:
        """The share of texts whose picture is among the first ten."""
        return float(self.hits[CUTOFF].mean())

    def interval(self) -> Estimate:
        """The same with its 95 % bootstrap interval over pictures, each with all of its texts."""
        return estimate_mean(self.hits[CUTOFF], self.right)

    def record(self) -> ScoresRecord:
        """Return the scores as `training.json` has them, to four digits."""
        interval = self.interval()
        return ScoresRecord(
            recall_at_1=self._rounded_recall(1),
            recall_at_5=self._rounded_recall(5),
            recall_at_10=self._rounded_recall(10),
            interval=(round(interval.low, 4), round(interval.high, 4)),
            mrr=round(self.mrr, 4),
            texts=len(self.hits[CUTOFF]),
            pictures=self.pictures,
        )

    def _rounded_recall(self, cutoff: int) -> float:
        return round(float(self.hits[cutoff].mean()), 4)


def measure(trainable: Trainable, pairs: Sequence[Pair]) -> PairScores:
    """Every text of the pairs asks for its picture among all of theirs."""
    texts, pictures = trainable.encode(pairs)
    return measure_vectors(texts, pictures, [len(pair.texts) for pair in pairs])


def measure_vectors(texts: Vectors, pictures: Vectors, texts_each: Sequence[int]) -> PairScores:
    """The same for vectors that are at hand.

    Args:
        texts: (texts, dim), unit length; those of the first picture first.
        pictures: (n, dim), unit length.
        texts_each: (n,) how many texts each picture has.
    """
    right = np.repeat(np.arange(len(pictures)), texts_each)  # (texts,)
    at_once = max(1, COSINES_AT_ONCE // len(pictures))
    placed: list[Placement] = []
    for start in range(0, len(texts), at_once):
        some = slice(start, start + at_once)
        relevance = right[some, None] == np.arange(len(pictures))  # (at_once, n)
        placed += placements_of(texts[some] @ pictures.T, relevance)
    return PairScores(
        {k: recall_at(placed, k) for k in CUTOFFS},
        float(reciprocal_rank(placed).mean()),
        right,
        len(pictures),
    )


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

    before: PairScores
    after: PairScores

    @property
    def gain(self) -> Difference:
        """Of recall@10, with its interval over pictures and the p of a paired test."""
        before, after = self.before.hits[CUTOFF], self.after.hits[CUTOFF]
        return compare(before, after, groups=self.after.right)

    def record(self) -> SetRecord:
        """Return the outcome as `training.json` has it."""
        gain = self.gain
        interval = gain.gain
        return SetRecord(
            before=self.before.record(),
            after=self.after.record(),
            gain=GainRecord(
                value=interval.value, low=interval.low, high=interval.high, p_value=gain.p_value
            ),
        )


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
