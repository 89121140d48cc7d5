"""Damage of any kind costs a caption file one message or a few cues, never a crash or the time."""

import json
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fixture_site.captions import json3
from tests.unit.media.test_captions import ROLLING, SRT, WEBVTT
from tests.unit.media.test_xml_captions import SRV3, TTML
from tubeseek.core.errors import MediaError
from tubeseek.core.passages import caption_passages
from tubeseek.media.captions import MAX_CAPTION_BYTES, parse_captions

HEARD = json.dumps(json3(((0.5, 2.0, "오늘은 원을"), (2.25, 4.0, "그려 봅니다")), rolls=True))
FILES = {
    "webvtt": WEBVTT.encode(),
    "rolling": ROLLING.encode(),
    "srt": SRT.encode(),
    "cp949": SRT.encode("cp949"),
    "utf16": SRT.encode("utf-16"),
    "json3": HEARD.encode(),
    "srv3": SRV3.encode(),
    "ttml": TTML.encode("utf-16"),
}
SEED = 20261122


def outcome(data: bytes) -> str:
    """What became of a file: "cues" or the message. Whatever cues there are must be sound."""
    message = ""
    try:
        cues = parse_captions(data, "the file")
    except MediaError as error:
        cues, message = [], str(error)
    assert not message or (message.startswith("the file: ") and "\n" not in message)
    assert cues == sorted(cues, key=lambda cue: cue.start)
    assert all(0 <= cue.start <= cue.end and cue.text.strip() for cue in cues)
    for passage in caption_passages("v", cues):
        passage.text.encode()  # half a surrogate pair could not be stored
    return message or "cues"


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    outcome(data)


@settings(deadline=None)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_any_change_of_a_true_file(name: str, data: st.DataObject) -> None:
    whole = FILES[name]
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 20)))
    outcome(whole[:start] + data.draw(st.binary(max_size=20)) + whole[end:])


_numbers = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
_segments = st.lists(
    st.dictionaries(st.sampled_from(["utf8", "tOffsetMs"]), _numbers) | _numbers, max_size=3
)
_events = st.dictionaries(
    st.sampled_from(["tStartMs", "dDurationMs", "segs", "aAppend"]), _numbers | _segments
)


@settings(max_examples=40, deadline=None)
@given(st.lists(_events | _numbers, max_size=5) | _numbers)
def test_any_events(events: object) -> None:
    outcome(json.dumps({"events": events}).encode())


def test_half_a_surrogate_pair_is_left_out() -> None:
    data = rb'{"events": [{"tStartMs": 0, "segs": [{"utf8": "a \ud83d b"}]}]}'
    [passage] = caption_passages("v", parse_captions(data, "a file"))
    assert passage.text == "a b"


def test_a_hundred_damaged_files_cost_a_message_or_a_few_cues_each() -> None:
    rng = random.Random(SEED)  # noqa: S311 (no secret)
    outcomes = []
    for number in range(100):
        whole = bytearray(FILES[rng.choice(sorted(FILES))])
        if number % 2:
            del whole[rng.randrange(len(whole)) :]
        else:
            for _ in range(rng.randrange(1, 30)):
                whole[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        outcomes.append(outcome(bytes(whole)))
    assert 10 < outcomes.count("cues") < 90, "both must happen, or the test tests nothing"


@pytest.mark.parametrize(
    "unit",
    [
        b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"no " * 100,
        b"00:00:01,000 --> 00:00:02,000\n<<<<<<<< a <b {\\ {\\ \n\n",
        b"a --> b --> c\n",
        b"00:00:01,000 --> 00:00:02,000" + b" " * 500 + b"\n",
        b"- - - - - [ ( [ ( >>> &amp;&amp;&#0; \n",
    ],
)
def test_a_megabyte_made_to_be_slow(unit: bytes) -> None:
    data = (b"00:00:00,000 --> 00:00:01,000\n" + unit * (1_000_000 // len(unit)))[:1_000_000]
    assert len(data) <= MAX_CAPTION_BYTES / 19
    began = time.process_time()
    outcome(data)
    # A guard against hanging: in linear time it takes a second, in quadratic time it takes hours.
    assert time.process_time() - began < 60
