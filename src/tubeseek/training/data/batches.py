"""Divides pairs into batches, and chooses the text that each pair is trained with.

Both depend on nothing but the seed and the epoch, so a resumed run gets exactly the batches that it
would have got without the interruption.
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
    """A pair with the text that it is trained with in this epoch."""

    pair: Pair
    text: str
    view: tuple[int, ...]  # seed of the augmentation of the picture; new in each epoch


def batches_per_epoch(pairs: int, batch: int) -> int:
    """Return the number of batches whose size comes closest to `batch`."""
    return max(1, round(pairs / batch))


def batches(
    pairs: Sequence[Pair], batch: int, *, seed: int, epoch: int, processes: int = 1
) -> list[list[Item]]:
    """Return the batches of one epoch, all of the same size, in random order.

    The size is the multiple of `processes` that leaves the fewest pairs over for the number of
    batches of an epoch. Each epoch leaves out different pairs.

    Args:
        pairs: The pairs to train on.
        batch: The wished size.
        seed: The seed of the training run.
        epoch: The number of the epoch.
        processes: How many processes share a batch.

    Raises:
        InputError: There are fewer than two pairs for each process.
    """
    count = batches_per_epoch(len(pairs), batch)
    size = len(pairs) // count // processes * processes
    if size < 2 * processes:
        raise InputError(
            f"{len(pairs)} pairs are too few to train on with {processes} processes; add more pairs"
        )
    random = np.random.default_rng([seed, epoch])
    order = random.permutation(len(pairs))
    items = [
        Item(
            pairs[i],
            pairs[i].texts[random.integers(len(pairs[i].texts))],
            (seed, epoch, int(i) + 1),  # + 1, because NumPy ignores a trailing 0 of a seed
        )
        for i in order
    ]
    return [items[at : at + size] for at in range(0, count * size, size)]


def share(batch: Sequence[Item], rank: int, processes: int) -> Sequence[Item]:
    """Return the part of a batch that one process embeds; ranks get consecutive parts."""
    size = len(batch) // processes
    return batch[rank * size : (rank + 1) * size]


def same_mask(pairs: Sequence[Pair]) -> NDArray[np.bool_]:
    """Return which pairs are near duplicates, by one of their texts or by their pictures.

    It takes about 0.1 s for 1,500 texts, 0.05 s for 500.

    Returns:
        (n, n), symmetric, False on the diagonal.
    """
    mask = np.zeros((len(pairs), len(pairs)), dtype=bool)
    holders: dict[str, list[int]] = {}  # by text, the pairs that have it
    for place, pair in enumerate(pairs):
        for key in {text_key(text) for text in pair.texts}:
            holders.setdefault(key, []).append(place)
    keys = list(holders)
    for places in holders.values():
        if len(places) > 1:
            mask[np.ix_(places, places)] = True
    for i, j in near_texts(keys):
        mask[np.ix_(holders[keys[i]], holders[keys[j]])] = True
    for i, j in same_looks([pair.look for pair in pairs]):
        mask[i, j] = True
    mask |= mask.T
    np.fill_diagonal(mask, val=False)
    return mask
