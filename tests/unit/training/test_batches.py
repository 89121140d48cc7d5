"""Texts and pictures that say the same are found, and others are not."""

import itertools
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tubeseek.media.pictures import picture_from_bytes
from tubeseek.training.data.batches import same_mask
from tubeseek.training.data.near_duplicates import (
    SAME_LOOK_BITS,
    look_of_picture,
    near_texts,
    same_looks,
    text_key,
)
from tubeseek.training.data.pairs import Pair


def pair(name, *texts, look=None):
    return Pair(name, texts, Path(f"{name}.jpg"), name, look=look)


def painted(seed, size=(320, 180)):
    """Coloured blots, another picture for each seed."""
    noise = np.random.default_rng(seed).integers(0, 256, (6, 9, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC)


def look(image):
    return look_of_picture(np.asarray(image))


def differing(image, other):
    return (look(image) ^ look(other)).bit_count()


def jaccard(key, other):
    first, second = ({f" {k} "[i : i + 3] for i in range(len(k))} for k in (key, other))
    return len(first & second) / len(first | second)


@settings(deadline=None, derandomize=True)
@given(
    st.lists(st.text("ab c", min_size=1, max_size=12), max_size=25), st.sampled_from([0.5, 0.8, 1])
)
def test_near_texts_are_those_that_all_comparisons_find(texts, near):
    keys = [key for text in texts if (key := text_key(text))]
    expected = {
        (i, j)
        for i, j in itertools.combinations(range(len(keys)), 2)
        if jaccard(keys[i], keys[j]) >= near
    }
    near_pairs = list(near_texts(keys, near))
    assert len(near_pairs) == len(set(near_pairs))
    assert set(near_pairs) == expected


def test_what_is_near():
    mask = same_mask(
        [
            pair("one", "How to bake bread at home, part 1"),
            pair("two", "How to bake bread at home: PART 2!"),
            pair("three", "How to bake bread"),
            pair("korean", "고양이가 피아노를 칩니다"),
            pair("again", "고양이가 피아노를 칩니다!!"),
            pair("dog", "강아지가 피아노를 칩니다", "something else"),
            pair("many", "nothing alike", "Something ELSE."),
        ]
    )
    near = {(i, j) for i, j in np.argwhere(mask) if i < j}
    assert near == {(0, 1), (3, 4), (5, 6)}
    np.testing.assert_array_equal(mask, mask.T)
    assert not mask.diagonal().any()


def test_the_same_picture_says_the_same_whatever_the_title():
    mask = same_mask(
        [
            pair("a", "one", look=0b1011),
            pair("b", "two", look=0b1000),
            pair("c", "three", look=None),
        ]
    )
    np.testing.assert_array_equal(np.argwhere(mask), [[0, 1], [1, 0]])


@pytest.mark.parametrize("count", [0, 1])
def test_few_items_have_nothing_in_common(count):
    assert same_mask([pair("a", "x")] * count).sum() == 0


def test_looks_are_found_by_bands_as_by_all_comparisons():
    draw = random.Random(5)  # noqa: S311  not for secrets
    looks = [draw.getrandbits(64) for _ in range(60)]
    for place, most in itertools.product(range(20), (SAME_LOOK_BITS, SAME_LOOK_BITS + 1)):
        flipped = sum(1 << bit for bit in draw.sample(range(64), most))
        looks.append(looks[place] ^ flipped)
    expected = {
        (i, j)
        for i, j in itertools.combinations(range(len(looks)), 2)
        if (looks[i] ^ looks[j]).bit_count() <= SAME_LOOK_BITS
    }
    assert len(expected) >= 20
    same_pairs = list(same_looks([*looks, None, None]))
    assert len(same_pairs) == len(set(same_pairs))
    assert set(same_pairs) == expected


@pytest.mark.parametrize("seed", range(5))
def test_a_picture_keeps_its_look(seed, tmp_path):
    image = painted(seed)
    image.save(tmp_path / "small.jpg", quality=40)
    saved = picture_from_bytes((tmp_path / "small.jpg").read_bytes(), "small.jpg")
    barred = Image.new("RGB", (320, 240))
    barred.paste(image, (0, 30))
    brighter = image.point(lambda value: min(255, int(value * 1.15) + 5))
    for other in (Image.fromarray(saved), image.resize((97, 61)), barred, brighter):
        assert differing(image, other) <= SAME_LOOK_BITS
    assert differing(image, painted(seed + 100)) > 2 * SAME_LOOK_BITS


def test_what_shows_nothing_has_no_look():
    for colour in ("black", "white", "red"):
        assert look(Image.new("RGB", (64, 36), colour)) is None
    assert list(same_looks([None, None])) == []
