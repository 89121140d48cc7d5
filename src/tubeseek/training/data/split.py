"""Divides pairs into what is trained on, what decides when to stop, and what is reported.

Channels are divided, never rows: a channel's thumbnails share their design and its titles their
wording, so that a split by row would measure how well these were learned by heart.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from tubeseek.core.errors import InputError
from tubeseek.training.data.near_duplicates import same_looks, text_key
from tubeseek.training.data.pairs import Pair

Key = TypeVar("Key", bound=Hashable)


def find_leaks(parts: Sequence[tuple[str, Sequence[Pair]]]) -> dict[str, str]:
    """What must be left out so that no part holds what a later one does.

    Two pairs are one where all texts of the one are among those of the other (`text_key`), or where
    their pictures look the same (`same_looks`).

    Args:
        parts: Their names and pairs; a later one keeps what an earlier one must do without. Ids
            occur once in all of them.

    Returns:
        For the id of each pair to leave out, why.
    """
    titles = _leaks("title", parts, _texts_of, _same_texts)
    pictures = _leaks("picture", parts, _look_of, same_looks)
    return titles | {name: why for name, why in pictures.items() if name not in titles}


def _leaks(
    what: str,
    parts: Sequence[tuple[str, Sequence[Pair]]],
    key_of: Callable[[Pair], Key],
    matches_of: Callable[[Sequence[Key]], Iterable[tuple[int, int]]],
) -> dict[str, str]:
    """The same for one thing that two pairs may share."""
    # One stands for all of its part that have the same: they may be a whole channel.
    alike: dict[tuple[Key, int], list[Pair]] = {}
    for number, (_, some) in enumerate(parts):
        for pair in some:
            alike.setdefault((key_of(pair), number), []).append(pair)
    keys, groups = list(alike), list(alike.values())
    found: dict[str, str] = {}
    for i, j in matches_of([key for key, _ in keys]):
        less, more = (i, j) if keys[i][1] < keys[j][1] else (j, i)
        if keys[less][1] == keys[more][1]:
            continue
        name, keeps = parts[keys[less][1]][0], parts[keys[more][1]][0]
        for pair in groups[less]:
            found.setdefault(
                pair.id,
                f"{pair.id} is left out of {name}: it has the {what} of {groups[more][0].id},"
                f" which is in {keeps}",
            )
    return found


def _texts_of(pair: Pair) -> frozenset[str]:
    return frozenset(filter(None, map(text_key, pair.texts)))


def _look_of(pair: Pair) -> int | None:
    return pair.look


def _same_texts(keys: Sequence[frozenset[str]]) -> Iterator[tuple[int, int]]:
    """Which say nothing but what another says too."""
    holders: dict[str, list[int]] = defaultdict(list)
    for place, some in enumerate(keys):
        for key in some:
            holders[key].append(place)
    for place, some in enumerate(keys):
        if not some:
            continue
        # whoever says all of it also says what the fewest say
        for other in min((holders[key] for key in some), key=len):
            if other != place and some <= keys[other]:
                yield place, other


VALIDATION = "validation"
PARTS = ("train", VALIDATION, "test")
Counts: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Split:
    """Three parts that share no group, no title and no picture."""

    train: tuple[Pair, ...]
    validation: tuple[Pair, ...]
    test: tuple[Pair, ...]
    leaks: tuple[str, ...] = ()  # what was left out because another part holds it; one message each


def split_pairs(
    pairs: Sequence[Pair], *, seed: int, validation: float = 0.1, test: float = 0.2
) -> Split:
    """Divides by group, so that sizes and the shares of each category are as near as groups allow.

    Groups are given away one by one in random order, each to the part that it brings nearest to
    what that part should have. No further search for the best split: with some 45 channels it ends
    at nearly the same one whatever the seed, and figures over several seeds then have intervals
    that are too narrow. The same pairs and seed give the same split, in whatever order they come.

    A pair of one part that another part holds under another name, by its title or its picture, is
    left out: test keeps it before validation, validation before train.

    Args:
        pairs: With ids that occur once.
        seed: Another one gives another split.
        validation: Share of all pairs that is wished; 0 for none.
        test: The same.

    Raises:
        InputError: The shares cannot be meant, or there are fewer groups than parts.
    """
    if not (validation >= 0 and test >= 0 and validation + test < 1):
        raise InputError(
            f"{validation:g} for validation and {test:g} for test leave nothing to train on; both"
            " must be at least 0, and less than 1 together"
        )
    shares = np.array([1 - validation - test, validation, test])
    groups = sorted({pair.group for pair in pairs})
    wanted = int((shares > 0).sum())
    if len(groups) < wanted:
        raise InputError(_too_few(len(pairs), groups, wanted))
    part_of = dict(zip(groups, _assigned(_counts(pairs, groups), shares, seed), strict=True))
    parts = [
        (name, [pair for pair in pairs if part_of[pair.group] == number])
        for number, name in enumerate(PARTS)
    ]
    leaks = find_leaks(parts)
    train, watched, tested = (
        tuple(pair for pair in some if pair.id not in leaks) for _, some in parts
    )
    if not train:
        raise InputError(
            "everything to train on is in validation or test too, by title or picture; give other"
            f" pairs: {next(iter(leaks.values()))}"
        )
    return Split(train, watched, tested, tuple(leaks.values()))


def require_parts(split: Split, least: int = 2) -> None:
    """Raises InputError where a part holds too little to mean anything."""
    for name in PARTS:
        pairs: Sequence[Pair] = getattr(split, name)
        if len(pairs) < least:
            raise InputError(
                f"the split leaves {len(pairs)} pairs for {name}; take data of more channels, or "
                f"other shares (--validation, --test)"
            )


def _counts(pairs: Sequence[Pair], groups: Sequence[str]) -> Counts:
    """How many pairs of each category a group has, (groups, categories + 1); at last how many."""
    row = {group: number for number, group in enumerate(groups)}
    column = {name: number for number, name in enumerate(sorted({p.category for p in pairs}))}
    counts = np.zeros((len(row), len(column) + 1))
    for pair in pairs:
        counts[row[pair.group], column[pair.category]] += 1
    counts[:, -1] = counts.sum(axis=1)
    return counts


def _assigned(counts: Counts, shares: Counts, seed: int) -> list[int]:
    """The part of each group.

    Args:
        counts: (groups, columns), as `_counts` gives them.
        shares: (3,) that add up to 1; a part with share 0 gets nothing.
        seed: Of the order in which the groups are given away.
    """
    random = np.random.default_rng(seed)
    columns = counts.shape[1]
    # A share that is off by a tenth counts alike for each category, and for the sizes as much as
    # for all categories together.
    scale = np.sqrt(np.array([1.0] * (columns - 1) + [columns - 1.0])) / counts.sum(axis=0)
    scaled = counts * scale  # (groups, columns)
    lacking = shares[:, None] * scaled.sum(axis=0)  # (3, columns): what each part still needs
    open_parts = np.flatnonzero(shares > 0)
    parts = np.full(len(counts), -1)
    for group in random.permutation(len(counts)):
        # The squares of what is lacking shrink most where this product is largest.
        parts[group] = open_parts[int((lacking[open_parts] @ scaled[group]).argmax())]
        lacking[parts[group]] -= scaled[group]
    _fill_empty(parts, counts, open_parts)
    return [int(part) for part in parts]


def _fill_empty(parts: NDArray[np.int_], counts: Counts, open_parts: NDArray[np.int_]) -> None:
    """Gives each part that got nothing the smallest group of the part that has the most groups."""
    for part in open_parts:
        if not (parts == part).any():
            richest = Counter(parts.tolist()).most_common(1)[0][0]
            groups = np.flatnonzero(parts == richest)
            parts[groups[counts[groups, -1].argmin()]] = part


def _too_few(pairs: int, groups: Sequence[str], wanted: int) -> str:
    named = f" ({', '.join(groups)})" if groups else ""
    return (
        f"{pairs} pairs of {len(groups)} channels{named} cannot be divided into {wanted} parts, for"
        " a channel is never divided; add other channels, or set the share of test or validation"
        " to 0"
    )
