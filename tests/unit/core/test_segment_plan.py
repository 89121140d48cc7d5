"""The times of stills: sorted, apart, bounded, and without gaps."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tubeseek.core.segment_plan import MOST_STILLS, plan_still_times, still_spacing

DURATIONS = st.floats(0, 1e7)
SPACINGS = st.floats(1e-3, 1e4)
MOST = st.integers(1, 1000)


@given(duration=DURATIONS, spacing=SPACINGS, most=MOST)
def test_times_are_sorted_inside_bounded_and_apart(
    duration: float, spacing: float, most: int
) -> None:
    times = plan_still_times(duration, spacing_seconds=spacing, most=most)
    assert times[0] == 0
    assert 1 <= len(times) <= most
    assert all(0 <= time < duration for time in times) or times == (0.0,)
    rounding = 1e-12 * duration
    assert all(later - earlier >= spacing - rounding for earlier, later in pairwise(times))
    assert len(times) == 1 or duration - times[-1] >= spacing - rounding


@given(duration=st.floats(1, 1e6), most=st.integers(2, 1000))
def test_no_part_is_left_out(duration: float, most: int) -> None:
    """No gap is twice as long as it had to be, up to the end of the video."""
    times = plan_still_times(duration, most=most)
    needed = max(2.0, duration / most)
    assert all(later - earlier < 2 * needed for earlier, later in pairwise((*times, duration)))


@pytest.mark.parametrize(
    ("duration", "count", "spacing"),
    [(0, 1, 2.0), (1.9, 1, 2.0), (4, 2, 2.0), (60, 30, 2.0), (480, 240, 2.0), (36_000, 240, 150.0)],
)
def test_the_defaults(duration: float, count: int, spacing: float) -> None:
    assert len(plan_still_times(duration)) == count <= MOST_STILLS
    assert still_spacing(duration) == spacing


@pytest.mark.parametrize(
    ("duration", "spacing", "most"),
    [
        (-1, 2, 9),
        (float("nan"), 2, 9),
        (float("inf"), 2, 9),
        (9, 0, 9),
        (9, float("nan"), 9),
        (9, float("inf"), 9),
        (9, 2, 0),
    ],
)
def test_numbers_out_of_range_are_refused(duration: float, spacing: float, most: int) -> None:
    with pytest.raises(ValueError, match="got"):
        plan_still_times(duration, spacing_seconds=spacing, most=most)
