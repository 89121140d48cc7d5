"""The filters of a search, in the sidebar. The address holds them; the widgets only show it."""

from collections.abc import Mapping, MutableMapping
from dataclasses import replace
from typing import Any

import streamlit as st

from tubeseek.core.schemas import Boost, Status
from tubeseek.ui import texts
from tubeseek.ui.address import HONEST_FIRST, HONEST_ONLY, VIEWS, Place
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
DATE_FORMAT = "YYYY-MM-DD"


def show(session: Session, status: Status) -> None:
    """Draws the filters; a change of one leads to the same search under it."""
    follow(st.session_state, session.place, status)
    say = session.say
    with st.sidebar:
        st.subheader(say(texts.filters.FILTERS), anchor=False)
        st.multiselect(
            say(texts.filters.CHANNEL),
            status.channels,
            key="filter_channel",
            placeholder=say(texts.filters.ANY),
            on_change=_changed,
        )
        st.multiselect(
            say(texts.filters.CATEGORY),
            status.categories,
            key="filter_category",
            placeholder=say(texts.filters.ANY),
            on_change=_changed,
        )
        st.pills(
            say(texts.filters.DURATION),
            list(DURATION_TEXTS),
            key="filter_duration",
            format_func=lambda name: say(DURATION_TEXTS[name]),
            on_change=_changed,
        )
        st.pills(
            say(texts.filters.VIEWS),
            VIEWS,
            key="filter_views",
            format_func=lambda n: say(
                texts.filters.AT_LEAST, count=short_count(n, session.language)
            ),
            on_change=_changed,
        )
        for text, key in (
            (texts.filters.PUBLISHED_FROM, "filter_since"),
            (texts.filters.PUBLISHED_UNTIL, "filter_until"),
        ):
            st.date_input(say(text), key=key, value=None, format=DATE_FORMAT, on_change=_changed)
        _more(session)
        if session.place != session.place.unfiltered():
            session.go_button(
                say(texts.filters.CLEAR_FILTERS),
                session.place.unfiltered(),
                key="ts-clear-filters",
                icon=":material/filter_alt_off:",
                width="stretch",
            )


def _more(session: Session) -> None:
    """What few ask for: closed until something in it is set, and then as the visitor leaves it."""
    state, say = st.session_state, session.say
    state.more_filters = state.get("more_filters", False) or session.place.refined
    with st.expander(say(texts.filters.MORE_FILTERS), expanded=state.more_filters):
        for text, key in (
            (texts.filters.MOMENTS_FROM, "filter_moment_after"),
            (texts.filters.MOMENTS_BEFORE, "filter_moment_before"),
        ):
            st.text_input(
                say(text),
                key=key,
                placeholder=say(texts.filters.TIME_HINT),
                help=say(texts.filters.MOMENTS_HELP),
                validate=(CLOCK, say(texts.filters.NO_TIME)),
                on_change=_changed,
            )
        st.pills(
            say(texts.filters.THUMBNAILS),
            list(HONEST_TEXTS),
            selection_mode="multi",
            key="filter_honest",
            format_func=lambda name: say(HONEST_TEXTS[name]),
            help=say(texts.filters.THUMBNAILS_HELP),
            on_change=_changed,
        )
        st.pills(
            say(texts.filters.PREFER),
            list(BOOST_TEXTS),
            selection_mode="multi",
            key="filter_boost",
            format_func=lambda name: say(BOOST_TEXTS[name]),
            help=say(texts.filters.PREFER_HELP),
            on_change=_changed,
        )


def _changed() -> None:
    go(chosen(current_place(), st.session_state))


def follow(controls: MutableMapping[Any, Any], place: Place, status: Status) -> None:
    """The widgets show what the address says."""
    controls["filter_channel"] = [name for name in place.channel if name in status.channels]
    controls["filter_category"] = [name for name in place.category if name in status.categories]
    controls["filter_duration"] = place.duration or None
    controls["filter_views"] = place.views or None
    controls["filter_since"], controls["filter_until"] = place.since, place.until
    controls["filter_moment_after"] = clock(place.moment_after) if place.moment_after else ""
    controls["filter_moment_before"] = clock(place.moment_before) if place.moment_before else ""
    controls["filter_honest"], controls["filter_boost"] = list(place.honest), list(place.boost)


def chosen(place: Place, controls: Mapping[Any, Any]) -> Place:
    """The address says what the widgets show."""
    after = seconds_of(controls["filter_moment_after"])
    before = seconds_of(controls["filter_moment_before"])
    if 0 < before <= after:  # no moment lies between: what was there first makes room
        after, before = (after, 0) if before == place.moment_before else (0, before)
    return replace(
        place,
        channel=tuple(controls["filter_channel"]),
        category=tuple(controls["filter_category"]),
        duration=controls["filter_duration"] or "",
        views=controls["filter_views"] or 0,
        since=controls["filter_since"],
        until=controls["filter_until"],
        moment_after=after,
        moment_before=before,
        honest=tuple(controls["filter_honest"]),
        boost=tuple(controls["filter_boost"]),
    )
