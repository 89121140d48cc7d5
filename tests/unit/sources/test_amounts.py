"""Amounts as people write them, against numbers that were written that way."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tubeseek.sources.local.amounts import parse_count, parse_date, parse_duration


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1.8M views", 1_800_000),
        ("502K views", 502_000),
        ("1 view", 1),
        ("12,345,678 views", 12_345_678),
        ("2.1B", 2_100_000_000),
        ("조회수 1.3만회", 13_000),
        ("2억회", 200_000_000),
        ("4.1천", 4_100),
        ("0", 0),
        ("No views", 0),
    ],
)
def test_counts(text: str, count: int) -> None:
    assert parse_count(text) == count


@pytest.mark.parametrize(
    "text", ["", "many", "-5", "1.2.3", "1,23", "NaN", "1e9", "٣", "99999999999999999999", "9e"]
)
def test_what_is_no_count(text: str) -> None:
    assert parse_count(text) is None


@pytest.mark.parametrize(
    "text", ["", "soon", "1:2:3:4", "1:75", "-1:00", "PT", "P", "1/1/1900 9:13"]
)
def test_what_is_no_duration(text: str) -> None:
    assert parse_duration(text) is None


@given(st.integers(0, 2**63 - 1))
def test_a_count_with_thousands_marked_comes_back(count: int) -> None:
    assert parse_count(f"{count:,} views") == count
    assert parse_count(str(count)) == count


@given(st.integers(0, 24 * 3600 - 1))
def test_a_clock_time_comes_back(seconds: int) -> None:
    clock = str(timedelta(seconds=seconds))  # H:MM:SS
    assert parse_duration(clock) == seconds
    assert parse_duration(f"PT{seconds}S") == parse_duration(str(seconds)) == seconds


@given(st.integers(24, 59), st.integers(0, 59))
def test_minutes_that_a_spreadsheet_took_for_hours(minutes: int, seconds: int) -> None:
    assert parse_duration(f"{minutes}:{seconds:02}:00") == minutes * 60 + seconds


@given(st.dates())
def test_an_iso_date_comes_back(day: date) -> None:
    assert parse_date(day.isoformat()) == parse_date(f"{day:%Y-%m-%d}T23:59:59Z".zfill(20)) == day


@given(st.text())
def test_any_text_is_a_number_or_nothing(text: str) -> None:
    count, duration = parse_count(text), parse_duration(text)
    assert count is None or 0 <= count < 2**63
    assert duration is None or 0 <= duration < 1e10
    assert parse_date(text) is None or any(character.isdigit() for character in text)
