"""Translates conditions into filters of Qdrant Edge."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import qdrant_edge as qe

from tubeseek.stores.payload import AnyOf, Condition, NumberRange

_EdgeCondition: TypeAlias = (
    qe.FieldCondition
    | qe.IsEmptyCondition
    | qe.IsNullCondition
    | qe.HasIdCondition
    | qe.HasVectorCondition
    | qe.NestedCondition
    | qe.Filter
)


def edge_filter(conditions: Iterable[Condition]) -> qe.Filter | None:
    """Return all conditions as one filter, or None if there are none."""
    must: list[_EdgeCondition] = []
    must_not: list[_EdgeCondition] = []
    for condition in conditions:
        if isinstance(condition, AnyOf):
            match = qe.MatchAny(list(condition.values))
            fields: list[_EdgeCondition] = [
                qe.FieldCondition(key=name, match=match) for name in condition.fields
            ]
            if not condition.required:
                must_not += fields
            else:
                must.append(fields[0] if len(fields) == 1 else qe.Filter(should=fields))
        elif isinstance(condition, NumberRange):
            span = qe.RangeFloat(gte=condition.at_least, lte=condition.at_most, lt=condition.below)
            must.append(qe.FieldCondition(key=condition.field, range=span))
        else:
            days = qe.RangeDateTime(gte=condition.at_least, lt=condition.below)
            must.append(qe.FieldCondition(key="published", range=days))
    if not must and not must_not:
        return None
    return qe.Filter(must=must, must_not=must_not)


def of_video(video_id: str) -> qe.Filter:
    """Return the filter for the points of one video."""
    match = qe.MatchValue(video_id)
    return qe.Filter(must=[qe.FieldCondition(key="video_id", match=match)])


def of_videos(video_ids: Sequence[str]) -> qe.Filter:
    """Return the filter for the points of any of these videos."""
    match = qe.MatchAny(list(video_ids))
    return qe.Filter(must=[qe.FieldCondition(key="video_id", match=match)])
