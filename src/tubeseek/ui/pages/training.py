"""Draws the page of training runs: their curves, results and reports."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from tubeseek.core.schemas import Measure, RunDetail, RunFacts, RunState, SetScores
from tubeseek.ui import texts
from tubeseek.ui.components import side_by_side, training_report
from tubeseek.ui.components.training_charts import (
    CURVE_HEIGHT,
    SET_HEIGHT,
    curve_chart,
    measured_chart,
    set_name,
)
from tubeseek.ui.errors import errors_as_messages
from tubeseek.ui.formats import plain_html, plain_label
from tubeseek.ui.session import Session
from tubeseek.ui.texts.text import Text

CURVE_SECONDS = 2.0  # between two drawings of a run in progress
LIST_SECONDS = 5.0  # between two checks for another run
CHANCE = 0.05  # p values below it are beyond chance
STATES = {
    RunState.RUNNING: (texts.training.RUN_RUNNING, "blue"),
    RunState.FINISHED: (texts.training.RUN_FINISHED, "green"),
    RunState.STOPPED: (texts.training.RUN_STOPPED, "orange"),
    RunState.UNREADABLE: (texts.training.RUN_UNREADABLE, "red"),
}
CURVES = {
    "loss": (texts.training.LOSS, texts.training.LOSS_HELP, texts.training.LOWER),
    "validation_recall": (
        texts.training.VALIDATION,
        texts.training.VALIDATION_HELP,
        texts.training.HIGHER,
    ),
    "alignment": (texts.training.ALIGNMENT, texts.training.ALIGNMENT_HELP, texts.training.LOWER),
    "uniformity": (texts.training.UNIFORMITY, texts.training.UNIFORMITY_HELP, texts.training.LOWER),
    "within_texts": (
        texts.training.WITHIN_TEXTS,
        texts.training.WITHIN_TEXTS_HELP,
        texts.training.LOWER,
    ),
    "within_pictures": (
        texts.training.WITHIN_PICTURES,
        texts.training.WITHIN_PICTURES_HELP,
        texts.training.LOWER,
    ),
}


def show(session: Session) -> None:
    """Draw the page."""
    title = session.say(texts.training.TRAINING)
    st.set_page_config(page_title=f"{title} · tubeseek", layout="wide")
    st.html(Path(__file__).with_name("training.css"))
    runs = session.library.training_runs().runs
    _watch(session, runs)
    if not runs:
        _no_runs(session)
        return
    status = session.library.status()
    chosen = next((run for run in runs if run.name == session.place.run), runs[0])
    listed, shown = st.columns([3, 9], gap="medium")
    with listed, st.container(key="ts-runs", gap="small"):
        for run in runs:
            _listed(session, run, is_chosen=run is chosen)
    with shown:
        st.header(plain_label(chosen.name), anchor=False)
        _follow(session, chosen)
        if chosen.state is RunState.FINISHED:
            training_report.show(session, chosen, status)
    side_by_side.show(session, status, chosen.name)


def _watch(session: Session, drawn: tuple[RunFacts, ...]) -> None:
    """Draw the page again when a run begins or ends, or gets a report."""

    @st.fragment(run_every=LIST_SECONDS)
    def watch() -> None:
        with errors_as_messages(session):
            if _standing(session.library.training_runs().runs) != _standing(drawn):
                st.rerun()

    watch()


def _standing(runs: tuple[RunFacts, ...]) -> list[tuple[str, RunState, bool]]:
    return [(run.name, run.state, run.has_report) for run in runs]


def _no_runs(session: Session) -> None:
    with st.container(key="ts-no-runs", border=True):
        st.subheader(session.say(texts.training.NO_RUNS), anchor=False)
        st.markdown(session.say(texts.training.NO_RUNS_HINT))
        st.code("tubeseek train --encoder starter", language=None)


def _listed(session: Session, run: RunFacts, *, is_chosen: bool) -> None:
    with st.container(key=f"ts-run-{run.name}", border=is_chosen, gap=None):
        session.go_button(
            f"**{plain_label(run.name)}**" if is_chosen else plain_label(run.name),
            session.place.elsewhere(view="training", run=run.name, q=session.place.q),
            key=f"ts-run-button-{run.name}",
            type="tertiary",
        )
        text, colour = STATES[run.state]
        line = f":{colour}-badge[{session.say(text)}]"
        if run.started is not None:
            line += f" :gray[{run.started.astimezone(_visitors_zone()):%Y-%m-%d %H:%M}]"
        st.markdown(line)
        if run.measured and run.measured[0].gain is not None:
            st.caption(f"recall@10 {_signed(run.measured[0].gain.value)}")


def _follow(session: Session, chosen: RunFacts) -> None:
    """Draw a run, again and again while it is in progress."""
    busy = chosen.state is RunState.RUNNING

    @st.fragment(run_every=CURVE_SECONDS if busy else None)
    def follow() -> None:
        with errors_as_messages(session):
            run = session.library.training_run(chosen.name)
            if run.state is not chosen.state:
                st.rerun()
            _draw(session, run)

    follow()


def _draw(session: Session, run: RunDetail) -> None:
    say = session.say
    if run.state is RunState.UNREADABLE:
        st.error(say(texts.training.UNREADABLE_HINT), icon=":material/broken_image:")
        return
    data = say(texts.training.THIS_LIBRARY) if run.data == "library" else run.data
    facts = {"encoder": run.encoder, "pairs": f"{run.pairs:,}", "data": data}
    about = say(texts.training.OF_DATA, **{name: plain_label(fact) for name, fact in facts.items()})
    made = say(
        texts.training.FACTS, method=run.method, seed=run.seed, digest=plain_label(run.digest[:8])
    )
    st.markdown(f"{about}  \n:gray[{made} · {say(texts.training.SPLIT, **run.split)}]")
    if run.state is RunState.STOPPED:
        st.warning(say(texts.training.STOPPED_HINT), icon=":material/pause_circle:")
    if run.state is RunState.RUNNING:
        _progress(session, run)
    for warning in run.warnings:
        st.warning(plain_label(warning), icon=":material/warning:")
    if run.measured:
        _measured(session, run.measured)
    st.subheader(say(texts.training.CURVES), anchor=False)
    _curves(session, run)
    with st.expander(say(texts.training.SETTINGS)):
        settings = [f"{name} {value}" for name, value in run.settings.items() if value is not None]
        st.markdown(plain_label(" · ".join(settings)))


def _progress(session: Session, run: RunDetail) -> None:
    if run.steps is None:
        st.progress(0.0, text=session.say(texts.training.PREPARING))
        return
    progress = session.say(texts.training.STEP_OF, step=run.step, steps=run.steps)
    st.progress(min(1.0, run.step / max(run.steps, 1)), text=progress)


def _measured(session: Session, measured: tuple[SetScores, ...]) -> None:
    """Draw the results before and after: in a sentence, as a chart, and as a table."""
    st.subheader(
        session.say(texts.training.MEASURED),
        anchor=False,
        help=session.say(texts.training.MEASURED_HELP),
    )
    of_test = next((scores for scores in measured if scores.name == "test"), None)
    if of_test is not None and of_test.gain is not None and of_test.p_value is not None:
        verdict = _verdict(of_test.gain.value, of_test.p_value)
        gain, p = _signed(of_test.gain.value), f"{of_test.p_value:.3f}"
        st.markdown(f"**{session.say(verdict, gain=gain, p=p)}**")
    chart = measured_chart(session, measured)
    st.vega_lite_chart(chart, height=SET_HEIGHT * len(measured) + 90, width="stretch")
    heads = (
        texts.training.SET,
        texts.training.PICTURES,
        texts.training.BEFORE,
        texts.training.AFTER,
        texts.training.GAIN,
        texts.training.P_VALUE,
    )
    head = "".join(f"<th>{plain_html(session.say(text))}</th>" for text in heads)
    rows = "".join(_row(session, scores) for scores in measured)
    table = f'<table class="ts-measured"><tr>{head}</tr>{rows}</table>'
    st.html(f'<div class="ts-wide">{table}</div>')


def _row(session: Session, scores: SetScores) -> str:
    p = "" if scores.p_value is None else f"{scores.p_value:.3f}"
    name = plain_html(set_name(session, scores.name))
    cells = (name, f"{scores.pictures:,}", _cell(scores.before), _cell(scores.after))
    gain = _cell(scores.gain, signed=True)
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in (*cells, gain, p)) + "</tr>"


def _cell(measure: Measure | None, *, signed: bool = False) -> str:
    if measure is None:
        return "–"
    written = _signed if signed else "{:.3f}".format
    if measure.low is None or measure.high is None:
        return written(measure.value)
    interval = f"[{written(measure.low)}, {written(measure.high)}]"
    return f"{written(measure.value)} <small>{interval}</small>"


def _verdict(gain: float, p_value: float) -> Text:
    if p_value >= CHANCE:
        return texts.training.NO_DIFFERENCE
    return texts.training.BETTER if gain > 0 else texts.training.WORSE


def _curves(session: Session, run: RunDetail) -> None:
    """Draw the curves in two columns."""
    by_name = {curve.name: curve for curve in run.curves}
    drawn = [by_name[name] for name in CURVES if name in by_name]
    if not drawn:
        st.caption(session.say(texts.training.NO_CURVES))
    columns = st.columns(2, gap="medium") if drawn else []
    for place, curve in enumerate(drawn):
        name, help_text, good = (session.say(text) for text in CURVES[curve.name])
        with columns[place % 2]:
            st.markdown(f"**{name}** :gray[· {good}]", help=help_text)
            kept = run.best_epoch if curve.name == "validation_recall" else None
            chart = curve_chart(session, curve, f"{name}: {help_text}", kept)
            key = f"ts-curve-{curve.name}"
            with st.container(key=key):
                st.vega_lite_chart(chart, height=CURVE_HEIGHT, width="stretch")


def _visitors_zone() -> ZoneInfo:
    """Return the time zone of the browser; UTC where it names none or one that is unknown here."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _signed(value: float) -> str:
    return f"{value:+.3f}"
