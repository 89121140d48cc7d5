"""Example queries made from titles."""

import random

import pytest

from tubeseek.ui.examples import example_queries

TITLES = [
    *(f"Red sports car on track {n}" for n in range(5)),
    *(f"How to cook spicy noodles | part {n}" for n in range(5)),
    *(f"고양이 목욕 시키기 {n}편" for n in range(5)),
    "The official video",
    "",
    "12345",
    "<script>alert(1)</script>",
]


def test_examples_name_what_titles_share_in_each_language() -> None:
    examples = example_queries(TITLES, 6)
    assert {"고양이 목욕", "spicy noodles"} & set(examples)
    assert any("가" <= letter <= "힣" for letter in "".join(examples))
    assert any(letter.isascii() and letter.isalpha() for letter in "".join(examples))
    assert len(set(examples)) == len(examples) <= 6


def test_the_order_of_titles_does_not_matter() -> None:
    shuffled = random.Random(0).sample(TITLES, len(TITLES))  # noqa: S311  no secret
    assert example_queries(shuffled) == example_queries(TITLES)


@pytest.mark.parametrize("titles", [[], [""], ["the of and"], ["1 2 3", "???"]])
def test_titles_that_say_nothing_give_no_examples(titles: list[str]) -> None:
    assert example_queries(titles) == []


def test_one_title_gives_examples_of_its_own() -> None:
    assert example_queries(["Grey cat sleeps on a sofa"], 2)
