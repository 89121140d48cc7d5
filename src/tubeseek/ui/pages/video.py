"""Draws the page of one video, and similar videos below it."""

import streamlit as st

from tubeseek.core.schemas import SearchRequest, TimelineRequest
from tubeseek.ui import texts
from tubeseek.ui.components import watch
from tubeseek.ui.components.results import Card, grid
from tubeseek.ui.formats import plain_label
from tubeseek.ui.search_request import hit_of_page
from tubeseek.ui.session import Session

ALIKE = 12  # similar videos


def show(session: Session) -> None:
    """Draw the page."""
    video = session.library.video(session.place.video)
    st.set_page_config(page_title=f"{session.title(video.title)} · tubeseek", layout="wide")
    timeline = session.library.timeline(video.id, TimelineRequest(text=session.place.q))
    watch.show(session, video, hit_of_page(session), timeline)
    _more_like_this(session, video.id)


def _more_like_this(session: Session, video_id: str) -> None:
    st.subheader(session.say(texts.video.MORE_LIKE_THIS), anchor=False)
    answer = session.library.search(SearchRequest(like=video_id, limit=ALIKE))
    if not answer.hits:
        for notice in answer.notices or (session.say(texts.video.NONE_ALIKE),):
            st.caption(plain_label(notice))
    grid(session, [Card.of_hit(hit) for hit in answer.hits], "alike")
