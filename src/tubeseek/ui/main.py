"""The app: `tubeseek app` has Streamlit run this file, with the server's address beside it."""

import os
from pathlib import Path

import streamlit as st

from tubeseek.library.remote import RemoteLibrary
from tubeseek.ui.pages import library as library_page
from tubeseek.ui.pages import search as search_page
from tubeseek.ui.pages import training as training_page
from tubeseek.ui.pages import video as video_page
from tubeseek.ui.session import TOKEN_VARIABLE, Session, as_sentences, here
from tubeseek.ui.texts import app as texts
from tubeseek.ui.texts import training as training_texts
from tubeseek.ui.texts.app import language_of

HERE = Path(__file__).parent
SERVER_URL_VARIABLE = "TUBESEEK_SERVER_URL"
TO_TOP = """<span data-place="{place}"></span>
<script>document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0)</script>"""


def main(server_url: str) -> None:
    """Draws the page that the address names.

    Args:
        server_url: The server to ask; empty where nobody said.
    """
    st.set_page_config(page_title="tubeseek", page_icon=str(HERE / "icon.png"), layout="wide")
    st.html(HERE / "style.css")
    place = here()
    language = language_of(place.lang, st.context.locale)
    if not server_url:
        st.error(texts.NO_SERVER.written(language))
        return
    session = Session(RemoteLibrary(server_url, os.environ.get(TOKEN_VARIABLE)), language, place)
    _header(session)
    with as_sentences(session):
        _page(session)


def _page(session: Session) -> None:
    place = session.place
    shown = place.video or place.view or "search"
    st.html(TO_TOP.format(place=hash(shown)), unsafe_allow_javascript=True)
    if place.video:
        video_page.show(session)
    elif place.view == "library":
        library_page.show(session)
    elif place.view == "training":
        training_page.show(session)
    else:
        search_page.show(session)


def _header(session: Session) -> None:
    """The name, the pages, and the other language."""
    place, say = session.place, session.say
    other = "en" if session.language == "ko" else "ko"
    with st.container(key="ts-header", horizontal=True, vertical_alignment="center"):
        session.go_button("tubeseek", place.elsewhere(), key="ts-brand", type="tertiary")
        st.space("stretch")
        session.go_button(
            say(texts.SEARCH),
            place.elsewhere(),
            key="ts-to-search",
            type="tertiary",
            icon=":material/search:",
        )
        session.go_button(
            say(texts.LIBRARY),
            place.elsewhere(view="library"),
            key="ts-to-library",
            type="tertiary",
            icon=":material/video_library:",
        )
        session.go_button(
            say(training_texts.TRAINING),
            place.elsewhere(view="training"),
            key="ts-to-training",
            type="tertiary",
            icon=":material/model_training:",
        )
        session.go_button(
            say(texts.OTHER_LANGUAGE),
            place.in_language(other),
            key="ts-language",
            type="tertiary",
            icon=":material/translate:",
            help=say(texts.OTHER_LANGUAGE_HELP),
        )


if __name__ == "__main__":
    main(os.environ.get(SERVER_URL_VARIABLE, ""))
