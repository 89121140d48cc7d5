"""The sentences of the app: both languages leave room for the same values."""

import re
from string import Formatter

import pytest

from tubeseek.ui import texts
from tubeseek.ui.texts.text import Text

TEXTS = {
    f"{module}.{name}": value
    for module in texts.__all__
    for name, value in vars(getattr(texts, module)).items()
    if isinstance(value, Text)
}
HANGUL = re.compile("[가-힣]")
SAME_IN_BOTH = {
    "app.OTHER_LANGUAGE",
    "app.OTHER_LANGUAGE_HELP",
}  # each names the other language


def fields(sentence: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(sentence) if field}


@pytest.mark.parametrize("name", TEXTS)
def test_both_languages_name_the_same_values(name: str) -> None:
    text = TEXTS[name]
    assert fields(text.en) == fields(text.ko)
    assert fields(text.en_one) <= fields(text.en)


def test_english_and_korean_stand_in_their_places() -> None:
    swapped = [
        name
        for name, text in TEXTS.items()
        if name not in SAME_IN_BOTH and (HANGUL.search(text.en) or not text.ko.strip())
    ]
    assert not swapped
    assert len(TEXTS) > 50
