"""Compares the results of one query in two indexes, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st

from tubeseek.core.encoder_names import ADAPTED
from tubeseek.core.schemas import Scope, SearchAnswer, SearchHit, SearchRequest, Status
from tubeseek.ui import texts
from tubeseek.ui.components.pictures import CARD_WIDTH, thumbnail
from tubeseek.ui.formats import plain_label
from tubeseek.ui.session import Session, current_place, go

SHOWN = 10  # videos on each side
PICTURE_WIDTH = 112  # pixels


def show(session: Session, status: Status, run: str) -> None:
    """Draw the search box and both columns.

    Args:
        session: Of this run of the page.
        status: Of the library.
        run: The training run that is shown: its index is the one on the right, unless another
            was chosen.
    """
    st.subheader(session.say(texts.training.SIDE_BY_SIDE), anchor=False)
    names = [index.encoder for index in status.indexes if index.videos]
    if len(names) < 2:
        text = texts.training.ONE_INDEX if names else texts.training.NO_INDEXES
        st.info(session.say(text), icon=":material/compare_arrows:")
        return
    left, right = _sides(session, names, index_of(status, run))
    st.session_state.side_box = session.place.q
    st.text_input(
        session.say(texts.training.SIDE_BOX),
        key="side_box",
        placeholder=session.say(texts.training.SIDE_BOX),
        label_visibility="collapsed",
        icon=":material/search:",
        on_change=_query_changed,
    )
    columns = st.columns(2, gap="medium")
    labels = labels_of(names)
    with columns[0]:
        _choice(session, "left", names, left, labels)
    with columns[1]:
        _choice(session, "right", names, right, labels)
    if not session.place.q.strip():
        return
    summary = st.container(key="ts-summary").empty()
    with summary, st.spinner(session.say(texts.search.SEARCHING)):
        answers = [_search(session, name) for name in (left, right)]
    ranks = [{hit.video_id: hit.rank for hit in answer.hits} for answer in answers]
    same = len(ranks[0].keys() & ranks[1].keys())
    summary.caption(session.say(texts.training.IN_BOTH, n=same, most=SHOWN))
    columns = st.columns(2, gap="medium")
    for column, side, answer in zip(columns, ("left", "right"), answers, strict=True):
        other = ranks[0] if side == "right" else ranks[1]
        with column, st.container(key=f"ts-side-{side}", gap="small"):
            for notice in answer.notices if session.language == "en" else ():
                st.caption(plain_label(notice))
            for hit in answer.hits:
                _hit(session, hit, side, _moved(session, side, hit, other))


def index_of(status: Status, run: str) -> str | None:
    """Return the index that was made with the adapter of a run; None where there is none."""
    for index in status.indexes:
        _, mark, folder = index.encoder.partition(ADAPTED)
        if mark and Path(folder).name == run:
            return index.encoder
    return None


def labels_of(names: Sequence[str]) -> dict[str, str]:
    """Return the names of indexes on the page.

    >>> labels_of(["starter", "starter+adapter:/videos/adapters/mine"])["starter"]
    'starter'
    >>> list(labels_of(["starter+adapter:/videos/adapters/mine"]).values())
    ['starter + mine']
    """
    short = {}
    for name in names:
        base, mark, folder = name.partition(ADAPTED)
        short[name] = f"{Path(base).name} + {Path(folder).name}" if mark else base
    alike = [label for label in short.values() if list(short.values()).count(label) > 1]
    return {name: name if label in alike else label for name, label in short.items()}


def _sides(session: Session, names: Sequence[str], adapted: str | None) -> tuple[str, str]:
    """Return the chosen indexes; by default its encoder left and that of the run right."""
    place = session.place
    right = place.right if place.right in names else adapted or names[-1]
    base = right.partition(ADAPTED)[0]
    remaining = [name for name in names if name != right]
    left = base if base in remaining else remaining[0]
    return place.left if place.left in names else left, right


def _choice(
    session: Session, side: str, names: Sequence[str], chosen: str, labels: Mapping[str, str]
) -> None:
    key = f"side_{side}"
    st.session_state[key] = chosen
    st.selectbox(
        session.say(texts.training.LEFT if side == "left" else texts.training.RIGHT),
        names,
        key=key,
        format_func=lambda name: labels.get(name, name),
        on_change=_side_changed,
        args=(side,),
    )


def _query_changed() -> None:
    go(replace(current_place(), q=st.session_state.side_box))


def _side_changed(side: str) -> None:
    go(replace(current_place(), **{side: st.session_state[f"side_{side}"]}))


def _search(session: Session, encoder: str) -> SearchAnswer:
    request = SearchRequest(
        text=session.place.q, limit=SHOWN, encoder=encoder, using=Scope.PICTURES
    )
    return session.library.search(request)


def _moved(session: Session, side: str, hit: SearchHit, other: Mapping[str, int]) -> str:
    """Return how a hit moved; on the left only whether the right has lost it."""
    rank = other.get(hit.video_id)
    if rank is None:
        return session.say(texts.training.NOT_RIGHT if side == "left" else texts.training.NEW)
    if side == "left":
        return ""
    if rank == hit.rank:
        return session.say(texts.training.STAYED)
    text, colour = (
        (texts.training.ROSE, "green") if rank > hit.rank else (texts.training.FELL, "orange")
    )
    return f":{colour}[{session.say(text, rank=rank)}]"


def _hit(session: Session, hit: SearchHit, side: str, moved: str) -> None:
    with st.container(
        key=f"ts-side-{side}-{hit.video_id}", horizontal=True, vertical_alignment="center"
    ):
        st.markdown(f"**{hit.rank}**", width="content")
        picture = thumbnail(session.library, hit.video_id, CARD_WIDTH)
        if picture is not None:
            st.image(picture, width=PICTURE_WIDTH, alt="")
        else:
            st.html('<div class="ts-blank"></div>', width=PICTURE_WIDTH)
        with st.container(gap=None):
            session.go_button(
                session.title_label(hit.title),
                session.place.elsewhere(video=hit.video_id, q=session.place.q),
                key=f"ts-side-open-{side}-{hit.video_id}",
                type="tertiary",
            )
            st.caption(" · ".join(filter(None, (f"{hit.score:.3f}", moved))))
