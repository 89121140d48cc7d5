"""Draws the page of one video, and similar videos below it."""

import streamlit as st

from tubeseek.core.schemas import TimelineRequest
from tubeseek.ui import texts
from tubeseek.ui.address import Place
from tubeseek.ui.components import watch
from tubeseek.ui.components.results import search_grid
from tubeseek.ui.errors import known_video
from tubeseek.ui.search_request import api_address, hit_of_page
from tubeseek.ui.session import Session

ALIKE = 12  # similar videos


def show(session: Session) -> None:
    """Draw the page."""
    video = known_video(session, session.place.video)
    if video is None:
        return
    st.set_page_config(page_title=f"{session.title(video.title)} · tubeseek", layout="wide")
    timeline = session.library.timeline(video.id, TimelineRequest(text=session.place.q))
    watch.show(session, video, hit_of_page(session), timeline)
    search_grid(
        session,
        "alike",
        api_address(Place(like=video.id)),
        page=ALIKE,
        is_whole=True,
        heading=session.say(texts.video.MORE_LIKE_THIS),
        hasNoSummary=True,
        after=".st-key-ts-watch",
        nothing=session.say(texts.video.NONE_ALIKE),
    )
