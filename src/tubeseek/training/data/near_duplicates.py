"""Texts that say the same, or nearly."""

import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise, product

import numpy as np
from numpy.typing import NDArray
from PIL import Image

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


# Bits that may differ. Of 1,425 thumbnails and photos at least 99 % stay within it when saved as
# JPEG of quality 40, shrunk, brightened or put between black bars, and 91 % when 2 % are cut off at
# each edge. The 16 pairs within it are two thumbnails used twice, two series whose pictures differ
# in a numeral, and one picture with other words in it (benchmarks/pairs.py).
SAME_LOOK_BITS = 8
_SIDE = 32  # pixels that are looked at, in each direction
_WAVES = 8  # of which the lowest frequencies are kept
_FLAT_BELOW = 4.0  # standard deviation of luma, of 255: below, noise would decide the bits
_DARK_BELOW = 32  # luma of the bars above, below or beside a picture of another shape
_BLOCK = 2_048  # looks that are compared with a bucket of others at once


def _cosines() -> NDArray[np.float64]:
    """The lowest rows of the DCT-II matrix but for the constant one, (_WAVES, _SIDE)."""
    wave, place = np.arange(1, _WAVES + 1)[:, None], np.arange(_SIDE)[None]
    return np.cos(np.pi * wave * (2 * place + 1) / (2 * _SIDE))


_DCT = _cosines()


def look_of_picture(pixels: NDArray[np.uint8]) -> int | None:
    """A perceptual hash: which of the low frequencies are stronger than their median.

    Like pHash (Zauner 2010, "Implementation and Benchmarking of Perceptual Image Hash Functions",
    section 3.2.1): the picture in grey, 32 x 32, its discrete cosine transform, 8 x 8 frequencies
    without the constant ones, a bit each. Compression, size and brightness hardly change it, nor do
    black bars: YouTube puts them around some sizes of a thumbnail.

    Args:
        pixels: (height, width, 3) RGB.

    Returns:
        In [0, 2**64); None where the picture shows next to nothing, so that its bits were noise.
    """
    grey = _without_bars(np.asarray(Image.fromarray(pixels).convert("L")))
    small = Image.fromarray(grey).resize((_SIDE, _SIDE), Image.Resampling.BOX)
    luma = np.asarray(small, np.float64)
    if luma.std() < _FLAT_BELOW:
        return None
    strengths = (_DCT @ luma @ _DCT.T).ravel()  # (64,)
    return int.from_bytes(np.packbits(strengths > np.median(strengths)).tobytes())


def same_looks(looks: Sequence[int | None]) -> Iterator[tuple[int, int]]:
    """Which of some looks differ by at most `SAME_LOOK_BITS`, each once, as (i, j) with i < j.

    Two words of 64 bits that differ in so few agree in one of `SAME_LOOK_BITS` + 1 bands of them:
    only what agrees there is compared.
    """
    holders: dict[int, list[int]] = {}  # of each look, for many may be one: "no thumbnail"
    for place, look in enumerate(looks):
        if look is not None:
            holders.setdefault(look, []).append(place)
    places = list(holders.values())
    for some in places:
        yield from combinations(some, 2)
    words = np.array(list(holders), np.uint64)
    edges = [64 * band // (SAME_LOOK_BITS + 1) for band in range(SAME_LOOK_BITS + 2)]
    bands = [
        (words >> np.uint64(low)) & np.uint64((1 << high - low) - 1)
        for low, high in pairwise(edges)
    ]
    for number, band in enumerate(bands):
        for bucket in _equal(band):
            for i, j in _near(words, bucket):
                # what agreed in an earlier band was found there
                if not any(earlier[i] == earlier[j] for earlier in bands[:number]):
                    for one, other in product(places[i], places[j]):
                        yield min(one, other), max(one, other)


def _without_bars(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(height, width) without the dark rows and columns at its edges, if anything remains."""
    for _ in range(2):  # rows, then columns
        lit = np.flatnonzero(grey.max(axis=1) >= _DARK_BELOW)
        if lit.size:
            grey = grey[lit[0] : lit[-1] + 1]
        grey = grey.T
    return np.ascontiguousarray(grey)


def _equal(values: NDArray[np.uint64]) -> Iterator[NDArray[np.intp]]:
    """The places of each value that occurs at least twice."""
    order = np.argsort(values, kind="stable")
    ends = np.flatnonzero(np.diff(values[order])) + 1
    return (places for places in np.split(order, ends) if len(places) > 1)


def _near(words: NDArray[np.uint64], bucket: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """Which two of a bucket differ in few bits."""
    for start in range(0, len(bucket), _BLOCK):
        block, rest = bucket[start : start + _BLOCK], bucket[start:]
        bits = np.bitwise_count(words[block][:, None] ^ words[rest][None])
        for row, column in np.argwhere(bits <= SAME_LOOK_BITS):
            if row < column:
                yield int(block[row]), int(rest[column])
