"""One video along a query: how well each of its moments fits, by each index."""

from pydantic import ConfigDict, Field

from tubeseek.core.schemas.base import Message
from tubeseek.core.schemas.library import ChapterFacts


class TimelineRequest(Message):
    """What is looked for in the video."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "a red sports car"}]})

    text: str = Field(
        default="", description="a query, as of a search; empty asks for no curves, only the rest"
    )


class CurvePoint(Message):
    """A segment of the video, in seconds, and how well it fits."""

    start: float
    end: float
    score: float


class Curve(Message):
    """What one index gives the segments of the video, in their order."""

    index: str = Field(description='the name of its encoder, or "words"')
    kind: str = Field(description="of its segments: still, clip or passage")
    points: tuple[CurvePoint, ...] = Field(
        description='scores are cosines; of "words" the share of BM25 that the best text would have'
    )


class ReplayStretch(Message):
    """How often a stretch, in seconds, is replayed: 1 is the most replayed part."""

    start: float
    end: float
    value: float


class Timeline(Message):
    """A video along a query; nothing in it that is not known."""

    video_id: str
    duration_seconds: float | None = None
    curves: tuple[Curve, ...] = ()
    chapters: tuple[ChapterFacts, ...] = ()
    replayed: tuple[ReplayStretch, ...] = ()
