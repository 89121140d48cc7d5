"""The conditions of a request as the filter that stores take."""

from datetime import date

import pytest

from tubeseek.core.filters import Filter
from tubeseek.core.schemas import Where


def test_a_filter_carries_every_condition_of_a_request() -> None:
    where = Where(
        channel=("Pets",),
        category=("Music", "Film"),
        after=date(2024, 1, 2),
        before=date(2025, 3, 4),
        min_duration=5,
        max_duration=60,
        min_views=7,
        min_honesty=0.5,
        moment_after=8,
        moment_before=9,
    )
    assert where.model_fields_set == set(Where.model_fields)  # nothing is left out of this test
    assert where.to_filter(["a", "b"]) == Filter(
        video_ids=("a", "b"),
        channels=("Pets",),
        categories=("Music", "Film"),
        after=date(2024, 1, 2),
        before=date(2025, 3, 4),
        min_duration_seconds=5,
        max_duration_seconds=60,
        min_views=7,
        moments_from_seconds=8,
        moments_until_seconds=9,
    )


def test_no_condition_leaves_the_filter_empty() -> None:
    assert Where().to_filter() == Filter()


def test_no_honest_video_is_not_the_same_as_no_condition() -> None:
    assert Where(min_honesty=1).to_filter([]).video_ids == ()
    with pytest.raises(ValueError, match="min_honesty"):
        Where(min_honesty=1).to_filter()
