"""Writes records as the text and JSON of the catalogue, and reads them back."""

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
    """Write the fields of a video that are not empty."""
    facts: dict[str, Any] = {f.name: getattr(video, f.name) for f in fields(video)}
    facts["chapters"] = [asdict(chapter) for chapter in video.chapters]
    facts["heatmap"] = [asdict(point) for point in video.heatmap]
    facts["published"] = video.published.isoformat() if video.published else None
    facts["extra"] = dict(video.extra)
    stated = {name: value for name, value in facts.items() if not _is_empty(value)}
    return json.dumps(stated, ensure_ascii=False)


def video_from_json(text: str) -> Video:
    """Read what `video_to_json` wrote.

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


def merge(stored: Video, listed: Video) -> Video:
    """Update a known video with what a listing states of it.

    A listing states less than the video's own page, so an empty field changes nothing, nor does an
    id in place of a title. Its dates are guessed from "3 years ago", so the first one stays until
    `record_media` brings a better.

    >>> known = Video("a", "u", "old", description="long text", views=1)
    >>> merge(known, Video("a", "u", "new", views=2)).description
    'long text'
    >>> merge(known, Video("a", "u", "a")).title
    'old'
    """
    merged = {}
    for f in fields(listed):
        value = getattr(listed, f.name)
        merged[f.name] = getattr(stored, f.name) if _is_empty(value) else value
    if listed.title == listed.id:
        merged["title"] = stored.title
    return Video(**merged | {"published": stored.published or listed.published})


def _is_empty(value: object) -> bool:
    """Return whether a field is empty; zero is not, unlike False."""
    return not value and (value != 0 or value is False)


def media_to_row(media: Media) -> tuple[str, str, str]:
    """Return (thumbnail path, stills as JSON, passages as JSON)."""
    stills = [[str(still.path), still.seconds] for still in media.stills]
    return str(media.thumbnail), json.dumps(stills), passages_to_json(media.passages)


def media_from_row(video: Video, thumbnail: str, stills: str, passages: str) -> Media:
    """Read what `media_to_row` wrote."""
    pictures = tuple(Still(Path(path), seconds) for path, seconds in json.loads(stills))
    return Media(video, Path(thumbnail), pictures, passages_from_json(video.id, passages))


def passages_to_json(passages: Sequence[Passage]) -> str:
    """Write the track, times, text and, where known, lines of passages in one line."""
    table = [[*_words(p), [list(cue) for cue in p.cues]] if p.cues else _words(p) for p in passages]
    return json.dumps(table, ensure_ascii=False)


def words_to_json(passages: Sequence[Passage]) -> str:
    """Write what is indexed of passages: their lines are not."""
    return json.dumps([_words(passage) for passage in passages], ensure_ascii=False)


def _words(passage: Passage) -> list[str | float]:
    segment = passage.segment
    return [segment.track, segment.start, segment.end, passage.text]


def passages_from_json(video_id: str, text: str) -> tuple[Passage, ...]:
    """Read what `passages_to_json` wrote."""
    return tuple(
        Passage(
            Segment(video_id, SegmentKind.PASSAGE, start, end, track),
            words,
            tuple((place, second) for cues in lines for place, second in cues),
        )
        for track, start, end, words, *lines in json.loads(text)
    )


def spec_to_json(spec: EncoderSpec) -> str:
    """Write a spec as one line of JSON."""
    return json.dumps(asdict(spec))


def spec_from_json(text: str) -> EncoderSpec:
    """Read what `spec_to_json` wrote."""
    facts = json.loads(text)
    return EncoderSpec(**facts | {"languages": tuple(facts["languages"])})
