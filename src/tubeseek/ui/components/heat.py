"""Turns the timeline of a video into the cells of a strip: how well each part fits the search."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from tubeseek.core.schemas import Curve, Scope, Timeline
from tubeseek.core.schemas.search import WORDS_INDEX

PICTURES, SPEECH, REPLAYED = "pictures", "speech", "replayed"  # the layers
NEAR = 0.5  # the least height of a passage that is shown for what it means
Cell: TypeAlias = dict[str, float]  # start and end in seconds, height from 0 to 1


def end_of(timeline: Timeline) -> float:
    """Return the length of the video; where it is not known, the end of its last part."""
    ends = [point.end for curve in timeline.curves for point in curve.points]
    ends += [chapter.end for chapter in timeline.chapters]
    ends += [part.end for part in timeline.replayed]
    return timeline.duration_seconds or max(ends, default=0.0)


def heat_layers(timeline: Timeline, using: str) -> Mapping[str, Sequence[Cell]]:
    """Return the cells of each layer, in order of time.

    Each curve of an encoder spans its own lowest to highest cosine, because the cosines of two
    encoders cannot be compared; where two curves have a cell, the higher one is shown. Of
    what passages mean the upper half is shown, because each of them is somewhat near the search,
    and only where no passage holds its words.

    Args:
        timeline: Of the video.
        using: What the search looks in: "pictures", "words", or "" for both.
    """
    end = end_of(timeline)
    layers: dict[str, dict[tuple[float, float], float]] = {PICTURES: {}, SPEECH: {}}
    has_words = any(
        point.score
        for curve in timeline.curves
        if curve.index == WORDS_INDEX
        for point in curve.points
    )
    for curve in timeline.curves:
        layer = SPEECH if curve.kind == "passage" else PICTURES
        if not using or (layer == SPEECH) == (using == Scope.WORDS.value):
            is_meaning = layer == SPEECH and curve.index != WORDS_INDEX
            for cell, height in _cells(curve, end):
                if is_meaning and (has_words or height < NEAR):
                    continue
                layers[layer][cell] = max(height, layers[layer].get(cell, 0.0))
    return {
        REPLAYED: [_cell(part.start, part.end, part.value) for part in timeline.replayed],
        **{name: [_cell(*at, cells[at]) for at in sorted(cells)] for name, cells in layers.items()},
    }


def _cells(curve: Curve, end: float) -> list[tuple[tuple[float, float], float]]:
    """Return the times and heights of a curve; a still stands until the next one."""
    scores = [point.score for point in curve.points]
    low, high = (0.0, 1.0) if curve.index == WORDS_INDEX else (min(scores), max(scores))
    spread = high - low or 1.0
    nexts = [later.start for _, later in pairwise(curve.points)] + [end]
    return [
        (
            (point.start, point.end if point.end > point.start else max(until, point.start)),
            (point.score - low) / spread,
        )
        for point, until in zip(curve.points, nexts, strict=True)
        if point.score or curve.index != WORDS_INDEX  # a passage without the words is no moment
    ]


def _cell(start: float, end: float, height: float) -> Cell:
    return {"start": round(start, 3), "end": round(end, 3), "height": round(height, 3)}
