"""Defines the conditions on videos and moments in a search request."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from tubeseek.core.filters import Filter
from tubeseek.core.schemas.base import Message

Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]  # the command line reads 1:30 too


class Where(Message):
    """The conditions that a found video must meet, all of them; an empty field sets no condition.

    The parameters of the API and the options of the command line are made from these fields.
    """

    channel: tuple[str, ...] = Field(
        default=(), description="Only videos of any of these channels, by name or id."
    )
    category: tuple[str, ...] = Field(
        default=(), description="Only videos of any of these categories."
    )
    after: date | None = Field(
        default=None, description="Only videos published on or after this day."
    )
    before: date | None = Field(default=None, description="Only videos published before this day.")
    min_duration: Seconds | None = Field(
        default=None, description="Only videos at least this long, in seconds."
    )
    max_duration: Seconds | None = Field(
        default=None, description="Only videos at most this long, in seconds."
    )
    min_views: int | None = Field(
        default=None, ge=0, description="Only videos with at least this many views."
    )
    min_honesty: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Only videos whose thumbnail shows what is inside at least this well, 0 to 1; "
        "videos that are not rated are left out.",
    )
    moment_after: Seconds | None = Field(
        default=None, description="Only moments that begin at this second of the video or later."
    )
    moment_before: Seconds | None = Field(
        default=None, description="Only moments that begin before this second of the video."
    )

    @model_validator(mode="after")
    def _check_moments(self) -> "Where":
        after, before = self.moment_after, self.moment_before
        if after is not None and before is not None and after >= before:
            raise ValueError(
                f"moment_after must be less than moment_before, got {after:g} and {before:g}"
            )
        return self

    def to_filter(self, honest_ids: Sequence[str] | None = None) -> Filter:
        """Return the same conditions in the form that stores take.

        Args:
            honest_ids: The videos that meet `min_honesty`, which only the catalogue knows; None
                if `min_honesty` is None.

        Raises:
            ValueError: Only one of `min_honesty` and `honest_ids` is None.
        """
        if (self.min_honesty is None) != (honest_ids is None):
            raise ValueError(f"need honest_ids with min_honesty, got {self.min_honesty=}")
        return Filter(
            video_ids=None if honest_ids is None else tuple(honest_ids),
            channels=self.channel,
            categories=self.category,
            after=self.after,
            before=self.before,
            min_duration_seconds=self.min_duration,
            max_duration_seconds=self.max_duration,
            min_views=self.min_views,
            moments_from_seconds=self.moment_after,
            moments_until_seconds=self.moment_before,
        )
