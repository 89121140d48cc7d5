"""Divides pairs into what is trained on, what decides when to stop, and what is reported."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tubeseek.errors import InputError
from tubeseek.train.pairs import Pair


@dataclass(frozen=True, slots=True)
class Split:
    """Three parts that share no group, and no picture or title."""

    train: tuple[Pair, ...]
    validation: tuple[Pair, ...]
    test: tuple[Pair, ...]
    leaks: tuple[str, ...] = ()  # what was left out because another part holds it; one message each


def split_pairs(
    pairs: Sequence[Pair], *, seed: int, validation: float = 0.1, test: float = 0.2
) -> Split:
    """Divides by group, never by row.

    Raises:
        InputError: There are too few groups.
    """
    groups = sorted({pair.group for pair in pairs})
    random.Random(seed).shuffle(groups)  # noqa: S311  not for secrets
    tests, validations = (round(share * len(groups)) for share in (test, validation))
    if len(groups) < 3:
        raise InputError("need at least three channels")
    of = dict.fromkeys(groups, "train")
    of |= dict.fromkeys(groups[:tests], "test")
    of |= dict.fromkeys(groups[tests : tests + validations], "validation")
    trained, watched, tested = (
        tuple(pair for pair in pairs if of[pair.group] == part)
        for part in ("train", "validation", "test")
    )
    return Split(trained, watched, tested)
