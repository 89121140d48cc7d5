"""Draws the top of every page: the app's name, the search field, the pages and the languages."""

import streamlit as st

from tubeseek.ui import texts
from tubeseek.ui.components import uploads
from tubeseek.ui.components.browser_component import browser_component
from tubeseek.ui.formats import plain_label
from tubeseek.ui.session import Session, current_place, go

KEY = "ts-header"

_header = browser_component("header")


def show(session: Session) -> None:
    """Draw the header; it also sets the language of the document and keeps scroll positions."""
    place, say = session.place, session.say
    other = "en" if session.language == "ko" else "ko"
    pages = (("library", texts.app.LIBRARY), ("training", texts.training.TRAINING))
    searched = "" if place.view == "training" else place.q  # that page has a field of its own
    data = {
        "language": session.language,
        "shown": place.video or place.view or place.q or place.like or place.picture,
        "address": place.href,
        "home": place.elsewhere().href,
        "isHome": place == place.elsewhere(),
        "query": searched,
        "search": place.searching().href,
        "pages": [
            {
                "name": view,
                "label": say(text),
                "href": place.elsewhere(view=view).href,
                "isCurrent": place.view == view and not place.video,
            }
            for view, text in pages
        ],
        "other": {
            "label": say(texts.app.OTHER_LANGUAGE),
            "help": say(texts.app.OTHER_LANGUAGE_HELP),
            "href": place.in_language(other).href,
            "language": other,
        },
        "say": {
            "search": say(texts.search.SEARCH_BOX),
            "placeholder": say(texts.search.SEARCH_BOX),
            "pages": say(texts.app.PAGES),
            "byPicture": say(texts.search.BY_PICTURE),
            "help": say(texts.search.HELP),
            "syntax": [[say(term), say(meaning)] for term, meaning in texts.search.SYNTAX],
        },
    }
    _header(
        key=KEY,
        data=data,
        on_picture_change=_picture_chosen,
        on_refused_change=lambda: _picture_refused(session),
    )


def _picture_chosen() -> None:
    picture = st.session_state[KEY]["picture"]
    key = uploads.keep(str(picture["name"]), str(picture["content"])) if picture else None
    if key is not None:
        go(current_place().searching(picture=key))


def _picture_refused(session: Session) -> None:
    name = st.session_state[KEY]["refused"]
    if name:
        st.toast(session.say(texts.search.NOT_A_PICTURE, name=plain_label(str(name))))
