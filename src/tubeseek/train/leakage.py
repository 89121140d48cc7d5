"""Finds what two parts of a split both hold, under two names."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from tubeseek.train.looks import same_looks
from tubeseek.train.nearness import text_key
from tubeseek.train.pairs import Pair

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
