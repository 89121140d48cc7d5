"""Draws the app: Streamlit runs this file for `tubeseek app`."""

import os
from pathlib import Path

import streamlit as st

from tubeseek.library.remote import RemoteLibrary
from tubeseek.ui import texts
from tubeseek.ui.components import header
from tubeseek.ui.components.token_form import TOKEN_VARIABLE
from tubeseek.ui.errors import errors_as_messages
from tubeseek.ui.pages import library, search, training, video
from tubeseek.ui.session import Session, current_place
from tubeseek.ui.texts.text import language_of

HERE = Path(__file__).parent
SERVER_URL_VARIABLE = "TUBESEEK_SERVER_URL"
LIBRARY_VARIABLE = "TUBESEEK_LIBRARY"


def main(server_url: str, folder: Path) -> None:
    """Draw the page that the address names.

    Args:
        server_url: The server that holds the library; empty where none was set.
        folder: The folder of the library, by which the app and the server know each other.
    """
    st.set_page_config(page_title="tubeseek", page_icon=str(HERE / "icon.png"), layout="wide")

    def draw() -> None:
        _draw(server_url, folder)

    # Declares the one page, or Streamlit would offer each file of the folder `pages` as another.
    st.navigation([st.Page(draw, title="tubeseek", default=True)], position="hidden").run()


def _draw(server_url: str, folder: Path) -> None:
    st.html(HERE / "style.css")
    place = current_place()
    language = language_of(place.lang, st.context.locale)
    token = os.environ.get(TOKEN_VARIABLE)
    server = RemoteLibrary.of_folder(server_url, folder, token) if server_url else None
    if server is None:
        st.error(texts.app.NO_SERVER.written(language))
        return
    session = Session(server, language, place)
    header.show(session)
    with errors_as_messages(session):
        _page(session)


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
    main(os.environ.get(SERVER_URL_VARIABLE, ""), Path(os.environ.get(LIBRARY_VARIABLE, "")))
