"""Defines the payload of a vector and the conditions of a filter, for every Qdrant store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

from tubeseek.core.errors import EncoderMismatchError
from tubeseek.core.filters import Filter
from tubeseek.core.types import (
    WHOLE_VIDEO_TRACKS,
    EmbeddingBatch,
    EncoderSpec,
    Passage,
    Segment,
    SegmentKind,
    Vector,
    Video,
)

Payload: TypeAlias = dict[str, Any]


class FieldType(StrEnum):
    """How a field is indexed, by Qdrant's names."""

    KEYWORD = "keyword"
    DATETIME = "datetime"
    FLOAT = "float"
    INTEGER = "integer"


INDEXED: Mapping[str, FieldType] = {
    "video_id": FieldType.KEYWORD,
    "channel": FieldType.KEYWORD,
    "channel_id": FieldType.KEYWORD,
    "category": FieldType.KEYWORD,
    "published": FieldType.DATETIME,
    "duration_seconds": FieldType.FLOAT,
    "views": FieldType.INTEGER,
    "start": FieldType.FLOAT,
    "kind": FieldType.KEYWORD,
    "track": FieldType.KEYWORD,
}


SEGMENT_FIELDS = ["video_id", "kind", "start", "end", "track"]  # what `segment_from` reads


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of `fields` holds one of `values`, or none does if `required` is false."""

    fields: tuple[str, ...]
    values: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True, slots=True)
class NumberRange:
    """`field` is known and `at_least` <= it <= `at_most`, it < `below`; None sets no bound."""

    field: str
    at_least: float | None = None
    at_most: float | None = None
    below: float | None = None


@dataclass(frozen=True, slots=True)
class DateRange:
    """`published` is known and `at_least` <= it < `below`, in RFC 3339; None sets no bound."""

    at_least: str | None
    below: str | None


Condition: TypeAlias = AnyOf | NumberRange | DateRange


def facts_of(video: Video) -> Payload:
    """Return the facts of a video that filters test; unknown ones are None.

    Qdrant takes None for absent: it is left out of the field's index, and writing it over a
    stored value removes that value, so one write replaces all facts at once.
    """
    return {
        "channel": video.channel or None,
        "channel_id": video.channel_id or None,
        "category": video.category or None,
        "published": _midnight(video.published),
        "duration_seconds": video.duration_seconds,
        "views": video.views,
    }


def payload_of(segment: Segment, video: Video) -> Payload:
    """Return the payload of one vector: the segment, and the known facts of its video."""
    place: Payload = {
        "video_id": segment.video_id,
        "kind": segment.kind.value,
        "start": segment.start,
        "end": segment.end,
    }
    if segment.track:
        place["track"] = segment.track
    return place | {name: fact for name, fact in facts_of(video).items() if fact is not None}


def segment_from(payload: Payload) -> Segment:
    """Read the segment that `payload_of` wrote."""
    kind = SegmentKind(payload["kind"])
    start, end = float(payload["start"]), float(payload["end"])
    return Segment(payload["video_id"], kind, start, end, payload.get("track", ""))


def conditions_of(where: Filter | None) -> tuple[Condition, ...] | None:
    """Return a filter as conditions that must all hold, or None if no video can pass it.

    They test of the payload what `tubeseek.core.filters` tests of the video and the segment.

    >>> conditions_of(Filter(min_views=5))
    (NumberRange(field='views', at_least=5, at_most=None, below=None),)
    """
    if where is None:
        return ()
    conditions: list[Condition] = []
    if where.video_ids is not None:
        conditions.append(AnyOf(("video_id",), where.video_ids))
    if where.not_video_ids:
        conditions.append(AnyOf(("video_id",), where.not_video_ids, required=False))
    if where.channels:
        conditions.append(AnyOf(("channel", "channel_id"), _known(where.channels)))
    if where.categories:
        conditions.append(AnyOf(("category",), _known(where.categories)))
    if where.after or where.before:
        conditions.append(DateRange(_midnight(where.after), _midnight(where.before)))
    if where.min_duration_seconds is not None or where.max_duration_seconds is not None:
        low, high = where.min_duration_seconds, where.max_duration_seconds
        conditions.append(NumberRange("duration_seconds", low, high))
    if where.min_views is not None:
        conditions.append(NumberRange("views", where.min_views))
    if where.moments_from_seconds is not None or where.moments_until_seconds is not None:
        low, high = where.moments_from_seconds, where.moments_until_seconds
        conditions.append(AnyOf(("kind",), (SegmentKind.THUMBNAIL.value,), required=False))
        conditions.append(AnyOf(("track",), WHOLE_VIDEO_TRACKS, required=False))
        conditions.append(NumberRange("start", low, below=high))
    if any(isinstance(c, AnyOf) and c.required and not c.values for c in conditions):
        return None
    return tuple(conditions)


def _midnight(day: date | None) -> str | None:
    return None if day is None else f"{day.isoformat()}T00:00:00Z"


def _known(values: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out empty names: they stand for unknown ones, which fail every condition."""
    return tuple(value for value in values if value)


READ_FIELDS = [*SEGMENT_FIELDS, "text"]  # what a hit is made of


def passage_payload(passage: Passage, video: Video) -> Payload:
    """Return the payload of a passage: its segment, its words, and the facts of its video."""
    return payload_of(passage.segment, video) | {"text": passage.text}


def passage_from(payload: Payload) -> Passage:
    """Read the passage that `passage_payload` wrote."""
    return Passage(segment_from(payload), payload["text"])


def in_reading_order(passages: Sequence[Passage]) -> list[Passage]:
    """Sort the passages of one video by time, then by track."""
    return sorted(passages, key=lambda p: (p.segment.start, p.segment.end, p.segment.track))


def check_passages(passages: Sequence[Passage], payload: Mapping[str, Video]) -> None:
    """Raise ValueError if the video of a passage is missing."""
    missing = {p.segment.video_id for p in passages} - payload.keys()
    if missing:
        raise ValueError(f"payload lacks the videos {sorted(missing)[:5]}")


def check_batch(spec: EncoderSpec, batch: EmbeddingBatch, payload: Mapping[str, Video]) -> None:
    """Raise ValueError if the vectors are of another length, or a segment's video is missing."""
    if batch.vectors.shape[1] != spec.dim:
        raise ValueError(f"this store holds {spec.dim=}, got {batch.vectors.shape=}")
    missing = {s.video_id for s in batch.segments} - payload.keys()
    if missing:
        raise ValueError(f"payload lacks the videos {sorted(missing)[:5]}")


def check_query(spec: EncoderSpec, vector: Vector) -> None:
    """Raise ValueError if the query vector is of another length."""
    if vector.shape != (spec.dim,):
        raise ValueError(f"this store holds {spec.dim=}, got {vector.shape=}")


def check_spec(stored: EncoderSpec, requested: EncoderSpec, where: str) -> None:
    """Raise EncoderMismatchError if the store at `where` holds vectors of another space."""
    if stored.same_space(requested):
        return
    raise EncoderMismatchError(
        f"{where} holds vectors of encoder {_named(stored)}, not of {_named(requested)}; "
        f"choose the encoder {stored.name!r} as it was, or index the videos again into a new place"
    )


def _named(spec: EncoderSpec) -> str:
    return f"{spec.name!r} ({spec.fingerprint}, {spec.dim} dimensions, {spec.frames} frames)"
