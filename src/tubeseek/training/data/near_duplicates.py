"""Finds texts that say nearly the same, and pictures that look nearly the same."""

import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise, product

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Jaccard similarity of the trigrams of two texts. Titles of 26 and 43 letters that differ only in a
# last digit reach .87 and .91; captions that five people wrote of one photo .21, the nearest tenth
# of them .40.
NEAR = 0.8
_GRAM = 3  # letters

# Bits that may differ. Of 1,425 thumbnails and photos at least 99 % stay within it when saved as
# JPEG of quality 40, shrunk, brightened or put between black bars, and 91 % when 2 % are cut off at
# each edge. The 16 pairs within it are two thumbnails used twice, two series whose pictures differ
# in a numeral, and one picture with other words in it (benchmarks/pairs.py).
SAME_LOOK_BITS = 8
_SIDE = 32  # pixels of the reduced picture, in each direction
_WAVES = 8  # lowest frequencies that are kept, in each direction
_FLAT_BELOW = 4.0  # standard deviation of luma, of 255; below it, noise would decide the bits
_DARK_BELOW = 32  # luma of the bars around a picture of another shape
_BLOCK = 2_048  # hashes that are compared with a bucket at once


def text_key(text: str) -> str:
    """Return a text in lower case with only letters, digits and single spaces.

    Texts with the same key say the same.

    >>> text_key("A Dog's  LIFE!! (고양이)")
    'a dog s life 고양이'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(" " if _is_separator(c) else c for c in folded).split())


def near_texts(keys: Sequence[str], near: float = NEAR) -> Iterator[tuple[int, int]]:
    """Yield the pairs of texts that are near, as (i, j) with i < j.

    Nearness is the Jaccard similarity of their sets of trigrams. Texts that are near share one of
    their rarest trigrams, so only texts that do are compared (prefix filtering: Bayardo et al.
    2007, "Scaling Up All Pairs Similarity Search", section 4).

    Args:
        keys: Results of `text_key`; an empty one is near nothing.
        near: The least similarity, in (0, 1]; 1 for the same trigrams only.
    """
    gram_sets = [_grams(key) for key in keys]
    counts = Counter(gram for grams in gram_sets for gram in grams)
    rank = {gram: place for place, (gram, _) in enumerate(_rarest_first(counts))}
    ranks = [sorted(rank[gram] for gram in grams) for grams in gram_sets]
    # As integers, because the intersection of two integers is fast.
    bits = [sum(1 << place for place in text_ranks) for text_ranks in ranks]
    index: list[list[int]] = [[] for _ in rank]  # by gram, the texts that it is among the rarest of
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


def look_of_picture(pixels: NDArray[np.uint8]) -> int | None:
    """Return a perceptual hash: which low frequencies of a picture exceed their median.

    Like pHash (Zauner 2010, "Implementation and Benchmarking of Perceptual Image Hash Functions",
    section 3.2.1): the picture is turned grey and reduced to 32 x 32 pixels; of its discrete cosine
    transform 8 x 8 frequencies without the constant ones give a bit each. Compression, size and
    brightness hardly change it, nor do black bars, which YouTube puts around some sizes of a
    thumbnail.

    Args:
        pixels: (height, width, 3) RGB.

    Returns:
        In [0, 2**64); None for a picture so flat that noise would decide the bits.
    """
    grey = _without_bars(np.asarray(Image.fromarray(pixels).convert("L")))
    small = Image.fromarray(grey).resize((_SIDE, _SIDE), Image.Resampling.BOX)
    luma = np.asarray(small, np.float64)
    if luma.std() < _FLAT_BELOW:
        return None
    strengths = (_DCT @ luma @ _DCT.T).ravel()  # (64,)
    return int.from_bytes(np.packbits(strengths > np.median(strengths)).tobytes())


def same_looks(looks: Sequence[int | None]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of hashes that differ in at most `SAME_LOOK_BITS` bits, as (i, j) with i < j.

    The 64 bits are cut into `SAME_LOOK_BITS` + 1 bands. Two hashes that differ in so few bits agree
    in at least one band, so only hashes that share a band are compared.

    Args:
        looks: Results of `look_of_picture`; None looks like nothing.
    """
    holders: dict[int, list[int]] = {}  # many pictures may have one hash: "no thumbnail"
    for place, look in enumerate(looks):
        if look is not None:
            holders.setdefault(look, []).append(place)
    places = list(holders.values())
    for same in places:
        yield from combinations(same, 2)
    words = np.array(list(holders), np.uint64)
    edges = [64 * band // (SAME_LOOK_BITS + 1) for band in range(SAME_LOOK_BITS + 2)]
    bands = [
        (words >> np.uint64(low)) & np.uint64((1 << high - low) - 1)
        for low, high in pairwise(edges)
    ]
    for number, band in enumerate(bands):
        for bucket in _buckets(band):
            for i, j in _near_words(words, bucket):
                # What agrees in an earlier band was yielded there.
                if not any(earlier[i] == earlier[j] for earlier in bands[:number]):
                    for first, second in product(places[i], places[j]):
                        yield min(first, second), max(first, second)


def _is_separator(character: str) -> bool:
    """Return whether a character separates words; accents and vowel signs belong to words."""
    return unicodedata.category(character)[0] in "PSZC"


def _grams(key: str) -> frozenset[str]:
    """Return the trigrams, padded with spaces so that short texts have some and edges count."""
    if not key:
        return frozenset()
    padded = f" {key} "
    return frozenset(padded[i : i + _GRAM] for i in range(len(padded) - _GRAM + 1))


def _rarest_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (item[1], item[0]))


def _cosines() -> NDArray[np.float64]:
    """Return the lowest rows of the DCT-II matrix except the constant one, (_WAVES, _SIDE)."""
    wave, place = np.arange(1, _WAVES + 1)[:, None], np.arange(_SIDE)[None]
    return np.cos(np.pi * wave * (2 * place + 1) / (2 * _SIDE))


_DCT = _cosines()


def _without_bars(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Cut off the dark rows and columns at the edges of (height, width), unless all are dark."""
    for _ in range(2):  # rows, then columns
        lit = np.flatnonzero(grey.max(axis=1) >= _DARK_BELOW)
        if lit.size:
            grey = grey[lit[0] : lit[-1] + 1]
        grey = grey.T
    return np.ascontiguousarray(grey)


def _buckets(values: NDArray[np.uint64]) -> Iterator[NDArray[np.intp]]:
    """Return the places of each value that occurs at least twice."""
    order = np.argsort(values, kind="stable")
    ends = np.flatnonzero(np.diff(values[order])) + 1
    return (places for places in np.split(order, ends) if len(places) > 1)


def _near_words(words: NDArray[np.uint64], bucket: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of words in a bucket that differ in at most `SAME_LOOK_BITS` bits."""
    for start in range(0, len(bucket), _BLOCK):
        block, rest = bucket[start : start + _BLOCK], bucket[start:]
        bits = np.bitwise_count(words[block][:, None] ^ words[rest][None])
        for row, column in np.argwhere(bits <= SAME_LOOK_BITS):
            if row < column:
                yield int(block[row]), int(rest[column])
