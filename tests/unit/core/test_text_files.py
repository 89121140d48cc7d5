"""Lines of text files in the encodings that Korean and English programs write."""

from io import BytesIO

import pytest

from tubeseek.core.text_files import (
    MAX_LINE_CHARACTERS,
    bad_byte,
    encoding_of,
    storable,
    text_lines,
)

ENGLISH = "Id,Title,Views\naircAruvnKk,But what is a neural network?,1000\n"
KOREAN = "동영상 ID,제목,채널\naircAruvnKk,고양이가 피아노를 친다,냥이네\nb,멍멍 👩‍👩‍👧,개\n"
HANGUL = KOREAN.replace(" 👩‍👩‍👧", "")


def texts(data: bytes) -> list[str]:
    return [line.text for line in text_lines(BytesIO(data))]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(text, name) for text in (ENGLISH, KOREAN) for name in ("utf-8", "utf-8-sig", "utf-16")]
    + [(text, name) for text in (ENGLISH, KOREAN) for name in ("utf-16-le", "utf-16-be")]
    + [(HANGUL, "cp949"), (ENGLISH * 3000 + HANGUL, "cp949")],
)
def test_lines_come_back(text: str, encoding: str) -> None:
    assert texts(text.encode(encoding)) == text.splitlines(keepends=True)


def test_the_end_of_what_is_sampled_cuts_no_character() -> None:
    for shift in range(4):
        text = "a" * shift + "가나다라," * 20_000 + "\n"
        for encoding in ("utf-8", "cp949", "utf-16", "utf-16-be"):
            assert texts(text.encode(encoding)) == [text], (shift, encoding)


def test_a_damaged_byte_makes_no_other_encoding_of_utf8() -> None:
    data = KOREAN.encode().replace("피아노".encode(), b"\xff\xb0\xa1")
    assert encoding_of(BytesIO(data)) == "utf-8"
    damaged = [line.number for line in text_lines(BytesIO(data)) if bad_byte(line.text)]
    assert damaged == [2]


def test_old_macintosh_lines() -> None:
    assert texts(b"Id,Title\ra,b\r") == ["Id,Title\n", "a,b\n"]


def test_a_long_line_gives_its_beginning() -> None:
    first, second = text_lines(BytesIO(b"x" * (5 * MAX_LINE_CHARACTERS) + b"\nz\n"))
    assert (len(first.text), second.text, second.number) == (MAX_LINE_CHARACTERS, "z\n", 2)


def test_what_no_database_stores_is_replaced() -> None:
    assert storable("한\0글\udc80 😀") == "한\ufffd글\ufffd 😀"
