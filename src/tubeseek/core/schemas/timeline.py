"""Defines the timeline of a video: how well each moment fits a query, by each index."""

from pydantic import ConfigDict, Field

from tubeseek.core.schemas.base import Message
from tubeseek.core.schemas.library import ChapterFacts


class TimelineRequest(Message):
    """What to look for in the video."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "a red sports car"}]})

    text: str = Field(
        default="", description="A query, as for a search; empty leaves out the curves."
    )


class CurvePoint(Message):
    """A segment of the video, in seconds, and how well it fits."""

    start: float
    end: float
    score: float


class Curve(Message):
    """The scores of a video's segments in one index, in order of time."""

    index: str = Field(description='The name of its encoder, or "words".')
    kind: str = Field(description="The kind of its segments: still, clip or passage.")
    points: tuple[CurvePoint, ...] = Field(
        description='Scores are cosines; for "words" the share of the highest possible BM25 score.'
    )


class ReplayStretch(Message):
    """How often a part, in seconds, is replayed; the most replayed part has 1."""

    start: float
    end: float
    value: float


class Timeline(Message):
    """A video along a query; unknown facts are left out."""

    video_id: str
    duration_seconds: float | None = None
    curves: tuple[Curve, ...] = ()
    chapters: tuple[ChapterFacts, ...] = ()
    replayed: tuple[ReplayStretch, ...] = ()
    notices: tuple[str, ...] = Field(
        default=(), description="What is missing from the curves, and why, in plain words."
    )
