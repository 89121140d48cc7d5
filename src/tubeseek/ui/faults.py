"""Whatever goes wrong while a page is drawn becomes a sentence on it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from tubeseek.errors import TubeseekError
from tubeseek.ui import texts
from tubeseek.ui.formats import plain_label
from tubeseek.ui.session import Session

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
