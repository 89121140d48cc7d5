"""Videos as a grid of cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from tubeseek.core.schemas import Moment, SearchHit, VideoFacts
from tubeseek.core.schemas.search import Fit
from tubeseek.ui import texts
from tubeseek.ui.address import LEAST_HONESTY, Place
from tubeseek.ui.components.moments import quote_html, second_of, strip, timed
from tubeseek.ui.components.pictures import CARD_WIDTH, thumbnail
from tubeseek.ui.formats import clock, day, plain_html, short_count
from tubeseek.ui.session import Session

FIT_TEXTS = {
    Fit.STRONG: texts.video.FIT_STRONG,
    Fit.WEAK: texts.video.FIT_WEAK,
    Fit.NONE: texts.video.FIT_NONE,
}
NO_PICTURE_HTML = '<div class="ts-blank" role="img" aria-label="{label}"></div>'


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows of a video."""

    video_id: str
    title: str
    channel: str
    published: date | None
    duration_seconds: float | None
    views: int | None
    gone: bool = False
    score: float | None = None
    fit: Fit | None = None
    honesty: float | None = None  # of the thumbnail, 0 to 1
    moments: tuple[Moment, ...] = ()  # best first; none where the whole video was found

    @classmethod
    def of_hit(cls, hit: SearchHit) -> "Card":
        return cls(
            hit.video_id,
            hit.title,
            hit.channel,
            hit.published,
            hit.duration_seconds,
            hit.views,
            score=hit.score,
            fit=hit.fit,
            honesty=hit.honesty,
            moments=timed(hit.moments),
        )

    @classmethod
    def of_video(cls, video: VideoFacts) -> "Card":
        return cls(
            video.id,
            video.title,
            video.channel,
            video.published,
            video.duration_seconds,
            video.views,
            gone=video.gone,
            honesty=video.honesty,
        )


def grid(session: Session, cards: Sequence[Card], name: str, found_by: Place | None = None) -> None:
    """Cards side by side, as many as the window has room for.

    Args:
        session: Of this run.
        cards: Best first.
        name: Tells grids of one page apart.
        found_by: The search whose results these are: with it cards show their moments, and the
            pages that they lead to know the search.
    """
    with st.container(key=f"ts-grid-{name}"):
        for card in cards:
            _card(session, card, f"{name}-{card.video_id}", found_by)


def _card(session: Session, card: Card, name: str, found_by: Place | None) -> None:
    """One video.

    Its buttons are named by the video, not by where it stands: whoever clicks on a card while the
    next answer is being drawn gets what the card showed, never what takes its place.
    """
    start = second_of(card.moments[0]) if card.moments else 0
    place = (found_by or session.place.elsewhere()).watching(card.video_id, start)
    with st.container(key=f"ts-card-{name}", gap=None):
        picture = thumbnail(session.library, card.video_id, CARD_WIDTH)
        if picture is None:
            st.html(NO_PICTURE_HTML.format(label=plain_html(session.say(texts.video.NO_PICTURE))))
        else:
            st.image(picture, alt=session.title(card.title), width="stretch")
        st.html(badges(session, card))
        session.go_button(
            session.title_label(card.title), place, key=f"ts-title-{name}", type="tertiary"
        )
        st.html(_facts(session, card))
        if found_by is not None:
            strip(session, card.video_id, card.moments, name, found_by)
            if quote := quote_html(card.moments, found_by.q):
                st.html(quote)
        session.go_button(
            session.say(texts.video.MORE_LIKE_THIS),
            session.place.searching(like=card.video_id),
            key=f"ts-like-{name}",
            type="tertiary",
            icon=":material/auto_awesome_motion:",
        )


def fit_html(session: Session, fit: Fit | None) -> str:
    """How well a video fits, quietly; "" where nothing judged it."""
    if fit is None:
        return ""
    help_text = plain_html(session.say(texts.video.FIT_HELP))
    label = plain_html(session.say(FIT_TEXTS[fit]))
    return f'<span class="ts-fit ts-fit-{fit.value}" title="{help_text}">{label}</span>'


def badges(session: Session, card: Card) -> str:
    """What lies over the picture: the moment on the left, on the right the duration.

    Between them, where other videos look more like it than its own, that the picture misleads.
    """
    badges = ""
    if card.moments:
        at = clock(card.moments[0].start)
        told = plain_html(session.say(texts.video.FROM_MOMENT, time=at))
        badges += f'<span class="ts-moment" title="{told}">&#9654; {at}</span>'
    if card.honesty is not None and card.honesty < LEAST_HONESTY:
        label = plain_html(session.say(texts.video.MISLEADING))
        told = plain_html(session.say(texts.video.MISLEADING_HELP, share=f"{1 - card.honesty:.0%}"))
        badges += f'<span class="ts-misleading" title="{told}">{label}</span>'
    if card.duration_seconds is not None:
        badges += f'<span class="ts-duration">{clock(card.duration_seconds)}</span>'
    return f'<div class="ts-badges">{badges}</div>'


def _facts(session: Session, card: Card) -> str:
    """Under the title: channel and fit, then views, date and score."""
    said = []
    if card.gone:
        said.append(session.say(texts.video.GONE))
    if card.views is not None:
        count = short_count(card.views, session.language)
        said.append(session.say(texts.video.VIEW_COUNT, n=card.views, count=count))
    if card.published is not None:
        said.append(day(card.published, session.language))
    score = ""
    if card.score is not None:
        told = plain_html(session.say(texts.video.SCORE_HELP))
        score = f'<span class="ts-score" title="{told}">{card.score:.3f}</span>'
    fit = fit_html(session, card.fit)
    return (
        f'<div class="ts-line"><span>{plain_html(card.channel)}</span>{fit}</div>'
        f'<div class="ts-line"><span>{plain_html(" · ".join(said))}</span>{score}</div>'
    )
