"""Adding a place to the library, and starting other long verbs."""

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
FIRST_ENCODER = {"en": "clip", "ko": "siglip2"}  # what is offered before the first index


def empty_library(session: Session, status: Status) -> None:
    """What a new visitor sees: what to do first, and the box to do it with."""
    st.markdown(session.say(texts.search.TAGLINE))
    with st.container(key="ts-empty", border=True):
        st.subheader(session.say(texts.library.EMPTY_TITLE), anchor=False)
        st.markdown(session.say(texts.library.EMPTY_HINT))
        if may_change(session):
            add_box(session, status)


def add_box(session: Session, status: Status) -> None:
    """What to add, and how much of it; adding also indexes what was added."""
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
        wanted = st.form_submit_button(
            say(texts.library.ADD), type="primary", icon=":material/add:", key="ts-add-button"
        )
    if not wanted:
        return
    if not locator.strip():
        st.warning(say(texts.library.ADD_EMPTY))
        return
    add = AddRequest(locators=(locator.strip(),), limit=limit)
    start(session, add, IndexRequest(encoder=encoder))


def encoder_choice(session: Session, status: Status, *, key: str) -> str | None:
    """Asks for an encoder where the library has none yet; else it goes on with its own."""
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
    """Has the server do them one after the other, and shows the page where one sees it."""
    for request in requests:
        session.library.start_job(request)
    go(session.place.elsewhere(view="library"))
    st.rerun()
