"""Draws videos as a grid of cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from tubeseek.core.schemas import Moment, SearchHit, VideoFacts
from tubeseek.core.schemas.search import Fit
from tubeseek.ui import texts
from tubeseek.ui.address import LEAST_HONESTY, Place
from tubeseek.ui.components.moments import quote_html, strip, timed_moments
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
    """The facts of a video that its card shows."""

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
            moments=timed_moments(hit.moments),
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


def grid(session: Session, cards: Sequence[Card], name: str, search: Place | None = None) -> None:
    """Draw cards side by side, as many as the window has room for.

    Args:
        session: Of this run.
        cards: Best first.
        name: Unique among the grids of a page.
        search: The search whose results these are: with it, cards show their moments, and the
            pages that they lead to keep the search.
    """
    with st.container(key=f"ts-grid-{name}"):
        for card in cards:
            _card(session, card, f"{name}-{card.video_id}", search)


def _card(session: Session, card: Card, name: str, search: Place | None) -> None:
    """Draw one video.

    The keys of its buttons hold the video, not its position: a click on a card while the next
    answer is being drawn leads to the video that the card showed, not to the one that replaces it.
    """
    start = card.moments[0].seek if card.moments else 0.0
    place = (search or session.place.elsewhere()).watching(card.video_id, start)
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
        if search is not None:
            strip(session, card.video_id, card.moments, name, search)
            if quote := quote_html(card.moments, search.q):
                st.html(quote)
        session.go_button(
            session.say(texts.video.MORE_LIKE_THIS),
            session.place.searching(like=card.video_id),
            key=f"ts-like-{name}",
            type="tertiary",
            icon=":material/auto_awesome_motion:",
        )


def fit_html(session: Session, fit: Fit | None) -> str:
    """Return a small label of how well a video fits; "" where that cannot be judged."""
    if fit is None:
        return ""
    help_text = plain_html(session.say(texts.video.FIT_HELP))
    label = plain_html(session.say(FIT_TEXTS[fit]))
    return f'<span class="ts-fit ts-fit-{fit.value}" title="{help_text}">{label}</span>'


def badges(session: Session, card: Card) -> str:
    """Return what lies over the picture: the moment, a warning, and the duration, left to right.

    The warning is for a thumbnail that looks more like other videos than like its own.
    """
    badges = ""
    if card.moments:
        at = clock(card.moments[0].start)
        hint = plain_html(session.say(texts.video.FROM_MOMENT, time=at))
        badges += f'<span class="ts-moment" title="{hint}">&#9654; {at}</span>'
    if card.honesty is not None and card.honesty < LEAST_HONESTY:
        label = plain_html(session.say(texts.video.MISLEADING))
        hint = plain_html(session.say(texts.video.MISLEADING_HELP, share=f"{1 - card.honesty:.0%}"))
        badges += f'<span class="ts-misleading" title="{hint}">{label}</span>'
    if card.duration_seconds is not None:
        badges += f'<span class="ts-duration">{clock(card.duration_seconds)}</span>'
    return f'<div class="ts-badges">{badges}</div>'


def _facts(session: Session, card: Card) -> str:
    """Return what stands under the title: channel and fit, then views, date and score."""
    facts = []
    if card.gone:
        facts.append(session.say(texts.video.GONE))
    if card.views is not None:
        count = short_count(card.views, session.language)
        facts.append(session.say(texts.video.VIEW_COUNT, n=card.views, count=count))
    if card.published is not None:
        facts.append(day(card.published, session.language))
    score = ""
    if card.score is not None:
        hint = plain_html(session.say(texts.video.SCORE_HELP))
        score = f'<span class="ts-score" title="{hint}">{card.score:.3f}</span>'
    fit = fit_html(session, card.fit)
    return (
        f'<div class="ts-line"><span>{plain_html(card.channel)}</span>{fit}</div>'
        f'<div class="ts-line"><span>{plain_html(" · ".join(facts))}</span>{score}</div>'
    )
