"""Shows the report of a training run that `tubeseek eval --report` wrote."""

import shlex
from pathlib import Path

import streamlit as st

from tubeseek.core.encoder_names import ADAPTED
from tubeseek.core.schemas import RunFacts, Status
from tubeseek.training.run_folder import ADAPTERS, REPORT
from tubeseek.ui import texts
from tubeseek.ui.components.side_by_side import index_of
from tubeseek.ui.session import Session

REPORT_HEIGHT = 800  # pixels
# Streamlit lets the scripts of a frame act as this page. A policy at the start of the document
# covers all of it: nothing is run, and nothing is loaded.
REPORT_RULES = (
    '<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'\">"
)


def show(session: Session, run: RunFacts, status: Status) -> None:
    """Draw the report of a finished run, or the command that writes one."""
    say = session.say
    folder = Path(status.library) / ADAPTERS / run.name
    quoted = shlex.quote(str(folder))
    adapted = index_of(status, run.name)
    st.subheader(say(texts.training.REPORT), anchor=False)
    if adapted is None:
        st.markdown(say(texts.training.NO_INDEX))
        st.code(f"tubeseek index --adapter {quoted}", language=None)
    if not run.has_report:
        name = shlex.quote(adapted or f"{run.encoder}{ADAPTED}{folder}")
        report = shlex.quote(str((folder / REPORT).parent))
        command = f"tubeseek eval --compare {shlex.quote(run.encoder)} {name}"
        st.markdown(say(texts.training.NO_REPORT))
        st.code(f"{command} --training {quoted} --report {report}", language=None)
    elif st.toggle(say(texts.training.SHOW_REPORT), key=f"ts-report-{run.name}"):
        page = session.library.report(run.name)
        if page is not None:
            alt = say(texts.training.REPORT_OF, name=run.name)
            st.iframe(REPORT_RULES + page, height=REPORT_HEIGHT, alt=alt)
