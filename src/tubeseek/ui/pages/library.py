"""Draws the library page: adding, progress, counts, failures, and every video."""

import streamlit as st

from tubeseek.core.schemas import (
    FailureFacts,
    IndexRequest,
    RemoveRequest,
    Status,
    SyncRequest,
)
from tubeseek.core.types import MULTILINGUAL, UNDETERMINED
from tubeseek.ui import texts
from tubeseek.ui.components import add_form, progress, shelf
from tubeseek.ui.components.token_form import may_change
from tubeseek.ui.errors import errors_as_messages, known_video
from tubeseek.ui.formats import plain_label
from tubeseek.ui.session import Session


def show(session: Session) -> None:
    """Draw the page."""
    title = session.say(texts.app.LIBRARY)
    st.set_page_config(page_title=f"{title} · tubeseek", layout="wide")
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
    ids = shelf.show(session, may_change=changing)
    if len(ids) == 1:
        video = known_video(session, ids[0])
        if video is not None:
            _ask_removal(session, ids, video.title.strip() or ids[0])
    elif ids:
        _ask_removal(session, ids, "")


def _ask_removal(session: Session, names: tuple[str, ...], shown: str) -> None:
    """Ask before removing: what is removed has to be fetched again.

    Args:
        session: Of this run.
        names: The ids of videos, or the locator of a source.
        shown: What one of them is called; empty for several.
    """
    say = session.say

    @st.dialog(say(texts.library.REMOVE), icon=":material/delete:")
    def ask() -> None:
        one = say(texts.library.REMOVE_ASK, name=plain_label(shown))
        st.markdown(one if shown else say(texts.library.REMOVE_MANY, n=len(names)))
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(say(texts.library.KEEP)):
                st.rerun()
            really = st.button(say(texts.library.REMOVE), type="primary", key="ts-really-remove")
        if really:
            with errors_as_messages(session):
                answer = session.library.remove(RemoveRequest(names=names))
                text = texts.library.REMOVED if answer.removed else texts.library.UNKNOWN_NAME
                removed = say(text, name=plain_label(shown))
                many = say(texts.library.REMOVED_MANY, n=len(answer.removed))
                st.toast(removed if shown else many)
                st.rerun()

    ask()


def _failures(session: Session, failures: tuple[FailureFacts, ...]) -> None:
    if not failures:
        st.caption(session.say(texts.library.NO_FAILURES))
    for failure in failures:
        with st.container(border=True, gap=None):
            st.markdown(f"**{plain_label(failure.title or failure.video_id)}**")
            _reason(session, failure.reason)
            tried = session.say(texts.library.TRIED, n=failure.attempts)
            final = f" · {session.say(texts.library.FOR_GOOD)}" if failure.final else ""
            st.caption(f"{plain_label(failure.video_id)} · {tried}{final}")


def _reason(session: Session, reason: str) -> None:
    """Draw why something failed; the reason itself is in English."""
    if session.language == "en":
        st.markdown(plain_label(reason))
        return
    st.markdown(session.say(texts.library.REASON_KO))
    with st.expander(session.say(texts.library.DETAILS)):
        st.markdown(plain_label(reason))


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
                _ask_removal(session, (source.locator,), source.locator)
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
