"""Texts that say the same, or nearly."""

import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

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
    index: dict[str, list[int]] = defaultdict(list)  # of each rare gram, the texts so far
    for place in sorted(range(len(keys)), key=lambda i: len(grams[i])):
        size = len(grams[place])
        rarest = sorted(grams[place], key=lambda gram: (counts[gram], gram))
        rarest = rarest[: size - math.ceil(near * size) + 1]
        candidates = {other for gram in rarest for other in index[gram]}
        for other in sorted(candidates):
            shared = len(grams[place] & grams[other])
            if shared >= near * (size + len(grams[other]) - shared):
                yield min(place, other), max(place, other)
        for gram in rarest:
            index[gram].append(place)


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
