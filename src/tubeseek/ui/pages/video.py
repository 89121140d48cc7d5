"""Draws the page of one video: player, moments, chapters, description, similar videos."""

from math import ceil
from urllib.parse import urlsplit

import streamlit as st

from tubeseek.core.schemas import SearchRequest, VideoDetail
from tubeseek.core.times import seconds_text, seek_after
from tubeseek.ui import texts
from tubeseek.ui.components import timeline
from tubeseek.ui.components.moments import moment_list, timed_moments
from tubeseek.ui.components.pictures import LARGE_WIDTH, thumbnail
from tubeseek.ui.components.quotes import marked_html, query_words
from tubeseek.ui.components.results import Card, fit_html, grid
from tubeseek.ui.formats import clock, day, plain_html, plain_label, short_count
from tubeseek.ui.search_request import hit_of_page
from tubeseek.ui.session import Session

YOUTUBE_HOSTS = ("youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be")
EMBED = "https://www.youtube-nocookie.com/embed/{id}?start={start}&rel=0"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
ALIKE = 12  # similar videos


def show(session: Session) -> None:
    """Draw the page."""
    video = session.library.video(session.place.video)
    st.set_page_config(page_title=f"{session.title(video.title)} · tubeseek", layout="wide")
    hit = hit_of_page(session)
    moments = timed_moments(hit.moments) if hit is not None else ()
    if moments or video.chapters or video.description.strip():
        playing, beside = st.columns([7, 3], gap="medium")
        with beside:
            moment_list(session, video.id, moments)
            _chapters(session, video)
            _description(session, video)
    else:
        playing = st.container(key="ts-alone")
    with playing:
        _player(session, video)
        st.header(session.title_label(video.title), anchor=False)
        facts = plain_html(_facts(session, video))
        fit = fit_html(session, hit.fit) if hit is not None else ""
        st.html(f'<div class="ts-facts">{facts} {fit}</div>')
        _links(session, video)
        timeline.show(session, video.id)
    _more_like_this(session, video)


def _description(session: Session, video: VideoDetail) -> None:
    if video.description.strip():
        st.subheader(session.say(texts.video.DESCRIPTION), anchor=False)
        words = marked_html(video.description.strip(), query_words(session.place.q))
        st.html(f'<div class="ts-description">{words}</div>')


def _player(session: Session, video: VideoDetail) -> None:
    """Draw YouTube's player, the local file, or the thumbnail where there is nothing to play."""
    start, title = session.place.t, session.title(video.title)
    if video.has_file and _on_this_machine():
        # not st.video, which plays from whole seconds only: that may be the shot before
        address = plain_html(f"{session.library.file_url(video.id)}#t={seconds_text(start)}")
        name = plain_html(title)
        st.html(f'<video class="ts-video" src="{address}" aria-label="{name}" controls></video>')
        return
    if urlsplit(video.url).hostname in YOUTUBE_HOSTS and not video.has_file:
        with st.container(key="ts-player"):
            st.iframe(EMBED.format(id=video.id, start=ceil(start)), alt=title)
        return
    picture = thumbnail(session.library, video.id, LARGE_WIDTH)
    if picture is not None:
        st.image(picture, alt=title, width="stretch")
    reason = texts.video.PLAYS_ELSEWHERE if video.has_file else texts.video.NOTHING_TO_PLAY
    st.caption(session.say(reason))


def _on_this_machine() -> bool:
    """Return whether the visitor's browser runs on the server's machine, where files can play."""
    return urlsplit(st.context.url or "").hostname in LOOPBACK


def _facts(session: Session, video: VideoDetail) -> str:
    facts = [video.channel] if video.channel else []
    if video.category:
        facts.append(video.category)
    if video.views is not None:
        count = short_count(video.views, session.language)
        facts.append(session.say(texts.video.VIEW_COUNT, n=video.views, count=count))
    if video.published is not None:
        facts.append(day(video.published, session.language))
    if video.duration_seconds is not None:
        facts.append(clock(video.duration_seconds))
    if video.gone:
        facts.append(session.say(texts.video.GONE))
    return " · ".join(facts)


def _links(session: Session, video: VideoDetail) -> None:
    if urlsplit(video.url).hostname in YOUTUBE_HOSTS:
        st.link_button(
            session.say(texts.video.OPEN_ON_SITE),
            f"https://youtu.be/{video.id}?t={ceil(session.place.t)}",
            icon=":material/open_in_new:",
        )


def _chapters(session: Session, video: VideoDetail) -> None:
    """Draw the chapters; each leads to the same page, playing from there."""
    if not video.chapters:
        return
    st.subheader(session.say(texts.video.CHAPTERS), anchor=False)
    with st.container(gap=None):
        for number, chapter in enumerate(video.chapters):
            label = f":gray[{plain_label(clock(chapter.start))}] {plain_label(chapter.title)}"
            current = chapter.start <= session.place.t < chapter.end
            session.go_button(
                f"**{label}**" if current else label,
                session.place.watching(video.id, seek_after(chapter.start)),
                key=f"ts-chapter-{video.id}-{number}",
                type="tertiary",
            )


def _more_like_this(session: Session, video: VideoDetail) -> None:
    st.subheader(session.say(texts.video.MORE_LIKE_THIS), anchor=False)
    answer = session.library.search(SearchRequest(like=video.id, limit=ALIKE))
    if not answer.hits:
        for notice in answer.notices or (session.say(texts.video.NONE_ALIKE),):
            st.caption(plain_label(notice))
    grid(session, [Card.of_hit(hit) for hit in answer.hits], "alike")
