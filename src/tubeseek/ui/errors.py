"""Turns exceptions into messages on the page."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from tubeseek.core.errors import QueryError, TubeseekError
from tubeseek.core.schemas import VideoDetail
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
        message = plain_label(error_text(session, error))
        st.error(
            session.say(texts.app.REQUEST_FAILED, reason=message)
            if session.language == "en"
            else message
        )
    except Exception as error:
        log.exception("a page could not be drawn")
        st.error(session.say(texts.app.UNEXPECTED_ERROR, kind=plain_label(type(error).__name__)))


def known_video(session: Session, video_id: str) -> VideoDetail | None:
    """Return a video of the library; where it has none of this id, say so on the page."""
    try:
        return session.library.video(video_id)
    except QueryError:
        name = plain_label(video_id)
        st.error(session.say(texts.errors.NO_VIDEO, name=name), icon=":material/search_off:")
        return None


def error_text(session: Session, error: TubeseekError) -> str:
    """Return what to tell a visitor about an error: in Korean by its kind, in English in full."""
    if session.language == "en":
        return str(error)
    column = getattr(error, "column", None)
    if column is not None:
        return session.say(texts.errors.AT_COLUMN, column=column)
    kinds = (kind.__name__ for kind in type(error).__mro__)
    return session.say(next(texts.errors.BY_KIND[k] for k in kinds if k in texts.errors.BY_KIND))
