"""What every part of a page is given: the library, the language, and where one is."""

import hmac
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import streamlit as st

from tubeseek.core.errors import TubeseekError
from tubeseek.library.remote import RemoteLibrary
from tubeseek.ui.address import Place
from tubeseek.ui.formats import plain_label
from tubeseek.ui.texts import app as texts
from tubeseek.ui.texts.app import UNTITLED, Language, Text


@dataclass(frozen=True, slots=True)
class Session:
    """One run of a page for one visitor."""

    library: RemoteLibrary
    language: Language
    place: Place

    def say(self, text: Text, **values: object) -> str:
        """A sentence of ours; for Markdown, pass other people's words through `plain_label`."""
        return text.written(self.language, **values)

    def go_button(self, label: str, place: Place, *, key: str, **look: Any) -> None:
        """A button that leads to another place.

        Args:
            label: Markdown; other people's words through `plain_label`.
            place: Where it leads.
            key: Unique on the page; also names it in the style sheet.
            look: What else `st.button` takes of its looks.
        """
        st.button(label, key=key, on_click=go, args=(place,), **look)

    def title(self, title: str) -> str:
        """The title of a video; some have none."""
        return title.strip() or self.say(UNTITLED)

    def title_label(self, title: str) -> str:
        """The title of a video as Markdown."""
        return plain_label(self.title(title))


def go(place: Place) -> None:
    """Leads to another place; for callbacks, which run before the page is drawn again."""
    st.query_params.from_dict(place.params())


def here() -> Place:
    """Where the address says one is."""
    params = st.query_params
    return Place.of({name: params.get_all(name) for name in params})


TOKEN_VARIABLE = "TUBESEEK_TOKEN"  # noqa: S105  a name, not a secret
STATE = "knows_token"


def may_change(session: Session) -> bool:
    """Whether this visitor may; asks for the token where one is needed."""
    token = os.environ.get(TOKEN_VARIABLE, "")
    if not token or st.session_state.get(STATE):
        return True
    with st.expander(session.say(texts.LOCKED), icon=":material/lock:"):
        told = st.text_input(session.say(texts.TOKEN_BOX), type="password", key="token_box")
        if told and hmac.compare_digest(told.encode(), token.encode()):
            st.session_state[STATE] = True
            st.rerun()
        if told:
            st.warning(session.say(texts.TOKEN_WRONG))
    return False


log = logging.getLogger(__name__)


@contextmanager
def as_sentences(session: Session) -> Iterator[None]:
    """Our errors say what to do; of a surprise the visitor learns that, and the log the rest.

    Pages, fragments and dialogs each need their own: Streamlit runs them separately.
    """
    try:
        yield
    except TubeseekError as error:
        st.error(session.say(texts.SERVER_SAYS, reason=plain_label(str(error))))
    except Exception as error:
        log.exception("a page could not be drawn")
        st.error(session.say(texts.SURPRISE, kind=plain_label(type(error).__name__)))
