"""Shows the jobs of the server and how far they are."""

from collections.abc import Callable, Sequence

import streamlit as st

from tubeseek.core.events import EventKind
from tubeseek.core.schemas import AddRequest, IndexRequest, PurgeRequest, RefreshRequest
from tubeseek.core.schemas.server import JobFacts, JobState, error_of
from tubeseek.ui import texts
from tubeseek.ui.app_library import AppLibrary
from tubeseek.ui.errors import error_text, errors_as_messages
from tubeseek.ui.formats import plain_label
from tubeseek.ui.session import Session

POLL_SECONDS = 1.0
ENDED_SHOWN = 3  # jobs that are over and still shown
REASONS_SHOWN = 50  # failures of one job


def show(
    session: Session, jobs: Sequence[JobFacts], counts: Callable[[], None], *, may_cancel: bool
) -> None:
    """Draw the jobs; while one runs, fetch and draw them again every second.

    Args:
        session: Of this run.
        jobs: As they stood when the page was drawn; when one of them ends, the page is drawn anew.
        counts: Draws the figures that change while a job runs.
        may_cancel: Whether this visitor may stop a job.
    """
    busy = any(not job.state.ended for job in jobs)
    ended_before = {job.id for job in jobs if job.state.ended}

    @st.fragment(run_every=POLL_SECONDS if busy else None)
    def follow() -> None:
        with errors_as_messages(session):
            now = session.library.jobs()
            if {job.id for job in now if job.state.ended} != ended_before:
                st.rerun()
            _draw(session, now, may_cancel=may_cancel)
            counts()

    follow()


def _draw(session: Session, jobs: Sequence[JobFacts], *, may_cancel: bool) -> None:
    waiting = [job for job in jobs if not job.state.ended]
    for job in reversed(waiting):
        _running(session, job, may_cancel=may_cancel)
    for job in [job for job in jobs if job.state.ended][: max(0, ENDED_SHOWN - len(waiting))]:
        _ended(session, job)


def _running(session: Session, job: JobFacts, *, may_cancel: bool) -> None:
    """Draw a bar, the current item, and a button to stop the job."""
    total = _total(job)
    done = min(1.0, (job.advanced + job.failed) / total) if total else 0.0
    with st.container(key=f"ts-job-{job.id}", border=True):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.progress(done, text=f"**{_title(session, job)}** · {_state(session, job)}")
            if may_cancel and st.button(
                session.say(texts.library.CANCEL), key=f"ts-cancel-{job.id}", disabled=job.stopping
            ):
                session.library.cancel(job.id)
                st.rerun(scope="fragment")
        if job.state is JobState.RUNNING and job.last and job.last.message:
            st.caption(plain_label(job.last.message))


def _ended(session: Session, job: JobFacts) -> None:
    title = f"**{_title(session, job)}**"
    if job.state is JobState.FAILED:
        reason = plain_label(error_text(session, error_of(job.failure))) if job.failure else ""
        message = session.say(texts.library.JOB_BROKE, reason=reason)
        st.error(f"{title} · {message}", icon=":material/error:")
        return
    text = (
        texts.library.JOB_CANCELLED if job.state is JobState.CANCELLED else texts.library.JOB_DONE
    )
    st.caption(f"{title} · {session.say(text, n=job.advanced)}")
    if job.failed:
        label = f"{_title(session, job)} · {session.say(texts.library.JOB_REASONS, n=job.failed)}"
        with st.expander(label, icon=":material/warning:"):
            for reason in _reasons(session.library, session.library.url, job.id):
                st.markdown(plain_label(reason))


@st.cache_data(max_entries=100, show_spinner=False)
def _reasons(_library: AppLibrary, server: str, job_id: str) -> list[str]:
    """Return why items of an ended job failed; only its events name those never listed."""
    events = _library.events(job_id)
    return [e.message for e in events if e.kind is EventKind.FAILED][:REASONS_SHOWN]


def _total(job: JobFacts) -> int | None:
    """Return how many items there are, from the last event that said it; failures do not."""
    totals: dict[str, int] = st.session_state.setdefault("job_totals", {})
    if job.last and job.last.total is not None:
        totals[job.id] = job.last.total
    return totals.get(job.id)


def _title(session: Session, job: JobFacts) -> str:
    match job.request:
        case AddRequest(locators=locators):
            return session.say(texts.library.JOB_ADD, name=plain_label(", ".join(locators)))
        case IndexRequest():
            return session.say(texts.library.JOB_INDEX)
        case RefreshRequest():
            return session.say(texts.library.JOB_REFRESH)
        case PurgeRequest():
            return session.say(texts.library.JOB_PURGE)
    return session.say(texts.library.JOB_SYNC)


def _state(session: Session, job: JobFacts) -> str:
    if job.stopping:
        return session.say(texts.library.JOB_STOPPING)
    if job.state is JobState.QUEUED:
        return session.say(texts.library.JOB_QUEUED)
    total = _total(job)
    done = job.advanced + job.failed
    if total:
        progress = session.say(texts.library.JOB_PROGRESS, done=done, total=total)
    else:
        progress = session.say(texts.library.JOB_COUNT, n=done)
    return (
        f"{progress} · {session.say(texts.library.JOB_FAILED_ITEMS, n=job.failed)}"
        if job.failed
        else progress
    )
