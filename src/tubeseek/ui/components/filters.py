"""Draws the filters of a search in the sidebar; the address holds them, the controls show them."""

from collections.abc import Mapping, MutableMapping
from dataclasses import asdict, replace
from typing import Any

import streamlit as st

from tubeseek.core.schemas import Boost, Status
from tubeseek.ui import texts
from tubeseek.ui.address import HONEST_FIRST, HONEST_ONLY, VIEWS, Filters, Place
from tubeseek.ui.formats import CLOCK, clock, seconds_of, short_count
from tubeseek.ui.session import Session, current_place, go

DURATION_TEXTS = {
    "short": texts.filters.UNDER_4,
    "medium": texts.filters.FROM_4_TO_20,
    "long": texts.filters.OVER_20,
}
HONEST_TEXTS = {
    HONEST_ONLY: texts.filters.HONEST_ONLY,
    HONEST_FIRST: texts.filters.HONEST_FIRST,
}
BOOST_TEXTS = {
    Boost.RECENT.value: texts.filters.RECENT,
    Boost.MOST_REPLAYED.value: texts.filters.MOST_REPLAYED,
}
TIMES = {
    "moment_after": texts.filters.MOMENTS_FROM,
    "moment_before": texts.filters.MOMENTS_BEFORE,
}
DATE_FORMAT = "YYYY-MM-DD"
KEY = "filter_"  # begins the key of every control; the name of its filter follows


def show(session: Session, status: Status) -> None:
    """Draw the filters; a change of one leads to the same search under the new filters."""
    fill(st.session_state, session.place, status)
    say = session.say
    with st.sidebar:
        st.subheader(say(texts.filters.FILTERS), anchor=False)
        st.multiselect(
            say(texts.filters.CHANNEL),
            status.channels,
            key=f"{KEY}channel",
            placeholder=say(texts.filters.ANY),
            on_change=_changed,
        )
        st.multiselect(
            say(texts.filters.CATEGORY),
            status.categories,
            key=f"{KEY}category",
            placeholder=say(texts.filters.ANY),
            on_change=_changed,
        )
        st.pills(
            say(texts.filters.DURATION),
            list(DURATION_TEXTS),
            key=f"{KEY}duration",
            format_func=lambda name: say(DURATION_TEXTS[name]),
            on_change=_changed,
        )
        st.pills(
            say(texts.filters.VIEWS),
            VIEWS,
            key=f"{KEY}views",
            format_func=lambda n: say(
                texts.filters.AT_LEAST, count=short_count(n, session.language)
            ),
            on_change=_changed,
        )
        for text, name in (
            (texts.filters.PUBLISHED_FROM, "since"),
            (texts.filters.PUBLISHED_UNTIL, "until"),
        ):
            st.date_input(
                say(text), key=KEY + name, value=None, format=DATE_FORMAT, on_change=_changed
            )
        _more(session)
        if session.place.filters != Filters():
            session.go_button(
                say(texts.filters.CLEAR_FILTERS),
                session.place.unfiltered(),
                key="ts-clear-filters",
                icon=":material/filter_alt_off:",
                width="stretch",
            )


def _more(session: Session) -> None:
    """Draw the uncommon filters: closed until one is set, then open until the visitor closes it."""
    state, say = st.session_state, session.say
    state.more_filters = state.get("more_filters", False) or session.place.filters.uncommon
    with st.expander(say(texts.filters.MORE_FILTERS), expanded=state.more_filters):
        for name, text in TIMES.items():
            st.text_input(
                say(text),
                key=KEY + name,
                placeholder=say(texts.filters.TIME_HINT),
                help=say(texts.filters.MOMENTS_HELP),
                validate=(CLOCK, say(texts.filters.NO_TIME)),
                on_change=_changed,
            )
        st.pills(
            say(texts.filters.THUMBNAILS),
            list(HONEST_TEXTS),
            selection_mode="multi",
            key=f"{KEY}honest",
            format_func=lambda name: say(HONEST_TEXTS[name]),
            help=say(texts.filters.THUMBNAILS_HELP),
            on_change=_changed,
        )
        st.pills(
            say(texts.filters.PREFER),
            list(BOOST_TEXTS),
            selection_mode="multi",
            key=f"{KEY}boost",
            format_func=lambda name: say(BOOST_TEXTS[name]),
            help=say(texts.filters.PREFER_HELP),
            on_change=_changed,
        )


def _changed() -> None:
    go(place_of(current_place(), st.session_state))


def fill(controls: MutableMapping[Any, Any], place: Place, status: Status) -> None:
    """Make the controls show the filters of a place."""
    listed = {"channel": status.channels, "category": status.categories}
    for name, value in asdict(place.filters).items():
        if name in TIMES:
            controls[KEY + name] = clock(value) if value else ""
        elif isinstance(value, tuple):
            choices = listed.get(name, value)
            controls[KEY + name] = [choice for choice in value if choice in choices]
        else:
            controls[KEY + name] = value or None


def place_of(place: Place, controls: Mapping[Any, Any]) -> Place:
    """Return a place with the filters that the controls show."""
    values: dict[str, Any] = {}
    for name, default in asdict(Filters()).items():
        value = controls[KEY + name]
        if name in TIMES:
            values[name] = seconds_of(value)
        else:
            values[name] = tuple(value) if isinstance(default, tuple) else value or default
    after, before = values["moment_after"], values["moment_before"]
    if 0 < before <= after:  # no moment lies between: the time that was there first gives way
        earlier = "moment_before" if before == place.filters.moment_before else "moment_after"
        values[earlier] = 0
    return replace(place, filters=Filters(**values))
