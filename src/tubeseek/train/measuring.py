"""How well an encoder finds the right picture of a text among the pictures of some pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tubeseek.evaluate.intervals import Estimate, estimate_mean
from tubeseek.evaluate.metrics import CUTOFFS, Placement, placements_of, recall_at, reciprocal_rank
from tubeseek.records import Vectors
from tubeseek.train.pairs import Pair
from tubeseek.train.trainable import Trainable

COSINES_AT_ONCE = 4_000_000  # 16 MB: captions of a large set times its pictures are many GB
CUTOFF = 10  # of the recall that decides when to stop, and that is reported first


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
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

    def told(self) -> dict[str, Any]:
        """As the card has it."""
        interval = self.interval()
        return {f"recall@{k}": round(float(self.hits[k].mean()), 4) for k in CUTOFFS} | {
            f"recall@{CUTOFF}_interval": [round(interval.low, 4), round(interval.high, 4)],
            "mrr": round(self.mrr, 4),
            "texts": len(self.hits[CUTOFF]),
            "pictures": self.pictures,
        }


def measure(trainable: Trainable, pairs: Sequence[Pair]) -> Measured:
    """Every text of the pairs asks for its picture among all of theirs."""
    texts, pictures = trainable.encode(pairs)
    return measure_vectors(texts, pictures, [len(pair.texts) for pair in pairs])


def measure_vectors(texts: Vectors, pictures: Vectors, texts_each: Sequence[int]) -> Measured:
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
    return Measured(
        {k: recall_at(placed, k) for k in CUTOFFS},
        float(reciprocal_rank(placed).mean()),
        right,
        len(pictures),
    )
