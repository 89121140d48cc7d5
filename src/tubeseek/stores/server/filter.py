"""Translates conditions into filters of the Qdrant server."""

import math
import sys
from collections.abc import Iterable, Sequence

from qdrant_client import models

from tubeseek.stores.payload import AnyOf, Condition, NumberRange


def server_filter(conditions: Iterable[Condition]) -> models.Filter | None:
    """Return all conditions as one filter, or None if there are none."""
    must: list[models.Condition] = []
    must_not: list[models.Condition] = []
    for condition in conditions:
        if isinstance(condition, AnyOf):
            match = models.MatchAny(any=list(condition.values))
            fields: list[models.Condition] = [
                models.FieldCondition(key=name, match=match) for name in condition.fields
            ]
            if not condition.required:
                must_not += fields
            else:
                must.append(fields[0] if len(fields) == 1 else models.Filter(should=fields))
        elif isinstance(condition, NumberRange):
            span = models.Range(
                gte=_finite(condition.at_least),
                lte=_finite(condition.at_most),
                lt=_finite(condition.below),
            )
            must.append(models.FieldCondition(key=condition.field, range=span))
        else:
            days = models.DatetimeRange.model_validate(
                {"gte": condition.at_least, "lt": condition.below}
            )
            must.append(models.FieldCondition(key="published", range=days))
    if not must and not must_not:
        return None
    return models.Filter(must=must, must_not=must_not)


def of_video(video_id: str) -> models.Filter:
    """Return the filter for the points of one video."""
    match = models.MatchValue(value=video_id)
    return models.Filter(must=[models.FieldCondition(key="video_id", match=match)])


def of_videos(video_ids: Sequence[str]) -> models.Filter:
    """Return the filter for the points of any of these videos."""
    match = models.MatchAny(any=list(video_ids))
    return models.Filter(must=[models.FieldCondition(key="video_id", match=match)])


def _finite(bound: float | None) -> float | None:
    """Replace infinity, which JSON lacks, by the largest float, which no value exceeds."""
    if bound is None or not math.isinf(bound):
        return bound
    return math.copysign(sys.float_info.max, bound)
