"""Turns exceptions into messages on the page."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from tubeseek.core.errors import TubeseekError
from tubeseek.ui import texts
from tubeseek.ui.formats import plain_label
from tubeseek.ui.session import Session

log = logging.getLogger(__name__)


@contextmanager
def errors_as_messages(session: Session) -> Iterator[None]:
    """Show an error of ours as it reads, any other by its type; the log has its traceback.

    Pages, fragments and dialogs each need their own: Streamlit runs them separately.
    """
    try:
        yield
    except TubeseekError as error:
        st.error(session.say(texts.app.REQUEST_FAILED, reason=plain_label(str(error))))
    except Exception as error:
        log.exception("a page could not be drawn")
        st.error(session.say(texts.app.UNEXPECTED_ERROR, kind=plain_label(type(error).__name__)))
