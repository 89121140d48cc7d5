"""Draws the top of every page: the app's name, the search field, the pages and the languages."""

from tubeseek.ui import texts
from tubeseek.ui.components.browser_component import browser_component
from tubeseek.ui.session import Session

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
        },
    }
    _header(key="ts-header", data=data)
