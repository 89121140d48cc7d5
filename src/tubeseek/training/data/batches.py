"""Which pairs make a batch, and with which of their texts: a function of the seed and the epoch.

Nothing is kept between epochs, so a run that is resumed meets the very batches it would have met.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tubeseek.core.errors import InputError
from tubeseek.training.data.near_duplicates import near_texts, same_looks, text_key
from tubeseek.training.data.pairs import Pair


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


def same_mask(pairs: Sequence[Pair]) -> NDArray[np.bool_]:
    """Which pairs say or show the same: some text of one is nearly a text of the other, or their
    pictures look the same.

    For a batch: some 0.1 s for 1,500 texts, 0.05 s for 500.

    Returns:
        (n, n), symmetric, False on the diagonal.
    """
    mask = np.zeros((len(pairs), len(pairs)), dtype=bool)
    holders: dict[str, list[int]] = {}  # of each text, the pairs that have it
    for place, pair in enumerate(pairs):
        for key in {text_key(text) for text in pair.texts}:
            holders.setdefault(key, []).append(place)
    keys = list(holders)
    for some in holders.values():
        if len(some) > 1:
            mask[np.ix_(some, some)] = True
    for i, j in near_texts(keys):
        mask[np.ix_(holders[keys[i]], holders[keys[j]])] = True
    for i, j in same_looks([pair.look for pair in pairs]):
        mask[i, j] = True
    mask |= mask.T
    np.fill_diagonal(mask, val=False)
    return mask
