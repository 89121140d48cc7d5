"""Draws the form that adds to the library, and starts jobs."""

import streamlit as st

from tubeseek.core.schemas import AddRequest, IndexRequest, JobRequest, Status
from tubeseek.ui import texts
from tubeseek.ui.components.token_form import may_change
from tubeseek.ui.session import Session, go

ENCODERS = {
    "clip": texts.library.ENCODER_CLIP,
    "siglip2": texts.library.ENCODER_SIGLIP2,
    "starter": texts.library.ENCODER_STARTER,
}
FIRST_ENCODER = {"en": "clip", "ko": "siglip2"}  # offered before the first index


def empty_library(session: Session, status: Status) -> None:
    """Draw the welcome of an empty library: what to do first, and the form to do it with."""
    st.markdown(session.say(texts.search.TAGLINE))
    with st.container(key="ts-empty", border=True):
        st.subheader(session.say(texts.library.EMPTY_TITLE), anchor=False)
        st.markdown(session.say(texts.library.EMPTY_HINT))
        if may_change(session):
            add_box(session, status)


def add_box(session: Session, status: Status) -> None:
    """Draw the form of what to add and how much of it; adding also indexes it."""
    say = session.say
    with (
        st.form("ts-add", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        locator = st.text_input(
            say(texts.library.ADD_BOX), placeholder=say(texts.library.ADD_HINT), key="add_locator"
        )
        encoder = encoder_choice(session, status, key="add_encoder")
        limit = st.number_input(
            say(texts.library.ADD_LIMIT),
            min_value=1,
            value=None,
            step=1,
            placeholder=say(texts.library.ADD_LIMIT_HINT),
            key="add_limit",
            width=150,
        )
        submitted = st.form_submit_button(
            say(texts.library.ADD), type="primary", icon=":material/add:", key="ts-add-button"
        )
    if not submitted:
        return
    if not locator.strip():
        st.warning(say(texts.library.ADD_EMPTY))
        return
    add = AddRequest(locators=(locator.strip(),), limit=limit)
    start(session, add, IndexRequest(encoder=encoder))


def encoder_choice(session: Session, status: Status, *, key: str) -> str | None:
    """Ask for an encoder where the library has no index yet; return None where it keeps its own."""
    if status.indexes:
        return None
    names = list(ENCODERS)
    return st.selectbox(
        session.say(texts.library.ENCODER),
        names,
        index=names.index(FIRST_ENCODER[session.language]),
        format_func=lambda name: session.say(ENCODERS[name]),
        key=key,
        width=250,
    )


def start(session: Session, *requests: JobRequest) -> None:
    """Start jobs, which the server does in this order, and show the page of their progress."""
    for request in requests:
        session.library.start_job(request)
    go(session.place.elsewhere(view="library"))
    st.rerun()
