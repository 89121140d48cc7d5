"""JSON item by item gives what the whole file would give, and says where a file is broken."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tubeseek.core import json_stream
from tubeseek.core.errors import InputError
from tubeseek.core.json_stream import is_broken, json_items

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(-1e9, 1e9) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def expected(whole):
    if isinstance(whole, list):
        return [("", item) for item in whole]
    items = []
    for name, value in whole.items():
        items += [(name, item) for item in value] if isinstance(value, list) else [(name, value)]
    return items


@settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    whole=st.lists(VALUES, max_size=4) | st.dictionaries(st.text(), VALUES, max_size=4),
    indent=st.sampled_from([None, 2]),
    ascii_only=st.booleans(),
    chunk=st.integers(1, 9),
)
def test_it_gives_what_the_whole_file_holds(
    tmp_path: Path, monkeypatch, whole, indent, ascii_only, chunk
):
    monkeypatch.setattr(json_stream, "_CHUNK", chunk)
    file = tmp_path / "some.json"
    text = json.dumps(whole, indent=indent, ensure_ascii=ascii_only)
    file.write_bytes(text.encode(errors="surrogatepass"))
    if not is_broken(text):
        assert list(json_items(file)) == expected(whole)


def test_numbers_are_not_cut_at_the_edge_of_what_was_read(tmp_path, monkeypatch):
    monkeypatch.setattr(json_stream, "_CHUNK", 3)
    file = tmp_path / "numbers.json"
    file.write_text("[1234567, 1.5e300 , -12]")
    assert list(json_items(file)) == [("", 1234567), ("", 1.5e300), ("", -12)]


def test_a_file_that_is_cut_off_anywhere_is_refused(tmp_path):
    whole = json.dumps({"images": [{"id": 1}, {"id": 2}], "n": 12, "a": "b"})
    file = tmp_path / "cut.json"
    for length in range(len(whole)):
        file.write_text(whole[:length])
        with pytest.raises(InputError, match=r"cut\.json"):
            list(json_items(file))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"a": [1 2]}', r"odd\.json.*\b9\b.*','"),
        ('{"a" 1}', r"odd\.json.*\b5\b.*':'"),
        ("{1: 2}", r"odd\.json.*\b2\b"),
        ("[1] [2]", r"odd\.json.*\b4\b"),
        ("7", r"odd\.json.*\b0\b"),
        ("[" * 100_000, r"odd\.json.*\b1\b"),
    ],
)
def test_the_message_says_what_and_where(tmp_path, text, fault):
    file = tmp_path / "odd.json"
    file.write_text(text)
    with pytest.raises(InputError, match=fault):
        list(json_items(file))


def test_bytes_that_are_no_utf8_cost_one_item(tmp_path):
    file = tmp_path / "bytes.json"
    file.write_bytes(b'\xef\xbb\xbf[{"a": "f\xfcr"}, {"a": "\xec\x9a\xb0\xeb\xa6\xac"}]')
    first, second = (item["a"] for _, item in json_items(file))
    assert is_broken(first)
    assert second == "우리"
    assert not is_broken(second)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"none\.json"):
        list(json_items(tmp_path / "none.json"))
