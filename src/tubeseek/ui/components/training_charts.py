"""Makes the charts of a training run, in Vega-Lite."""

from typing import Any

from tubeseek.core.schemas import Measure, RunCurve, SetScores
from tubeseek.ui import texts
from tubeseek.ui.session import Session
from tubeseek.ui.texts.text import Text

Chart = dict[str, Any]

BEFORE_COLOUR, AFTER_COLOUR = "#9aa0a6", "#4c8dd6"  # on light and on dark
FEW_POINTS = 40  # up to which each point is drawn
CURVE_HEIGHT = 190  # pixels
SET_HEIGHT = 76  # pixels, of one set in the chart of results


def curve_chart(session: Session, curve: RunCurve, description: str, kept: int | None) -> Chart:
    """Return the chart of one figure along the steps.

    Args:
        session: Of this run.
        curve: The figure.
        description: What it shows, for those who do not see it.
        kept: The number of the point to ring; None for none.
    """
    points = zip(curve.steps, curve.values, strict=True)
    rows = [{"step": step, "value": round(value, 5)} for step, value in points]
    steps = {
        "field": "step",
        "type": "quantitative",
        "title": session.say(texts.training.STEP),
        "scale": {"domain": [0, max(curve.steps[-1], 1)], "nice": False},
        "axis": {"grid": False, "tickMinStep": 1},
    }
    values = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "scale": {"zero": False},
        "axis": {"tickCount": 5, "format": "~g"},
    }
    tooltip = [
        {"field": "step", "title": session.say(texts.training.STEP)},
        {"field": "value", "title": session.say(texts.training.VALUE), "format": ".4f"},
    ]
    few = len(rows) <= FEW_POINTS
    line: Chart = {
        "data": {"values": rows},
        "mark": {
            "type": "line",
            "color": AFTER_COLOUR,
            "strokeWidth": 2,
            "point": {"filled": True, "size": 28, "color": AFTER_COLOUR} if few else False,
        },
        "encoding": {"x": steps, "y": values, "tooltip": tooltip},
    }
    layers = [line]
    if kept is not None and kept < len(rows):
        ring = {"type": "point", "filled": False, "size": 220, "strokeWidth": 2, "color": "#f08c3a"}
        layers.append(
            {"data": {"values": [rows[kept]]}, "mark": ring, "encoding": {"x": steps, "y": values}}
        )
    return {"description": description, "layer": layers}


def measured_chart(session: Session, measured: tuple[SetScores, ...]) -> Chart:
    """Return the chart of recall before and after on each set, with its intervals."""
    rows = []
    for scores in measured:
        for when, measure in (
            (texts.training.BEFORE, scores.before),
            (texts.training.AFTER, scores.after),
        ):
            if measure is not None:
                rows.append(_dot(session, set_name(session, scores.name), when, measure))
    names = [set_name(session, scores.name) for scores in measured]
    moments = [session.say(texts.training.BEFORE), session.say(texts.training.AFTER)]
    of_set = {
        "field": "set",
        "type": "nominal",
        "title": None,
        "sort": names,
        "axis": {"labelLimit": 260, "ticks": False, "domain": False},
    }
    shared = {
        "y": of_set,
        "yOffset": {"field": "when", "type": "nominal", "sort": moments},
        "color": {
            "field": "when",
            "type": "nominal",
            "title": None,
            "scale": {"domain": moments, "range": [BEFORE_COLOUR, AFTER_COLOUR]},
            "legend": {"orient": "top"},
        },
    }
    recall = {
        "type": "quantitative",
        "title": "recall@10",
        "scale": {"domain": [0, 1]},
        "axis": {"tickCount": 5, "format": "~g"},
    }
    data = {"values": rows}
    tooltip = [{"field": name} for name in ("set", "when", "value", "low", "high")]
    bars = {"x": {"field": "low", **recall}, "x2": {"field": "high"}}
    dots = {"x": {"field": "value", **recall}, "tooltip": tooltip}
    return {
        "description": session.say(texts.training.MEASURED_HELP),
        "layer": [
            {"data": data, "mark": {"type": "rule", "strokeWidth": 3}, "encoding": shared | bars},
            {"data": data, "mark": {"type": "circle", "size": 90}, "encoding": shared | dots},
        ],
    }


def set_name(session: Session, name: str) -> str:
    """Return the name of a set of pairs on the page."""
    labels: dict[str, Text] = {
        "test": texts.training.TEST_SET,
        "validation": texts.training.VALIDATION_SET,
    }
    if name in labels:
        return session.say(labels[name])
    return session.say(texts.training.RETENTION_SET, name=name)


def _dot(session: Session, name: str, when: Text, measure: Measure) -> dict[str, str | float]:
    low = measure.value if measure.low is None else measure.low
    high = measure.value if measure.high is None else measure.high
    figures = {"value": measure.value, "low": low, "high": high}
    return {"set": name, "when": session.say(when), **figures}
