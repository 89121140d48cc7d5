"""Divides pairs into three parts: to train on, to decide when to stop, and to report.

Whole channels are divided, never rows: the thumbnails of a channel share their design and its
titles their wording, so that a split by row would measure how well these were memorised.
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

VALIDATION = "validation"
PARTS = ("train", VALIDATION, "test")

Counts: TypeAlias = NDArray[np.float64]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Split:
    """Three parts that share no group, no title and no picture."""

    train: tuple[Pair, ...]
    validation: tuple[Pair, ...]
    test: tuple[Pair, ...]
    leaks: tuple[str, ...] = ()  # one message for each pair left out because another part holds it


def split_pairs(
    pairs: Sequence[Pair], *, seed: int, validation: float = 0.1, test: float = 0.2
) -> Split:
    """Divide pairs by group, with sizes and shares of categories as near as groups allow.

    Groups are assigned one by one in random order, each to the part that it brings nearest to what
    that part should have. There is no further search for the best split: with about 45 channels
    such a search ends at nearly the same split whatever the seed, and the intervals of figures over
    several seeds are then too narrow. The same pairs and seed give the same split, in whatever
    order the pairs come.

    A pair whose title or picture another part holds too is left out: test keeps it before
    validation, validation before train.

    Args:
        pairs: Pairs with unique ids.
        seed: Of the order of the groups.
        validation: The wished share of all pairs; 0 for none.
        test: The same for test.

    Raises:
        InputError: A share is out of range, there are fewer groups than parts, or nothing is left
            to train on.
    """
    if not (validation >= 0 and test >= 0 and validation + test < 1):
        raise InputError(
            f"shares of {validation:g} for validation and {test:g} for test leave nothing to train"
            " on; both must be at least 0, and their sum less than 1"
        )
    shares = np.array([1 - validation - test, validation, test])
    groups = sorted({pair.group for pair in pairs})
    part_count = int((shares > 0).sum())
    if len(groups) < part_count:
        raise InputError(_too_few(len(pairs), groups, part_count))
    part_of = dict(zip(groups, _assign(_counts(pairs, groups), shares, seed), strict=True))
    parts = [
        (name, [pair for pair in pairs if part_of[pair.group] == number])
        for number, name in enumerate(PARTS)
    ]
    leaks = find_leaks(parts)
    train_pairs, validation_pairs, test_pairs = (
        tuple(pair for pair in part_pairs if pair.id not in leaks) for _, part_pairs in parts
    )
    if not train_pairs:
        raise InputError(
            "everything to train on is in validation or test too, by title or picture; give other"
            f" pairs: {next(iter(leaks.values()))}"
        )
    return Split(train_pairs, validation_pairs, test_pairs, tuple(leaks.values()))


def require_parts(split: Split, least: int = 2) -> None:
    """Raise InputError if a part holds fewer than `least` pairs."""
    for name in PARTS:
        pairs: Sequence[Pair] = getattr(split, name)
        if len(pairs) < least:
            raise InputError(
                f"the split leaves {len(pairs)} pairs for {name}, at least {least} are needed; use "
                f"data of more channels, or other shares (--validation, --test)"
            )


def find_leaks(parts: Sequence[tuple[str, Sequence[Pair]]]) -> dict[str, str]:
    """Find the pairs to leave out so that no part holds what a later part holds.

    Two pairs are the same if all texts of one are among those of the other (`text_key`), or if
    their pictures look the same (`same_looks`).

    Args:
        parts: Names and pairs; the later part keeps a pair that two parts hold. Ids are unique
            across all parts.

    Returns:
        By the id of each pair to leave out, the message that says why.
    """
    titles = _leaks("title", parts, _text_keys, _subsets)
    pictures = _leaks("picture", parts, _look, same_looks)
    return titles | {name: why for name, why in pictures.items() if name not in titles}


def _leaks(
    aspect: str,
    parts: Sequence[tuple[str, Sequence[Pair]]],
    key_of: Callable[[Pair], Key],
    matches_of: Callable[[Sequence[Key]], Iterable[tuple[int, int]]],
) -> dict[str, str]:
    """Find the leaks of one aspect that two pairs may share: "title" or "picture"."""
    # Pairs of a part with the same key are compared as one, for they may be a whole channel.
    same: dict[tuple[Key, int], list[Pair]] = {}
    for number, (_, pairs) in enumerate(parts):
        for pair in pairs:
            same.setdefault((key_of(pair), number), []).append(pair)
    keys, groups = list(same), list(same.values())
    messages: dict[str, str] = {}
    for i, j in matches_of([key for key, _ in keys]):
        earlier, later = (i, j) if keys[i][1] < keys[j][1] else (j, i)
        if keys[earlier][1] == keys[later][1]:
            continue
        loser, keeper = parts[keys[earlier][1]][0], parts[keys[later][1]][0]
        for pair in groups[earlier]:
            messages.setdefault(
                pair.id,
                f"{pair.id} is left out of {loser}: it has the {aspect} of {groups[later][0].id},"
                f" which is in {keeper}",
            )
    return messages


def _text_keys(pair: Pair) -> frozenset[str]:
    return frozenset(filter(None, map(text_key, pair.texts)))


def _look(pair: Pair) -> int | None:
    return pair.look


def _subsets(key_sets: Sequence[frozenset[str]]) -> Iterator[tuple[int, int]]:
    """Yield (i, j) where all keys of i are among those of j."""
    holders: dict[str, list[int]] = defaultdict(list)
    for place, keys in enumerate(key_sets):
        for key in keys:
            holders[key].append(place)
    for place, keys in enumerate(key_sets):
        if not keys:
            continue
        # A superset holds all keys, so it is among the holders of the rarest one.
        for other in min((holders[key] for key in keys), key=len):
            if other != place and keys <= key_sets[other]:
                yield place, other


def _counts(pairs: Sequence[Pair], groups: Sequence[str]) -> Counts:
    """Count the pairs of each group by category, (groups, categories + 1); the last is the sum."""
    row = {group: number for number, group in enumerate(groups)}
    column = {name: number for number, name in enumerate(sorted({p.category for p in pairs}))}
    counts = np.zeros((len(row), len(column) + 1))
    for pair in pairs:
        counts[row[pair.group], column[pair.category]] += 1
    counts[:, -1] = counts.sum(axis=1)
    return counts


def _assign(counts: Counts, shares: Counts, seed: int) -> list[int]:
    """Return the part of each group, as an index into `PARTS`.

    Args:
        counts: (groups, columns), the result of `_counts`.
        shares: (3,) that add up to 1; a part with share 0 gets nothing.
        seed: Of the order in which groups are assigned.
    """
    random = np.random.default_rng(seed)
    columns = counts.shape[1]
    # A share that is off by a tenth weighs the same for each category, and for the sizes as much as
    # for all categories together.
    scale = np.sqrt(np.array([1.0] * (columns - 1) + [columns - 1.0])) / counts.sum(axis=0)
    scaled = counts * scale  # (groups, columns)
    lacking = shares[:, None] * scaled.sum(axis=0)  # (3, columns): what each part still needs
    open_parts = np.flatnonzero(shares > 0)
    parts = np.full(len(counts), -1)
    for group in random.permutation(len(counts)):
        # The sum of the squares of what is lacking shrinks most where this product is largest.
        parts[group] = open_parts[int((lacking[open_parts] @ scaled[group]).argmax())]
        lacking[parts[group]] -= scaled[group]
    _fill_empty(parts, counts, open_parts)
    return [int(part) for part in parts]


def _fill_empty(parts: NDArray[np.int_], counts: Counts, open_parts: NDArray[np.int_]) -> None:
    """Give each empty part the smallest group of the part that has the most groups."""
    for part in open_parts:
        if not (parts == part).any():
            richest = Counter(parts.tolist()).most_common(1)[0][0]
            groups = np.flatnonzero(parts == richest)
            parts[groups[counts[groups, -1].argmin()]] = part


def _too_few(pair_count: int, groups: Sequence[str], part_count: int) -> str:
    names = f" ({', '.join(groups)})" if groups else ""
    return (
        f"{pair_count} pairs of {len(groups)} channels{names} cannot be divided into {part_count}"
        " parts, because a channel is never divided; add other channels, or set the share of test"
        " or validation to 0"
    )
