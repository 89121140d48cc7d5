"""Which pairs make a batch, and with which of their texts: a function of the seed and the epoch.

Nothing is kept between epochs, so a run that is resumed meets the very batches it would have met.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tubeseek.errors import InputError
from tubeseek.train.pairs import Pair


@dataclass(frozen=True, slots=True)
class Item:
    """A pair with the one of its texts that it is trained with this time."""

    pair: Pair
    text: str
    view: tuple[int, ...]  # seed of how the picture is augmented, if it is; new in each epoch


def batches_per_epoch(pairs: int, batch: int) -> int:
    """How many batches come closest to the size asked for."""
    return max(1, round(pairs / batch))


def batches(
    pairs: Sequence[Pair], batch: int, *, seed: int, epoch: int, processes: int = 1
) -> list[list[Item]]:
    """The batches of one epoch, all of one size, in random order.

    The size is what divides the pairs best, a multiple of `processes`; the few pairs that are left
    over are others in each epoch.

    Raises:
        InputError: There are not two pairs for each process.
    """
    count = batches_per_epoch(len(pairs), batch)
    size = len(pairs) // count // processes * processes
    if size < 2 * processes:
        raise InputError(
            f"{len(pairs)} pairs are too few to train on with {processes} processes; add more"
        )
    random = np.random.default_rng([seed, epoch])
    order = random.permutation(len(pairs))
    items = [
        Item(
            pairs[i],
            pairs[i].texts[random.integers(len(pairs[i].texts))],
            (seed, epoch, int(i) + 1),  # a trailing 0 would be as if it were not there
        )
        for i in order
    ]
    return [items[at : at + size] for at in range(0, count * size, size)]


def share(batch: Sequence[Item], rank: int, processes: int) -> Sequence[Item]:
    """What one process embeds of a batch; in order of ranks the shares are the batch again."""
    size = len(batch) // processes
    return batch[rank * size : (rank + 1) * size]
