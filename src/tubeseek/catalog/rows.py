"""How records are written in the catalogue: a Video as JSON, and back."""

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tubeseek.core.types import (
    Chapter,
    EncoderSpec,
    HeatPoint,
    Media,
    Passage,
    Segment,
    SegmentKind,
    Still,
    Video,
)


def video_to_json(video: Video) -> str:
    """The fields that say something; what is empty is left out."""
    facts: dict[str, Any] = {f.name: getattr(video, f.name) for f in fields(video)}
    facts["chapters"] = [asdict(chapter) for chapter in video.chapters]
    facts["heatmap"] = [asdict(point) for point in video.heatmap]
    facts["published"] = video.published.isoformat() if video.published else None
    facts["extra"] = dict(video.extra)
    said = {name: value for name, value in facts.items() if _says_something(value)}
    return json.dumps(said, ensure_ascii=False)


def video_from_json(text: str) -> Video:
    """The inverse of `video_to_json`.

    >>> video = Video("a", "u", "t", published=date(2024, 2, 29), chapters=(Chapter("c", 0, 9.5),))
    >>> video_from_json(video_to_json(video)) == video
    True
    """
    facts = {"url": "", "title": ""} | json.loads(text)
    facts["tags"] = tuple(facts.get("tags", ()))
    facts["chapters"] = tuple(Chapter(**c) for c in facts.get("chapters", ()))
    facts["heatmap"] = tuple(HeatPoint(**p) for p in facts.get("heatmap", ()))
    facts["extra"] = MappingProxyType(facts.get("extra", {}))
    if "published" in facts:
        facts["published"] = date.fromisoformat(facts["published"])
    return Video(**facts)


def merge(known: Video, listed: Video) -> Video:
    """What is known of a video after it was listed again: what a listing says wins, the rest stays.

    A listing says less than the video's own page, so an empty field means "not said". Its dates
    are guessed from "3 years ago", so the first one stays until `record_media` brings a better.

    >>> known = Video("a", "u", "old", description="long text", views=1)
    >>> merge(known, Video("a", "u", "new", views=2)).description
    'long text'
    """
    said = {}
    for f in fields(listed):
        value = getattr(listed, f.name)
        said[f.name] = value if _says_something(value) else getattr(known, f.name)
    return Video(**said | {"published": known.published or listed.published})


def _says_something(value: object) -> bool:
    """Zero says something; what is empty, None or False does not."""
    return bool(value) or (value == 0 and value is not False)


def media_to_row(media: Media) -> tuple[str, str, str]:
    """(thumbnail path, stills as JSON, passages as JSON)."""
    stills = [[str(still.path), still.seconds] for still in media.stills]
    return str(media.thumbnail), json.dumps(stills), passages_to_json(media.passages)


def media_from_row(video: Video, thumbnail: str, stills: str, passages: str) -> Media:
    """The inverse of `media_to_row`."""
    pictures = tuple(Still(Path(path), seconds) for path, seconds in json.loads(stills))
    return Media(video, Path(thumbnail), pictures, passages_from_json(video.id, passages))


def passages_to_json(passages: Sequence[Passage]) -> str:
    """What is said and when, in one line."""
    told = [[p.segment.track, p.segment.start, p.segment.end, p.text] for p in passages]
    return json.dumps(told, ensure_ascii=False)


def passages_from_json(video_id: str, text: str) -> tuple[Passage, ...]:
    """The inverse of `passages_to_json`."""
    return tuple(
        Passage(Segment(video_id, SegmentKind.PASSAGE, start, end, track), words)
        for track, start, end, words in json.loads(text)
    )


def spec_to_json(spec: EncoderSpec) -> str:
    """The spec as one line of JSON."""
    return json.dumps(asdict(spec))


def spec_from_json(text: str) -> EncoderSpec:
    """The inverse of `spec_to_json`."""
    facts = json.loads(text)
    return EncoderSpec(**facts | {"languages": tuple(facts["languages"])})
