"""Texts that say the same, or nearly."""

import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

# Share of the trigrams of two texts that both have. Titles of 26 and 43 letters that end in 1 and
# in 2 share .87 and .91; captions that five people wrote of one photo .21, the nearest tenth .40.
NEAR = 0.8
_GRAM = 3  # letters


def text_key(text: str) -> str:
    """What two texts have in common that say the same: letters, digits, single spaces, folded.

    >>> text_key("A Dog's  LIFE!! (고양이)")
    'a dog s life 고양이'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(" " if _parts(c) else c for c in folded).split())


def near_texts(keys: Sequence[str], near: float = NEAR) -> Iterator[tuple[int, int]]:
    """Which of some texts are near, as (i, j) with i < j.

    Jaccard similarity of sets of trigrams. Texts that are near share one of their rarest trigrams,
    so only those are looked up (prefix filtering: Bayardo et al. 2007, "Scaling Up All Pairs
    Similarity Search", section 4).

    Args:
        keys: As `text_key` makes them; those that are empty are near nothing.
        near: In (0, 1]; 1 for the same trigrams only.
    """
    grams = [_grams(key) for key in keys]
    counts = Counter(gram for some in grams for gram in some)
    rank = {gram: place for place, (gram, _) in enumerate(_rarest_first(counts))}
    ranks = [sorted(rank[gram] for gram in some) for some in grams]
    bits = [sum(1 << place for place in some) for some in ranks]  # sets whose common part is quick
    index: list[list[int]] = [[] for _ in rank]  # of each gram, the texts that it is rare in
    for place in sorted(range(len(keys)), key=lambda i: len(ranks[i])):
        size = len(ranks[place])
        rarest = ranks[place][: size - math.ceil(near * size) + 1]
        for other in {other for gram in rarest for other in index[gram]}:
            smaller = len(ranks[other])
            if smaller >= near * size:
                shared = (bits[place] & bits[other]).bit_count()
                if shared >= near * (size + smaller - shared):
                    yield min(place, other), max(place, other)
        for gram in rarest:
            index[gram].append(place)


def _rarest_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (item[1], item[0]))


def _parts(character: str) -> bool:
    """Whether it stands between words; accents and vowel signs are parts of them."""
    return unicodedata.category(character)[0] in "PSZC"


def _grams(key: str) -> frozenset[str]:
    """With a space before and behind, so that short texts have some and edges count."""
    padded = f" {key} "
    return (
        frozenset(padded[i : i + _GRAM] for i in range(len(padded) - _GRAM + 1))
        if key
        else frozenset()
    )
