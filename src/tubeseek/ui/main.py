"""Draws the app: Streamlit runs this file for each visitor, and again for each change."""

from pathlib import Path

import streamlit as st

from tubeseek.ui.app_library import AppLibrary
from tubeseek.ui.components import header
from tubeseek.ui.errors import errors_as_messages
from tubeseek.ui.hosting import hosted_library
from tubeseek.ui.pages import library, search, training, video
from tubeseek.ui.session import Session, current_place
from tubeseek.ui.texts.text import language_of

HERE = Path(__file__).parent


def main(shown: AppLibrary) -> None:
    """Draw the page that the address names, over a library."""
    st.set_page_config(page_title="tubeseek", page_icon=str(HERE / "icon.png"), layout="wide")

    def draw() -> None:
        place = current_place()
        session = Session(shown, language_of(place.lang, st.context.locale), place)
        header.show(session)
        with errors_as_messages(session):
            _page(session)

    # Declares the one page, or Streamlit would offer each file of the folder `pages` as another.
    st.navigation([st.Page(draw, title="tubeseek", default=True)], position="hidden").run()


def _page(session: Session) -> None:
    place = session.place
    if place.video:
        video.show(session)
    elif place.view == "library":
        library.show(session)
    elif place.view == "training":
        training.show(session)
    else:
        search.show(session)


if __name__ == "__main__":
    main(hosted_library())
