"""Plans of clips: they cover short videos, sample long ones, and stay within the video."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tubeseek.core.segment_plan import plan_clips


@pytest.mark.parametrize(
    ("duration", "plan"),
    [
        (0.0, []),
        (0.4, [(0.0, 0.4)]),
        (14.0, [(0.0, 14.0)]),
        (16.0, [(0.0, 8.0), (8.0, 16.0)]),
        (30.0, [(0.0, 10.0), (10.0, 20.0), (20.0, 30.0)]),
    ],
)
def test_plans_by_hand(duration: float, plan: list[tuple[float, float]]) -> None:
    assert plan_clips(duration, clip_seconds=10.0) == plan


def test_half_a_clip_too_much_stays_within_the_bound() -> None:
    assert plan_clips(15.0, 10.0, most=1) == [(2.5, 12.5)]


def test_ten_hours_are_sampled_evenly() -> None:
    plan = plan_clips(36_000.0)

    assert len(plan) == 360
    assert plan[0] == (45.0, 55.0)
    assert plan[-1] == (35_945.0, 35_955.0)


@given(duration=st.floats(0, 1e6), clip_seconds=st.floats(0.1, 1000), most=st.integers(1, 500))
def test_any_plan_is_bounded_ascending_and_inside(
    duration: float, clip_seconds: float, most: int
) -> None:
    plan = plan_clips(duration, clip_seconds, most)

    times = [time for span in plan for time in span]
    assert len(plan) <= most
    assert times == sorted(times)
    assert all(0 <= start < end <= duration for start, end in plan)


@given(duration=st.floats(1, 3600), clip_seconds=st.floats(1, 100))
def test_without_a_bound_every_second_is_covered_by_clips_of_about_that_length(
    duration: float, clip_seconds: float
) -> None:
    plan = plan_clips(duration, clip_seconds, most=4000)

    assert (plan[0][0], plan[-1][1]) == (0, duration)
    assert all(end == start for (_, end), (start, _) in pairwise(plan))
    if duration >= clip_seconds:
        lengths = [end - start for start, end in plan]
        assert 2 / 3 * clip_seconds - 1e-6 <= min(lengths)
        assert max(lengths) <= 1.5 * clip_seconds + 1e-6


@pytest.mark.parametrize(
    "wrong",
    [(-1.0, 10.0, 5), (float("nan"), 10.0, 5), (float("inf"), 10.0, 5), (9.0, 0.0, 5), (9.0, 1, 0)],
)
def test_numbers_out_of_range_are_refused(wrong: tuple[float, float, int]) -> None:
    with pytest.raises(ValueError, match="got"):
        plan_clips(*wrong)
