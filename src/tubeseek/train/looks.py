"""The looks of pictures as 64 bits: near where two files show the same picture."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise, product

import numpy as np
from numpy.typing import NDArray
from PIL import Image

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
