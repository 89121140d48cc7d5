"""Draws the moments that a search found as a strip under a card."""

from collections.abc import Sequence

import streamlit as st

from tubeseek.core.schemas import Moment
from tubeseek.ui import texts
from tubeseek.ui.address import Place
from tubeseek.ui.components.pictures import filmstrip
from tubeseek.ui.components.quotes import excerpt, kind_and_words, marked_html, query_words
from tubeseek.ui.formats import clock, plain_label
from tubeseek.ui.session import Session

MOST_IN_STRIP = 4  # the style sheet knows strips of 1 to 4
TILE_WIDTH = 160  # pixels; a tile is a quarter of a card
QUOTE_CHARACTERS = 120  # in a tooltip
CARD_CHARACTERS = 80  # on a card, two lines
BLANK_HTML = '<div class="ts-blank"></div>'


def timed_moments(moments: Sequence[Moment]) -> tuple[Moment, ...]:
    """Return the moments that have a time; a thumbnail or a title stands for the whole video."""
    return tuple(
        moment
        for moment in moments
        if moment.kind in ("still", "clip") or (moment.kind == "passage" and moment.end > 0)
    )


def strip(
    session: Session, video_id: str, moments: Sequence[Moment], name: str, within: Place
) -> None:
    """Draw small pictures side by side, each leading to the player at its time.

    They are one picture with buttons over it, so that a browser loads one file a card, not four.

    Args:
        session: Of this run.
        video_id: Of the video.
        moments: Best first.
        name: Unique among the strips of a page.
        within: The search that found them.
    """
    shown = moments[:MOST_IN_STRIP]
    if not shown:
        return
    with st.container(key=f"ts-strip{len(shown)}-{name}", gap=None):
        seconds = tuple(moment.seek for moment in shown)
        picture = filmstrip(session.library, video_id, seconds, TILE_WIDTH)
        if picture is None:
            st.html(BLANK_HTML)
        else:
            st.image(picture, alt=session.say(texts.video.MOMENTS), width="stretch")
        for number, moment in enumerate(shown):
            session.go_button(
                plain_label(clock(moment.start)),
                within.watching(video_id, moment.seek),
                key=f"ts-at-{name}-{number}-{moment.seek}",
                type="tertiary",
                help=_tooltip(session, moment, query_words(within.q)),
            )


def quote_html(moments: Sequence[Moment], query: str) -> str:
    """Return the words of the best moment that has some, those of the query marked; "" for none."""
    words = next((words for moment in moments if (words := kind_and_words(moment)[1])), "")
    if not words:
        return ""
    query_terms = query_words(query)
    quote = marked_html(excerpt(words, query_terms, CARD_CHARACTERS), query_terms)
    return f'<div class="ts-quote">{quote}</div>'


def _tooltip(session: Session, moment: Moment, query: str) -> str:
    kind, words = kind_and_words(moment)
    from_here = session.say(texts.video.FROM_MOMENT, time=plain_label(clock(moment.start)))
    if not words:
        return f"{from_here} · {session.say(kind)}"
    return (
        f"{from_here} · {session.say(kind)}: {plain_label(excerpt(words, query, QUOTE_CHARACTERS))}"
    )
