"""Cleaned titles still say what they said."""

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tubeseek.training.data.titles import clean_caption, clean_title


@pytest.mark.parametrize(
    ("title", "channel", "expected"),
    [
        ("Key & Peele - Dubstep", "Key & Peele", "Dubstep"),
        ("Coolest Shark! | Gourmet | Bon Appétit", "Bon Appétit", "Coolest Shark! | Gourmet"),
        ("In the Foxhole | The Daily Show", "The Daily Show with Trevor Noah", "In the Foxhole"),
        ("A cake 【Cram阿强】", "cram阿强", "A cake"),
        ("[왕쥬] 세자매 먹방! 낙곱새", "왕쥬 Wangju", "세자매 먹방! 낙곱새"),
        ("야생해삼 먹방! | 쎄미", "쎄미SSEMI", "야생해삼 먹방!"),
        ("순천 여행│하는사람er", "하는사람 er", "순천 여행"),
        ("마지막 이야기 - 승우채널 공식", "승우채널", "마지막 이야기"),
        # the name of the channel inside a sentence, or as a part of another word, says something
        ("The Try Guys Get Tattoos", "The Try Guys", "The Try Guys Get Tattoos"),
        ("Food Trucks: the best", "Food", "Food Trucks: the best"),
        ("Veritasium", "Veritasium", "Veritasium"),
        ("- | Veritasium", "Veritasium", "Veritasium"),
        # what is read stays, what is drawn goes
        ("영하 20℃에서 1kg 먹기 №3", "", "영하 20°C에서 1kg 먹기 No3"),
        ("❤️🇰🇷👩‍👩‍👧 가족 여행 1️⃣편", "", "가족 여행 1편"),
        ("🔥 -20℃ 캠핑 ♥", "", "-20°C 캠핑"),
        ("🔥 - 첫째 날 -", "", "첫째 날"),
        ("𝗕𝗲𝘀𝘁 ｆｕｌｌ ｍｅａｌ", "", "Best full meal"),
        ("진짜 웃겨 ㅋㅋㅋㅋㅋㅋ ㅠㅠㅠㅠ", "", "진짜 웃겨 ㅋㅋ ㅠㅠ"),
        ("WRONG!?!?!! ( 😱 ) why???", "", "WRONG!? why?"),
        ("#shorts #고양이#강아지 #5 C# #Shorts", "", "고양이 강아지 #5 C"),
        ("#shortstory of a cat", "", "shortstory of a cat"),
        ("e\u0301te\u0301 \u200b\x07 été", "", "été été"),
        ("😂😂 !!!", "", ""),
        ("   ", "Somebody", ""),
    ],
)
def test_examples(title, channel, expected):
    assert clean_title(title, channel) == expected


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=60), st.text(max_size=10))
def test_any_text_can_be_cleaned_and_keeps_its_ordinary_words(title, channel):
    cleaned = clean_title(f"{title} spoons 숟가락 forks", channel)
    assert cleaned == " ".join(cleaned.split())
    assert "숟가락" in cleaned
    assert clean_title(clean_title(title)) == clean_title(title)


def test_captions_keep_their_marks():
    assert clean_caption("Is it #1 !!! | yes 🐶") == "Is it #1 !!! | yes"


def test_real_titles_lose_their_tails_and_little_else(shared_data):
    """Of the thumbnails' titles none is emptied, and no channel stands behind a bar any more."""
    with (shared_data / "youtube_thumbnails" / "metadata.csv").open(encoding="utf-8") as file:
        rows = [(row["Title"], row["Channel"]) for row in csv.DictReader(file)]
    cleaned = [clean_title(title, channel) for title, channel in rows]
    assert all(cleaned)
    for (title, channel), expected in zip(rows, cleaned, strict=True):
        assert not expected.endswith(f"| {channel}")
        assert len(expected) >= len(title) - len(channel) - 30, (title, expected)
