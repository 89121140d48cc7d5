"""Draws the library page: adding, progress, counts, failures, and every video."""

from dataclasses import replace

import streamlit as st

from tubeseek.core.schemas import (
    FailureFacts,
    IndexRequest,
    RemoveRequest,
    Status,
    SyncRequest,
    VideoFacts,
)
from tubeseek.core.types import MULTILINGUAL, UNDETERMINED
from tubeseek.ui import texts
from tubeseek.ui.components import add_form, progress
from tubeseek.ui.components.pictures import CARD_WIDTH, thumbnail
from tubeseek.ui.components.token_form import may_change
from tubeseek.ui.errors import errors_as_messages
from tubeseek.ui.formats import clock, day, plain_label
from tubeseek.ui.session import Session

PAGE = 20  # videos
PICTURE_WIDTH = 120  # pixels


def show(session: Session) -> None:
    """Draw the page."""
    status, jobs = session.library.status(), session.library.jobs()
    filled = bool(status.videos or status.sources)
    changing = False
    if filled or any(not job.state.ended for job in jobs):
        changing = may_change(session)
        if changing:
            add_form.add_box(session, status)
    else:
        add_form.empty_library(session, status)
    progress.show(session, jobs, lambda: _counts(session), may_cancel=changing)
    if not filled:
        return
    if changing:
        _actions(session, status)
    failures = status.failed + status.failed_for_good
    videos, failed, sources = st.tabs(
        [
            session.say(texts.library.VIDEOS),
            f"{session.say(texts.library.FAILURES)} ({failures})",
            session.say(texts.library.SOURCES),
        ]
    )
    with videos:
        _videos(session, changing=changing)
    with failed:
        _failures(session, status.failures)
    with sources:
        _sources(session, status, changing=changing)


def _counts(session: Session) -> None:
    status = session.library.status()
    if not status.videos:
        return
    active = next((index for index in status.indexes if index.active), None)
    figures = (
        (texts.library.VIDEOS, status.videos),
        (texts.library.SEARCHABLE, active.videos if active else 0),
        (texts.library.WAITING, active.pending if active else status.videos - status.gone),
        (texts.library.FAILED, status.failed + status.failed_for_good),
    )
    with st.container(key="ts-counts", horizontal=True):
        for text, figure in figures:
            st.metric(session.say(text), f"{figure:,}", border=True)


def _actions(session: Session, status: Status) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        encoder = add_form.encoder_choice(session, status, key="index_encoder")
        if st.button(session.say(texts.library.INDEX_NOW), icon=":material/play_arrow:"):
            add_form.start(session, IndexRequest(encoder=encoder))
        if st.button(session.say(texts.library.SYNC_NOW), icon=":material/sync:"):
            add_form.start(session, SyncRequest(), IndexRequest(encoder=encoder))
        if status.failures and st.button(
            session.say(texts.library.RETRY), icon=":material/replay:"
        ):
            add_form.start(session, IndexRequest(encoder=encoder, retry=True))


def _videos(session: Session, *, changing: bool) -> None:
    say, place = session.say, session.place
    answer = session.library.list(PAGE, place.page * PAGE)
    for video in answer.videos:
        _video(session, video, changing=changing)
    first = place.page * PAGE + 1
    with st.container(key="ts-pages", horizontal=True, vertical_alignment="center"):
        session.go_button(
            say(texts.library.PREVIOUS),
            replace(place, page=max(0, place.page - 1)),
            key="ts-previous",
            icon=":material/chevron_left:",
            disabled=place.page == 0,
        )
        last = first + len(answer.videos) - 1
        st.markdown(say(texts.library.PAGE_OF, first=first, last=last, total=answer.total))
        session.go_button(
            say(texts.library.NEXT),
            replace(place, page=place.page + 1),
            key="ts-next",
            icon=":material/chevron_right:",
            icon_position="right",
            disabled=last >= answer.total,
        )


def _video(session: Session, video: VideoFacts, *, changing: bool) -> None:
    """Draw a row; its keys hold the video, because a job may add rows above it at any time."""
    with st.container(key=f"ts-row-{video.id}", horizontal=True, vertical_alignment="center"):
        picture = thumbnail(session.library, video.id, CARD_WIDTH)
        if picture is not None:
            st.image(picture, width=PICTURE_WIDTH, alt="")
        else:
            st.html('<div class="ts-blank"></div>', width=PICTURE_WIDTH)
        with st.container(gap=None):
            session.go_button(
                session.title_label(video.title),
                session.place.elsewhere(video=video.id),
                key=f"ts-open-{video.id}",
                type="tertiary",
            )
            st.caption(plain_label(_facts(session, video)))
        if changing and st.button(
            session.say(texts.library.REMOVE),
            key=f"ts-remove-{video.id}",
            icon=":material/delete:",
            type="tertiary",
        ):
            _ask_removal(session, video.id, video.title or video.id)


def _facts(session: Session, video: VideoFacts) -> str:
    facts = [video.channel, video.category]
    if video.duration_seconds is not None:
        facts.append(clock(video.duration_seconds))
    if video.published is not None:
        facts.append(day(video.published, session.language))
    if video.gone:
        facts.append(session.say(texts.video.GONE))
    return " · ".join(filter(None, facts))


def _ask_removal(session: Session, name: str, shown: str) -> None:
    """Ask before removing: what is removed has to be fetched again."""

    @st.dialog(session.say(texts.library.REMOVE), icon=":material/delete:")
    def ask() -> None:
        st.markdown(session.say(texts.library.REMOVE_ASK, name=plain_label(shown)))
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(session.say(texts.library.KEEP)):
                st.rerun()
            really = st.button(
                session.say(texts.library.REMOVE), type="primary", key="ts-really-remove"
            )
        if really:
            with errors_as_messages(session):
                answer = session.library.remove(RemoveRequest(names=(name,)))
                text = texts.library.REMOVED if answer.removed else texts.library.UNKNOWN_NAME
                st.toast(session.say(text, name=plain_label(shown)))
                st.rerun()

    ask()


def _failures(session: Session, failures: tuple[FailureFacts, ...]) -> None:
    if not failures:
        st.caption(session.say(texts.library.NO_FAILURES))
    for failure in failures:
        with st.container(border=True, gap=None):
            st.markdown(f"**{plain_label(failure.title or failure.video_id)}**")
            st.markdown(plain_label(failure.reason))
            tried = session.say(texts.library.TRIED, n=failure.attempts)
            final = f" · {session.say(texts.library.FOR_GOOD)}" if failure.final else ""
            st.caption(f"{plain_label(failure.video_id)} · {tried}{final}")


def _sources(session: Session, status: Status, *, changing: bool) -> None:
    say = session.say
    for source in status.sources:
        with st.container(
            key=f"ts-source-{source.locator}", horizontal=True, vertical_alignment="center"
        ):
            st.markdown(f"{plain_label(source.locator)} :gray[{source.kind}]", width="stretch")
            if changing and st.button(
                say(texts.library.REMOVE),
                key=f"ts-remove-source-{source.locator}",
                icon=":material/delete:",
                type="tertiary",
            ):
                _ask_removal(session, source.locator, source.locator)
    st.subheader(say(texts.library.INDEXES), anchor=False)
    for index in status.indexes:
        line = say(
            texts.library.INDEX_LINE,
            videos=index.videos,
            segments=index.segments,
            pending=index.pending,
        )
        reads = _languages(session, index.languages)
        used = f" :green-badge[{say(texts.library.INDEX_ACTIVE)}]" if index.active else ""
        st.markdown(f"**{plain_label(index.encoder)}**{used} · {line} · {reads}")


def _languages(session: Session, languages: tuple[str, ...]) -> str:
    if MULTILINGUAL in languages:
        return session.say(texts.library.READS_ALL)
    if UNDETERMINED in languages:
        return session.say(texts.library.READS_UNKNOWN)
    return plain_label(", ".join(languages))
