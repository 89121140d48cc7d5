"""Measures how well an encoder finds the picture that belongs to a text."""

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

COSINES_AT_ONCE = 4_000_000  # 16 MB; the matrix of a large data set would take many GB
CUTOFF = 10  # of the recall that decides when to stop, and that is reported first
LEAST_RETENTION = 2  # pairs
MOST_LOST = 0.02  # recall@10 on the retention set
ROUNDING = 1e-9  # .50 - .48 is more than .02 in floating point


@dataclass(frozen=True, slots=True, eq=False)
class PairScores:
    """Scores of the search from text to picture on one set of pairs.

    Attributes:
        hits: By cut-off, (texts,): 1 where the text's picture is within the cut-off, else 0.
        mrr: The mean reciprocal rank.
        right: (texts,) the index of each text's picture.
        pictures: How many pictures the set has.
    """

    hits: dict[int, NDArray[np.float64]]
    mrr: float
    right: NDArray[np.intp]
    pictures: int

    @property
    def recall(self) -> float:
        """Return the share of texts whose picture is among the first ten."""
        return float(self.hits[CUTOFF].mean())

    def interval(self) -> Estimate:
        """Return recall@10 with its 95 % bootstrap interval over pictures with their texts."""
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """Scores on one set of pairs before and after training."""

    before: PairScores
    after: PairScores

    @property
    def gain(self) -> Difference:
        """Return the gain of recall@10, with its interval over pictures and a paired test's p."""
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


@dataclass(frozen=True, slots=True)
class RetentionSet:
    """Pairs unlike those trained on, on which the encoder must not get worse."""

    name: str
    pairs: PairSet
    most_lost: float = MOST_LOST


def measure(trainable: Trainable, pairs: Sequence[Pair]) -> PairScores:
    """Search with every text of the pairs for its picture among all pictures of the pairs."""
    texts, pictures = trainable.encode(pairs)
    return measure_vectors(texts, pictures, [len(pair.texts) for pair in pairs])


def measure_vectors(texts: Vectors, pictures: Vectors, texts_each: Sequence[int]) -> PairScores:
    """Return the scores of embeddings.

    Args:
        texts: (texts, dim), unit length, in the order of their pictures.
        pictures: (n, dim), unit length.
        texts_each: (n,) how many texts each picture has.
    """
    right = np.repeat(np.arange(len(pictures)), texts_each)  # (texts,)
    at_once = max(1, COSINES_AT_ONCE // len(pictures))
    placements: list[Placement] = []
    for start in range(0, len(texts), at_once):
        rows = slice(start, start + at_once)
        relevance = right[rows, None] == np.arange(len(pictures))  # (at_once, n)
        placements += placements_of(texts[rows] @ pictures.T, relevance)
    return PairScores(
        {k: recall_at(placements, k) for k in CUTOFFS},
        float(reciprocal_rank(placements).mean()),
        right,
        len(pictures),
    )


def exclude_learned(retention: RetentionSet, learned: Sequence[Pair]) -> tuple[Pair, ...]:
    """Return the pairs of a retention set whose title and picture are not trained on.

    Raises:
        InputError: Too few pairs are left to measure on.
    """
    pairs = retention.pairs.pairs
    leaks = find_leaks([(retention.name, pairs), ("train", learned)])
    left = tuple(pair for pair in pairs if pair.id not in leaks)
    if len(left) < LEAST_RETENTION:
        raise InputError(
            f"{len(leaks)} of the {len(pairs)} pairs of {retention.name} share a title or a "
            f"picture with the training data, so too few are left to measure on; choose a data "
            f"set with other pictures for --retention"
        )
    return left


def warnings_of(
    outcomes: Mapping[str, Outcome], retention: RetentionSet | None, *, best_epoch: int
) -> list[str]:
    """Return what the user should know before using the adapter."""
    warnings: list[str] = []
    if best_epoch == 0:
        warnings.append(
            "no epoch scored better on validation than the encoder before training, so the "
            "adapter changes nothing; train on more pairs, or with another --lr"
        )
    for name, outcome in outcomes.items():
        if name != VALIDATION and outcome.before.pictures <= CUTOFF:
            warnings.append(
                f"{name} has only {outcome.before.pictures} pictures, so all of them are among "
                f"the first {CUTOFF} and recall@{CUTOFF} means nothing; measure on more pictures"
            )
    if retention is None:
        return warnings
    outcome = outcomes[retention.name]
    if outcome.before.recall - outcome.after.recall > retention.most_lost + ROUNDING:
        warnings.append(
            f"recall@10 on {retention.name} fell from {outcome.before.recall:.3f} to "
            f"{outcome.after.recall:.3f}: the encoder got worse on other kinds of pictures. Use "
            f"the adapter only for videos like those it was trained on, or train with a lower "
            f"--lr; the encoder without the adapter and its index are kept"
        )
    return warnings
