"""Splits divide no channel, keep shares, depend on the seed alone, and leak nothing."""

import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tubeseek.core.errors import InputError
from tubeseek.training.data.pairs import Pair, read_pairs
from tubeseek.training.data.split import find_leaks, split_pairs


def pair(number, group, category="", text=None, look=None):
    title = f"title {number} of {group}" if text is None else text
    return Pair(f"p{number}", (title,), Path(f"{number}.jpg"), group, category, look=look)


def channels(count, each=10, categories=4):
    return [
        pair(number, f"c{number // each}", str(number // each % categories))
        for number in range(count * each)
    ]


def parts(split):
    return split.train, split.validation, split.test


@settings(deadline=None, derandomize=True)
@given(
    sizes=st.lists(st.integers(1, 15), min_size=3, max_size=20),
    seed=st.integers(0, 100),
    validation=st.sampled_from([0.0, 0.1, 0.4]),
    test=st.sampled_from([0.0, 0.2, 0.5]),
)
def test_no_group_is_divided_and_nothing_is_lost(sizes, seed, validation, test):
    pairs = [
        pair(f"{group}-{row}", f"c{group}", str(group % 3))
        for group, size in enumerate(sizes)
        for row in range(size)
    ]
    split = split_pairs(pairs, seed=seed, validation=validation, test=test)
    assert Counter(p.id for part in parts(split) for p in part) == Counter(p.id for p in pairs)
    groups = [{p.group for p in part} for part in parts(split)]
    assert sum(map(len, groups)) == len(sizes)
    assert [bool(part) for part in parts(split)] == [True, validation > 0, test > 0]


@pytest.mark.parametrize("seed", range(5))
def test_sizes_and_categories_keep_their_shares(seed):
    """A hundred channels of four categories: each category is divided 70 : 10 : 20."""
    split = split_pairs(channels(100), seed=seed)
    for part, share in zip(parts(split), (0.7, 0.1, 0.2), strict=True):
        assert len(part) == pytest.approx(1000 * share, abs=30)
        for count in Counter(p.category for p in part).values():
            assert count == pytest.approx(250 * share, abs=20)


def test_the_seed_alone_decides():
    pairs = channels(30)
    shuffled = random.Random(1).sample(pairs, len(pairs))  # noqa: S311  not for secrets
    split, again = split_pairs(pairs, seed=7), split_pairs(shuffled, seed=7)
    for part, same in zip(parts(split), parts(again), strict=True):
        assert {p.id for p in part} == {p.id for p in same}


def test_seeds_test_on_different_channels(shared_data):
    """So that the spread over seeds is that over channels."""
    pairs = read_pairs(shared_data / "youtube_thumbnails").pairs
    splits = [split_pairs(pairs, seed=seed) for seed in range(5)]
    tested = [{p.group for p in split.test} for split in splits]
    for i, tested_channels in enumerate(tested):
        assert 7 <= len(tested_channels) <= 13  # of 45 channels
        assert all(len(tested_channels & other) <= len(tested_channels) / 2 for other in tested[:i])
    for split in splits:
        assert len(split.test) == pytest.approx(0.2 * len(pairs), rel=0.25)
        assert len(split.train) == pytest.approx(0.7 * len(pairs), rel=0.1)


def test_what_another_part_holds_is_left_out_of_the_lesser():
    pairs = channels(20)
    clean = split_pairs(pairs, seed=3)
    train, watched, tested = parts(clean)
    twins = {
        train[0].id: replace(train[0], texts=(f"{tested[0].texts[0].upper()}!",)),
        train[1].id: replace(train[1], look=0b111000),
        watched[0].id: replace(watched[0], look=0b111011),
        watched[1].id: replace(watched[1], texts=tested[1].texts),
        train[2].id: replace(train[2], texts=train[3].texts, look=2**64 - 1),  # in one part: stays
        train[3].id: replace(train[3], look=2**64 - 1),
    }
    split = split_pairs([twins.get(p.id, p) for p in pairs], seed=3)
    assert len(split.test) == len(tested)
    gone = {p.id for p in pairs} - {p.id for part in parts(split) for p in part}
    assert gone == {train[0].id, train[1].id, watched[1].id}
    expected = [
        (train[0].id, "train", "title", tested[0].id, "test"),
        (train[1].id, "train", "picture", watched[0].id, "validation"),
        (watched[1].id, "validation", "title", tested[1].id, "test"),
    ]
    assert len(split.leaks) == len(expected)
    for names in expected:
        assert [m for m in split.leaks if all(re.search(rf"\b{n}\b", m) for n in names)], names


def test_a_caption_in_common_is_no_leak_but_all_of_them_are():
    many = [
        replace(p, texts=(f"caption one of {p.id}", f"caption two of {p.id}"))
        for p in channels(10, each=2)
    ]
    train, _, tested = parts(split_pairs(many, seed=0))
    shares_one = replace(train[0], texts=(train[0].texts[0], tested[0].texts[0]))
    says_less = replace(train[1], texts=(tested[1].texts[1],))
    swapped = {p.id: p for p in (shares_one, says_less)}
    split = split_pairs([swapped.get(p.id, p) for p in many], seed=0)
    assert [message.split()[0] for message in split.leaks] == [says_less.id]


def test_texts_without_letters_are_no_twins():
    pairs = [replace(p, texts=("?!",)) for p in channels(10)]
    assert split_pairs(pairs, seed=0).leaks == ()


def test_a_set_that_repeats_itself_leaves_nothing_to_train_on():
    pairs = [pair(number, f"c{number}", text="Always the same") for number in range(10)]
    with pytest.raises(InputError):
        split_pairs(pairs, seed=0)


@pytest.mark.parametrize(
    ("validation", "test"), [(-0.1, 0.2), (0.5, 0.5), (0.1, 1.0), (float("nan"), 0.1)]
)
def test_shares_that_cannot_be_meant(validation, test):
    with pytest.raises(InputError, match=f"{validation:g}.*{test:g}"):
        split_pairs(channels(5), seed=0, validation=validation, test=test)


def test_too_few_channels_are_named():
    with pytest.raises(InputError, match=r"\b20\b.*c0, c1.*\b3\b"):
        split_pairs(channels(2), seed=0)
    split = split_pairs(channels(2), seed=0, test=0)
    assert [len(part) for part in parts(split)] == [10, 10, 0]
    assert len(split_pairs(channels(1), seed=0, validation=0, test=0).train) == 10
    with pytest.raises(InputError, match=r"\b0\b"):
        split_pairs([], seed=0)


def test_a_picture_that_stands_for_none_may_be_there_twenty_thousand_times():
    """Compared one with another they would be 200 million pairs."""
    pairs = [pair(number, "a", look=1234) for number in range(20_000)]
    parts = [("train", pairs[:15_000]), ("test", pairs[15_000:])]
    assert set(find_leaks(parts)) == {item.id for item in pairs[:15_000]}
