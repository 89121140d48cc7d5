"""Draws the search page: by words, by a picture, or for videos like one; and the home page."""

import streamlit as st

from tubeseek.core.schemas import Sort, Status, Where
from tubeseek.ui import texts
from tubeseek.ui.address import Filters, Place
from tubeseek.ui.components import add_form, filters, home
from tubeseek.ui.components.results import PAGE, grid, search_grid
from tubeseek.ui.errors import known_video
from tubeseek.ui.search_request import api_address, request_of
from tubeseek.ui.session import Session
from tubeseek.ui.texts.text import Text

SORTED = 120  # the best videos, that another order than the best fit is made of
BY_PICTURE = 96  # videos that a search by a picture shows


def show(session: Session) -> None:
    """Draw the page."""
    place, status = session.place, session.library.status()
    if status.videos == 0:
        add_form.empty_library(session, status)
    elif place.q.strip() or place.like or place.picture:
        _results(session, status)
    else:
        _home(session, status)


def _results(session: Session, status: Status) -> None:
    place, say = session.place, session.say
    title = place.q.strip() or say(texts.search.RESULTS)
    st.set_page_config(page_title=f"{title} · tubeseek", layout="wide")
    if place.like and known_video(session, place.like) is None:
        return
    filters.show(session, status)
    options = {
        "nothing": say(_why_nothing(place, status)),
        "onlyFits": bool(place.fits),
        "sort": place.sort,
    }
    is_ordered = bool(place.sort) or place.filters.sort is Sort.HONEST
    if not place.picture or place.like:
        page = SORTED if is_ordered else PAGE
        search_grid(
            session,
            "results",
            api_address(place),
            page=page,
            is_whole=is_ordered,
            within=place,
            **options,
        )
        return
    request = request_of(place, BY_PICTURE)
    if request is None:
        st.info(say(texts.search.PICTURE_GONE), icon=":material/image_not_supported:")
        return
    hits = session.library.search(request).hits
    grid(session, "results", hits, within=place, **options)


def _why_nothing(place: Place, status: Status) -> Text:
    if not any(index.videos for index in status.indexes):
        return texts.search.NOT_INDEXED
    if place.filters.where != Where():
        return texts.search.NOTHING_PASSES
    return texts.search.NOTHING_FOUND


def _home(session: Session, status: Status) -> None:
    """Draw what can be searched, and the newest videos, where nothing is searched yet."""
    say = session.say
    if session.place.filters != Filters():
        filters.show(session, status)
        st.info(say(texts.search.FILTERS_WAIT), icon=":material/filter_alt:")
    if any(index.videos for index in status.indexes):
        home.show(session, status)
    else:
        st.info(say(texts.search.NOT_INDEXED), icon=":material/hourglass_empty:")
    videos = session.library.list(PAGE, 0).videos
    grid(session, "newest", videos, heading=say(texts.search.NEWEST), hasNoSummary=True)
