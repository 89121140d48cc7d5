"""Draws the timeline of a video: how well each moment fits, its chapters, and what is replayed."""

from typing import Any

import streamlit as st

from tubeseek.core.schemas import Curve, Scope, Timeline, TimelineRequest
from tubeseek.core.schemas.search import WORDS_INDEX
from tubeseek.core.times import seek_after
from tubeseek.ui import texts
from tubeseek.ui.address import Place
from tubeseek.ui.formats import clock
from tubeseek.ui.session import Session, go
from tubeseek.ui.texts.text import Text

HEIGHT = 190  # pixels
LABELS_WIDTH = 700  # pixels; about how wide the plot is, to cut the names of short chapters
COLOURS = ["#4c8dd6", "#f08c3a", "#4cae75", "#b07cc6"]  # of curves, on light and on dark
GREY = "#888888"
PICKED = "picked"  # the chart's name for the clicked moment
KINDS = {"still": texts.video.PICTURE, "clip": texts.video.IN_MOTION, "passage": texts.video.SPEECH}
Layer = dict[str, Any]  # of a Vega-Lite chart


def show(session: Session, video_id: str) -> None:
    """Draw the timeline where it has something to show; a click plays from there."""
    place = session.place
    timeline = session.library.timeline(video_id, TimelineRequest(text=place.q))
    curves = [curve for curve in timeline.curves if _is_searched(curve, place.using)]
    end = _end_of(timeline)
    if not end or not (curves or timeline.chapters or timeline.replayed):
        return
    st.subheader(
        session.say(texts.video.TIMELINE), anchor=False, help=session.say(texts.video.TIMELINE_HELP)
    )
    key = f"ts-timeline-{video_id}"
    chart = chart_of(session, timeline, curves, end)
    with st.container(key="ts-timeline"):
        if not curves:
            st.vega_lite_chart(chart, height=HEIGHT, width="stretch", key=key)
            return
        st.vega_lite_chart(
            chart,
            height=HEIGHT,
            width="stretch",
            key=key,
            on_select=lambda: _play_clicked(key, place, video_id),
            selection_mode=PICKED,
        )


def chart_of(session: Session, timeline: Timeline, curves: list[Curve], end: float) -> Layer:
    """Return the chart in Vega-Lite: layers along the time of the video, with heights from 0 to 1.

    Each curve of an encoder spans its own lowest to highest cosine, because the cosines of two
    encoders cannot be compared; the tooltip has the cosine itself.
    """
    layers = [
        *_chapters(timeline, end),
        *_replayed(session, timeline),
        *_curves(session, curves),
        *_now(session.place.t),
    ]
    hours = "floor(datum.value / 3600) + ':' + format(floor(datum.value % 3600 / 60), '02')"
    minutes = "floor(datum.value / 60)"
    seconds = "format(floor(datum.value % 60), '02')"
    time_axis = {
        "title": None,
        "grid": False,
        "labelExpr": f"{hours if end >= 3600 else minutes} + ':' + {seconds}",
    }
    height = {"type": "quantitative", "axis": None, "scale": {"domain": [0, 1.25]}}
    for layer in layers:
        layer["encoding"]["x"] |= {
            "type": "quantitative",
            "axis": time_axis,
            "scale": {"domain": [0, end], "nice": False},
        }
        if "field" in layer["encoding"].get("y", {}):
            layer["encoding"]["y"] |= height
    return {"description": session.say(texts.video.TIMELINE_HELP), "layer": layers}


def _is_searched(curve: Curve, using: str) -> bool:
    words = curve.kind == "passage"
    return not using or words == (using == Scope.WORDS.value)


def _end_of(timeline: Timeline) -> float:
    """Return the length of the video; where it is not known, the end of its last part."""
    ends = [point.end for curve in timeline.curves for point in curve.points]
    ends += [chapter.end for chapter in timeline.chapters]
    ends += [part.end for part in timeline.replayed]
    return timeline.duration_seconds or max(ends, default=0.0)


def _play_clicked(key: str, place: Place, video_id: str) -> None:
    """Play from the clicked moment; a click beside all of them selects none."""
    clicked = st.session_state[key]["selection"].get(PICKED)
    if clicked:
        go(place.watching(video_id, seek_after(clicked[0]["seconds"])))


def _chapters(timeline: Timeline, end: float) -> list[Layer]:
    """Return a line where each chapter begins, and its name."""
    if not timeline.chapters:
        return []
    rows = [
        {
            "seconds": chapter.start,
            "name": chapter.title,
            "room": round(LABELS_WIDTH * (chapter.end - chapter.start) / end),
        }
        for chapter in timeline.chapters
    ]
    data = {"values": rows}
    return [
        {
            "data": data,
            "mark": {"type": "rule", "strokeDash": [3, 3], "color": GREY},
            "encoding": {"x": {"field": "seconds"}},
        },
        {
            "data": data,
            "mark": {
                "type": "text",
                "align": "left",
                "baseline": "top",
                "dx": 4,
                "color": GREY,
                "limit": {"expr": "datum.room"},
            },
            "encoding": {
                "x": {"field": "seconds"},
                "y": {"value": 2},
                "text": {"field": "name", "type": "nominal"},
            },
        },
    ]


def _replayed(session: Session, timeline: Timeline) -> list[Layer]:
    """Return what is replayed most as a pale area, as players draw it."""
    if not timeline.replayed:
        return []
    rows = [{"seconds": part.start, "height": part.value} for part in timeline.replayed]
    rows.append({"seconds": timeline.replayed[-1].end, "height": timeline.replayed[-1].value})
    area = {"type": "area", "interpolate": "monotone", "opacity": 0.18, "color": GREY}
    return [
        {
            "description": session.say(texts.video.REPLAYED),
            "data": {"values": rows},
            "mark": area,
            "encoding": {"x": {"field": "seconds"}, "y": {"field": "height"}},
        }
    ]


def _curves(session: Session, curves: list[Curve]) -> list[Layer]:
    """Return lines for pictures, stretches for passages, and points that can be clicked."""
    if not curves:
        return []
    rows = [row for curve in curves for row in _rows(session, curve, curves)]
    color = {
        "field": "index",
        "type": "nominal",
        "title": None,
        "legend": {"orient": "bottom"},
        "scale": {"range": COLOURS},
        "sort": None,
    }
    tooltip = [
        {"field": "time", "title": session.say(texts.video.AT_TIME)},
        {"field": "index", "title": session.say(texts.search.USING)},
        {"field": "score", "title": session.say(texts.video.SCORE), "format": ".3f"},
    ]
    lines = [row for row in rows if not row["spoken"]]
    stretches = [row for row in rows if row["spoken"]]
    return [
        {
            "data": {"values": lines},
            "mark": {"type": "line", "interpolate": "monotone", "opacity": 0.7},
            "encoding": _at_height(color),
        },
        {
            "data": {"values": stretches},
            "mark": {"type": "rule", "strokeWidth": 3, "opacity": 0.7},
            "encoding": _at_height(color) | {"x2": {"field": "end"}},
        },
        {
            "data": {"values": rows},
            "params": [
                {
                    "name": PICKED,
                    "select": {
                        "type": "point",
                        "encodings": ["x"],
                        "nearest": True,
                        "toggle": False,
                        "on": "click",
                    },
                }
            ],
            "mark": {"type": "point", "filled": True, "size": 45, "cursor": "pointer"},
            "encoding": _at_height(color) | {"tooltip": tooltip},
        },
    ]


def _at_height(color: Layer) -> Layer:
    return {"x": {"field": "seconds"}, "y": {"field": "height"}, "color": color}


def _rows(session: Session, curve: Curve, curves: list[Curve]) -> list[dict[str, str | float]]:
    scores = [point.score for point in curve.points]
    low, high = (0.0, 1.0) if curve.index == WORDS_INDEX else (min(scores), max(scores))
    spread = high - low or 1.0
    name = _name(session, KINDS.get(curve.kind, texts.video.PICTURE), curve, curves)
    return [
        {
            "seconds": point.start,
            "end": point.end,
            "spoken": curve.kind == "passage",
            "height": round((point.score - low) / spread, 4),
            "score": point.score,
            "time": clock(point.start),
            "index": name,
        }
        for point in curve.points
        if point.score or curve.index != WORDS_INDEX  # a passage without the words is no moment
    ]


def _name(session: Session, kind: Text, curve: Curve, curves: list[Curve]) -> str:
    """Return the name in the legend; two indexes of one kind are named with their encoders."""
    alike = [other for other in curves if other.kind == curve.kind]
    return session.say(kind) if len(alike) == 1 else f"{session.say(kind)} ({curve.index})"


def _now(seconds: float) -> list[Layer]:
    """Return a line where the player starts."""
    if not seconds:
        return []
    return [
        {
            "data": {"values": [{"seconds": seconds}]},
            "mark": {"type": "rule", "strokeWidth": 2, "color": GREY},
            "encoding": {"x": {"field": "seconds"}},
        }
    ]
