"""Terms of texts, their sparse vectors, and exact phrases."""

import csv
import json
import math
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.helpers.memory_passages import MemoryPassages
from tubeseek.core.bm25 import (
    document_vector,
    holds_phrase,
    inverse_document_frequency,
    query_vector,
    shares_word,
    term_id,
    terms,
)
from tubeseek.core.filters import Filter
from tubeseek.core.types import Passage, Segment, SegmentKind, Video


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("... !? _ 😀", []),
        ("책", ["책"]),
        ("책을", ["책", "책을"]),
        ("먹방vlog2", ["먹", "먹방", "vlog2"]),
        ("일상ㅣ먹방", ["일", "일상", "\u1175", "먹", "먹방"]),  # a vowel sign used as a bar
        ("\u1100\u1161", ["가"]),  # 가 in two code points
        (
            "Cats bus boss this gas dogs' it's",
            ["cat", "bus", "boss", "this", "gas", "dog", "it", "s"],
        ),
        ("Crème BRÛLÉE straße", ["creme", "brulee", "strasse"]),
        ("ＶＬＯＧ 𝐕𝐋𝐎𝐆 ①", ["vlog", "vlog", "1"]),
        ("3.5kg 2024", ["3", "5kg", "2024"]),
        ("東京タワー", ["東京", "京タ", "タワ", "ワー"]),
        ("ｶﾞ 猫", ["ガ", "猫"]),
        ("हिन्दी", ["हिन्दी"]),  # vowel signs do not cut a word
        ("สวัสดี", ["สว", "วั", "ัส", "สด", "ดี"]),
        ("Привет мир", ["привет", "мир"]),
        ("كِتاب", ["كِتاب"]),
    ],
)
def test_terms(text: str, expected: list[str]):
    assert terms(text) == expected


@given(st.text(), st.text())
def test_terms_of_two_texts_are_those_of_each(first: str, second: str):
    assert terms(f"{first}\n{second}") == terms(first) + terms(second)


@given(st.text())
def test_the_normal_form_does_not_matter(text: str):
    assert terms(unicodedata.normalize("NFD", text)) == terms(unicodedata.normalize("NFC", text))


def test_term_ids_never_change():
    # The check value of CRC-32, and what stored indexes were written with.
    assert term_id("123456789") == 0xCBF43926
    assert term_id("고양") == 486_167_820


def test_document_weights_by_the_formula():
    vector = document_vector(["a", "b", "a"])
    norm = 1.2 * (0.25 + 0.75 * 3 / 64)
    assert vector[term_id("a")] == pytest.approx(2 * 2.2 / (2 + norm))
    assert vector[term_id("b")] == pytest.approx(1 * 2.2 / (1 + norm))
    assert list(vector) == sorted(vector)
    assert document_vector([]) == {}


def test_a_query_weighs_each_term_once():
    assert query_vector(["a", "b", "a"]) == {term_id("a"): 1.0, term_id("b"): 1.0}


def test_a_term_of_every_text_still_tells_a_little():
    assert inverse_document_frequency(10, 10) == pytest.approx(math.log(1 + 0.5 / 10.5))
    assert inverse_document_frequency(10, 0) == pytest.approx(math.log(22))


@pytest.mark.parametrize(
    ("query", "text", "shared"),
    [
        ("고양이를", "고양이가", True),
        ("요리하다", "요리 교실", True),  # the stem
        ("요리하다", "운동하다", False),  # only the ending
        ("신라면", "신라면을", True),
        ("책을", "책 읽기", True),
        ("책상", "책 읽기", False),
        ("물고기", "고기를", True),  # half of its pairs
        ("책", "책상", True),
        ("cats", "a cat", True),
        ("猫カフェ", "猫カ", True),
        ("猫", "犬", False),
        ("", "고양이", False),
        ("고양이", "", False),
    ],
)
def test_shares_word(query: str, text: str, shared: bool):
    assert shares_word(query, text) is shared


def test_finds_real_korean_titles(shared_data: Path):
    """The queries of benchmarks/korean_words.json that mean titles of the largest table."""
    table = shared_data / "youtube_metadata_ko" / "mukbang_vlog_test.csv"
    with table.open(encoding="utf-8", newline="") as file:
        titles = {row["video_id"]: row["title"] for row in csv.DictReader(file)}
    store = MemoryPassages()
    passages = [
        Passage(Segment(key, SegmentKind.PASSAGE, track="title"), title)
        for key, title in titles.items()
    ]
    store.add(passages, {key: Video(key, "", title) for key, title in titles.items()})
    written = json.loads((ROOT / "benchmarks/korean_words.json").read_text(encoding="utf-8"))
    entries = [entry for entry in written if entry["id"] in titles]
    hits = [
        entry["id"] in {hit.segment.video_id for hit in store.search(entry["query"], 10, Filter())}
        for entry in entries
    ]
    assert len(entries) >= 25
    assert sum(hits) / len(hits) >= 0.9


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("red hat", "The RED hat."),
        ("rock-n-roll", "rock n roll forever"),
        ("cafe", "Café"),
        ("피아노", "고양이가 피아노를 친다"),
        ("고양이 집", "고양이 집에서도"),
        ("猫カフェ", "東京の猫カフェへ"),
        ("2024", "in 2024, a year"),
        ("a b a b", "a b a a b a b"),
    ],
)
def test_a_text_contains_a_phrase(phrase: str, text: str) -> None:
    assert holds_phrase(phrase, text)
    assert shares_word(phrase, text)  # or no store would find what holds a phrase


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("red hat", "hat, red"),
        ("red hat", "a red straw hat"),
        ("cat", "cats and category"),
        ("책", "책상 위의 책장"),
        ("고양이가", "고양이는"),
        ("2", "2024"),
        ("!?", "!?"),
        ("", "a"),
        ("a", ""),
    ],
)
def test_a_text_does_not_contain_a_phrase(phrase: str, text: str) -> None:
    assert not holds_phrase(phrase, text)


@given(st.lists(st.sampled_from(["dog", "고양이", "猫", "3", "-", "é"]), max_size=6))
def test_a_text_holds_every_run_of_its_words(words: list[str]) -> None:
    text = " ".join(words)
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            part = words[start:end]
            assert holds_phrase(" ".join(part), text) == (part != ["-"] * len(part))
