"""What the server is doing, as it does it."""

import streamlit as st

from tubeseek.errors import TubeseekError
from tubeseek.messages import AddRequest, IndexRequest
from tubeseek.ui import texts
from tubeseek.ui.formats import plain_label
from tubeseek.ui.session import Session
from tubeseek.wire import JobFacts, JobState

POLL_SECONDS = 1.0
ENDED_SHOWN = 3  # jobs that are over and still told about


def show(session: Session) -> None:
    """Draws the jobs; while one runs they are asked for again every second."""
    busy = any(not job.state.ended for job in session.library.jobs())

    @st.fragment(run_every=POLL_SECONDS if busy else None)
    def jobs() -> None:
        try:
            now = session.library.jobs()
        except TubeseekError as error:
            st.error(session.say(texts.SERVER_SAYS, reason=plain_label(str(error))))
            return
        if busy and all(job.state.ended for job in now):
            st.rerun()  # the rest of the page shows what has come of it
        running = [job for job in now if not job.state.ended]
        for job in reversed(running):
            _running(session, job)
        for job in [job for job in now if job.state.ended][: ENDED_SHOWN - len(running)]:
            _ended(session, job)

    jobs()


def _running(session: Session, job: JobFacts) -> None:
    """A bar where it is known how much there is, what is done now, and a way to stop it."""
    with st.container(key=f"ts-job-{job.id}", border=True):
        text, cancel = st.columns([5, 1], vertical_alignment="center")
        text.markdown(f"**{_title(session, job)}** · {_state(session, job)}")
        if cancel.button(
            session.say(texts.CANCEL),
            key=f"ts-cancel-{job.id}",
            disabled=job.stopping,
            width="stretch",
        ):
            session.library.cancel(job.id)
            st.rerun(scope="fragment")
        if job.state is JobState.RUNNING:
            total = job.last.total if job.last else None
            st.progress(min(1.0, (job.advanced + job.failed) / total) if total else 0.0)
            if job.last and job.last.message:
                st.caption(plain_label(job.last.message))


def _ended(session: Session, job: JobFacts) -> None:
    title = _title(session, job)
    if job.state is JobState.FAILED:
        reason = plain_label(job.failure.message) if job.failure else ""
        told = session.say(texts.JOB_BROKE, reason=reason)
        st.error(f"**{title}** · {told}", icon=":material/error:")
        return
    text = texts.JOB_CANCELLED if job.state is JobState.CANCELLED else texts.JOB_DONE
    told = session.say(text, n=job.advanced)
    if job.failed:
        told += f" · {session.say(texts.JOB_FAILED_ITEMS, n=job.failed)}"
    st.caption(f"**{title}** · {told}")


def _title(session: Session, job: JobFacts) -> str:
    match job.request:
        case AddRequest(locators=locators):
            return session.say(texts.JOB_ADD, what=plain_label(", ".join(locators)))
        case IndexRequest():
            return session.say(texts.JOB_INDEX)
    return session.say(texts.JOB_SYNC)


def _state(session: Session, job: JobFacts) -> str:
    if job.stopping:
        return session.say(texts.JOB_STOPPING)
    if job.state is JobState.QUEUED:
        return session.say(texts.JOB_QUEUED)
    total = job.last.total if job.last else None
    done = job.advanced + job.failed
    if total:
        told = session.say(texts.JOB_PROGRESS, done=done, total=total)
    else:
        told = session.say(texts.JOB_COUNT, n=done)
    return f"{told} · {session.say(texts.JOB_FAILED_ITEMS, n=job.failed)}" if job.failed else told
