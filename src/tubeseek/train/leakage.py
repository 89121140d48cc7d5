"""Finds what two parts of a split both hold, under two names."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tubeseek.train.looks import same_looks
from tubeseek.train.nearness import text_key
from tubeseek.train.pairs import Pair


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
    pairs = [pair for _, some in parts for pair in some]
    part = [number for number, (_, some) in enumerate(parts) for _ in some]
    found: dict[str, str] = {}
    for what, matches in (("title", _same_texts(pairs)), ("picture", _same_pictures(pairs))):
        for i, j in matches:
            if part[i] == part[j]:
                continue
            less, more = (i, j) if part[i] < part[j] else (j, i)
            name, keeps = parts[part[less]][0], parts[part[more]][0]
            found.setdefault(
                pairs[less].id,
                f"{pairs[less].id} is left out of {name}: it has the {what} of {pairs[more].id},"
                f" which is in {keeps}",
            )
    return found


def _same_texts(pairs: Sequence[Pair]) -> Iterator[tuple[int, int]]:
    """Which pairs say nothing but what another says too."""
    keys = [frozenset(filter(None, map(text_key, pair.texts))) for pair in pairs]
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


def _same_pictures(pairs: Sequence[Pair]) -> Iterator[tuple[int, int]]:
    return same_looks([pair.look for pair in pairs])
