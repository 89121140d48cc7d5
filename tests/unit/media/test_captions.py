"""Caption files as they come: three kinds, several encodings, much that is beside the words."""

import codecs
import json
from itertools import pairwise
from pathlib import Path

import pytest

from tubeseek.core.errors import MediaError
from tubeseek.core.passages import Cue
from tubeseek.media.captions import MAX_CAPTION_BYTES, parse_captions, read_captions

WEBVTT = """WEBVTT - made by hand
Kind: captions
Language: en
X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0

STYLE
::cue(b) { color: red }

NOTE this is
for the editor

intro
00:01.000 --> 00:02.500 align:start position:0%
<v Ann><i>Tea</i> &amp; toast?</v>
&gt;&gt; Yes &lt;3&nbsp;please

01:00:00.000 --> 01:00:01.250
- One.
- Two.

00:05.000 --> 00:04.000
ends before it begins
"""

SRT = """1
00:00:01,000 --> 00:00:02,500
<font color="red">안녕하세요.</font>

2
00:00:03,000 --> 00:00:04,000
{\\an8}- 고양이가
- 피아노를 칩니다

42

00:00:05,000 --> 00:00:06,5
마지막 줄
42
"""

ROLLING = """WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:02.230 align:start position:0%

hello<00:00:00.500><c> big</c><00:00:01.000><c> world</c>

00:00:02.230 --> 00:00:02.240 align:start position:0%
hello big world


00:00:02.240 --> 00:00:04.500 align:start position:0%
hello big world
how<00:00:02.600><c> are</c><00:00:03.000><c> you</c>

00:00:04.500 --> 00:00:04.510 align:start position:0%
how are you


00:00:04.510 --> 00:00:07.000 align:start position:0%
how are you
you<00:00:05.000><c> look</c><00:00:05.500><c> well</c>
""".replace("%\n\n", "%\n \n").replace("world\n\n\n", "world\n \n\n")


def parsed(text: str) -> list[Cue]:
    return parse_captions(text.encode(), "a file")


def test_webvtt() -> None:
    assert parsed(WEBVTT) == [
        Cue(1.0, 2.5, "Tea & toast? Yes <3 please"),
        Cue(5.0, 5.0, "ends before it begins"),
        Cue(3600.0, 3601.25, "One. Two."),
    ]


def test_srt_with_gaps_in_its_numbers_and_blank_lines() -> None:
    assert parsed(SRT) == [
        Cue(1.0, 2.5, "안녕하세요."),
        Cue(3.0, 4.0, "고양이가 피아노를 칩니다 42"),
        Cue(5.0, 6.5, "마지막 줄 42"),
    ]


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace("\n", "\r\n").encode("cp949"),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: codecs.BOM_UTF16_LE + text.replace("\n", "\r\n").encode("utf-16-le"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
    ],
)
def test_srt_in_the_encodings_of_korean_archives(encode) -> None:  # type: ignore[no-untyped-def]
    assert parse_captions(encode(SRT), "a file") == parsed(SRT)


def test_json3_that_was_heard() -> None:
    events = [
        {"tStartMs": 0, "dDurationMs": 9000, "id": 1, "wpWinPosId": 1},
        {
            "tStartMs": 160,
            "dDurationMs": 4000,
            "wWinId": 1,
            "segs": [{"utf8": "hello", "acAsrConf": 0}, {"utf8": " world", "tOffsetMs": 340}],
        },
        {
            "tStartMs": 2230,
            "dDurationMs": 1930,
            "wWinId": 1,
            "aAppend": 1,
            "segs": [{"utf8": "\n"}],
        },
        {"tStartMs": 2240, "dDurationMs": 2000, "wWinId": 1, "segs": [{"utf8": "how are you"}]},
        {"tStartMs": 4500, "dDurationMs": 500, "segs": [{"utf8": "[Music]"}]},
    ]
    assert parsed(json.dumps({"wireMagic": "pb3", "events": events})) == [
        Cue(0.16, 2.24, "hello world"),
        Cue(2.24, 4.24, "how are you"),
    ]


def test_rolling_captions_give_each_word_once_with_its_time() -> None:
    assert parsed(ROLLING) == [
        Cue(0.16, 2.23, "hello big world"),
        Cue(2.24, 4.5, "how are you"),
        Cue(4.51, 7.0, "you look well"),
    ]


def test_rolling_captions_without_the_times_of_words() -> None:
    """As `yt-dlp --convert-subs srt` leaves them."""
    lines = ["one two", "three four", "five", "six seven eight"]
    shown = [lines[0], *(f"{a}\n{b}" for a, b in pairwise(lines))]
    srt = "".join(
        f"{i}\n00:00:0{i},000 --> 00:00:0{i + 1},000\n{text}\n\n" for i, text in enumerate(shown)
    )
    assert parsed(srt) == [Cue(i, i + 1, line) for i, line in enumerate(lines)]


def test_captions_that_grow_by_a_word_at_a_time() -> None:
    words = ["the", "cat", "plays", "the", "piano"]
    vtt = "WEBVTT\n\n" + "".join(
        f"00:0{i}.000 --> 00:0{i + 1}.000\n{' '.join(words[: i + 1])}\n\n"
        for i in range(len(words))
    )
    assert parsed(vtt) == [Cue(i, i + 1, word) for i, word in enumerate(words)]


def test_a_line_spoken_twice_stays() -> None:
    """Only rolling files repeat what is in view; people repeat what they say."""
    spoken = ["No.", "No. I said no.", "Well then.", "Then go.", "And come again.", "Go."]
    vtt = "WEBVTT\n\n" + "".join(
        f"00:0{i}.000 --> 00:0{i + 1}.000\n{text}\n\n" for i, text in enumerate(spoken)
    )
    assert [cue.text for cue in parsed(vtt)] == spoken


def test_a_line_repeated_after_a_pause_stays_in_rolling_captions() -> None:
    again = ROLLING + "\n00:00:20.000 --> 00:00:22.000\nyou look well\n"
    assert parsed(again)[-1] == Cue(20.0, 22.0, "you look well")


@pytest.mark.parametrize(
    ("shown", "spoken"),
    [
        ("♪ 사랑해 ♪", "사랑해"),
        ("[Music]", ""),
        ("[음악] 반갑습니다 (박수)", "반갑습니다"),
        ("what the [ __ ] is that", "what the is that"),
        ("[door slams]", "[door slams]"),
        (">> Hello.\n>>> News.", "Hello. News."),
        ("-안녕\n- 그래", "안녕 그래"),
        ("well-known, twenty - one", "well-known, twenty - one"),
        ("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"),
        ("a\u200bb\u200e c", "ab c"),
        ("1 < 2 > 0", "1 < 2 > 0"),
    ],
)
def test_what_is_no_speech_is_left_out(shown: str, spoken: str) -> None:
    srt = f"1\n00:00:01,000 --> 00:00:02,000\n{shown}\n"
    assert [cue.text for cue in parsed(srt)] == ([spoken] if spoken else [])


def test_subtitles_with_an_outline_hold_every_line_twice() -> None:
    line = "00:00:01,000 --> 00:00:02,000\nonce\n\n"
    assert parsed(line * 2) == [Cue(1.0, 2.0, "once")]


@pytest.mark.parametrize(
    "data", ["WEBVTT", "WEBVTT\n\nNOTE nothing is said\n", '{"wireMagic": "pb3", "events": []}']
)
def test_a_file_without_speech(data: str) -> None:
    assert parsed(data) == []


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"", ""),
        (b" \r\n \n", ""),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "UTF-8"),
        (b"\x00\x00\x00\x18ftypmp42", "--convert-subs"),
        (b"<html>Sorry</html>", "--convert-subs"),
        (b"[Script Info]\nTitle: ass", "--convert-subs"),
        (b"WEBVTT\n\nnow --> then\nwords\n", ""),
        (b"00:99:00,000 --> 00:99:01,000\nwords\n", ""),
        (b'{"events": [', "JSON"),
        (b"{" * 100_000, "JSON"),
        (b'{"a":' * 100_000, "JSON"),
        (b'{"events": 5}', "json3"),
        (b'{"id": "info of a video"}', "json3"),
        (b'{"events": [{"tStartMs": NaN, "segs": [{"utf8": "x"}]}]}', ""),
        (b'{"events": [{"tStartMs": 1e999, "segs": [{"utf8": "x"}]}]}', ""),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\xff\xfe\n", "UTF-8"),
        (b"x" * (MAX_CAPTION_BYTES + 1), "20 MB"),
    ],
)
def test_a_file_that_is_none_says_so(tmp_path: Path, data: bytes, value: str) -> None:
    path = tmp_path / "broken.vtt"
    path.write_bytes(data)
    with pytest.raises(MediaError) as caught:
        read_captions(path)
    assert str(path) in str(caught.value)
    assert value in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"nowhere\.srt"):
        read_captions(tmp_path / "nowhere.srt")
