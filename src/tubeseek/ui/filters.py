"""The filters of a search, in the sidebar. The address holds them; the widgets only show it."""

from dataclasses import replace

import streamlit as st

from tubeseek.messages import Status
from tubeseek.ui import texts
from tubeseek.ui.formats import short_count
from tubeseek.ui.place import VIEWS, Place
from tubeseek.ui.session import Session, go, here

DURATION_TEXTS = {
    "short": texts.UNDER_4,
    "medium": texts.FROM_4_TO_20,
    "long": texts.OVER_20,
}
DATE_FORMAT = "YYYY-MM-DD"


def show(session: Session, status: Status) -> None:
    """Draws the filters; a change of one leads to the same search under it."""
    _follow(session.place, status)
    say = session.say
    with st.sidebar:
        st.subheader(say(texts.FILTERS), anchor=False)
        st.multiselect(
            say(texts.CHANNEL),
            status.channels,
            key="filter_channel",
            placeholder=say(texts.ANY),
            on_change=_changed,
        )
        st.multiselect(
            say(texts.CATEGORY),
            status.categories,
            key="filter_category",
            placeholder=say(texts.ANY),
            on_change=_changed,
        )
        st.pills(
            say(texts.DURATION),
            list(DURATION_TEXTS),
            key="filter_duration",
            format_func=lambda name: say(DURATION_TEXTS[name]),
            on_change=_changed,
        )
        st.pills(
            say(texts.VIEWS),
            VIEWS,
            key="filter_views",
            format_func=lambda n: say(texts.AT_LEAST, count=short_count(n, session.language)),
            on_change=_changed,
        )
        for text, key in (
            (texts.PUBLISHED_FROM, "filter_since"),
            (texts.PUBLISHED_UNTIL, "filter_until"),
        ):
            st.date_input(say(text), key=key, value=None, format=DATE_FORMAT, on_change=_changed)
        if session.place.filtered:
            session.go_button(
                say(texts.CLEAR_FILTERS),
                session.place.unfiltered(),
                key="ts-clear-filters",
                icon=":material/filter_alt_off:",
                width="stretch",
            )


def _follow(place: Place, status: Status) -> None:
    """The widgets show what the address says."""
    state = st.session_state
    state.filter_channel = [name for name in place.channel if name in status.channels]
    state.filter_category = [name for name in place.category if name in status.categories]
    state.filter_duration = place.duration or None
    state.filter_views = place.views or None
    state.filter_since, state.filter_until = place.since, place.until


def _changed() -> None:
    """The address says what the widgets show."""
    state = st.session_state
    place = replace(
        here(),
        channel=tuple(state.filter_channel),
        category=tuple(state.filter_category),
        duration=state.filter_duration or "",
        views=state.filter_views or 0,
        since=state.filter_since,
        until=state.filter_until,
    )
    go(place)
