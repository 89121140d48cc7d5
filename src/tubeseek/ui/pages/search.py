"""Draws the search page: by words, by a picture, or for videos like one."""

import hashlib
from dataclasses import replace

import streamlit as st

from tubeseek.core.schemas import MAX_IMAGE_BYTES, Scope, SearchAnswer, Sort, Status, Where
from tubeseek.ui import texts
from tubeseek.ui.address import Filters, Place
from tubeseek.ui.components import add_form, filters
from tubeseek.ui.components.pictures import CARD_WIDTH, card_jpeg, thumbnail
from tubeseek.ui.components.results import Card, grid
from tubeseek.ui.formats import plain_label
from tubeseek.ui.search_request import MOST, PAGE, request_of
from tubeseek.ui.session import Session, current_place, go

USING_TEXTS = {
    Scope.ALL.value: texts.search.USING_ALL,
    Scope.PICTURES.value: texts.search.USING_PICTURES,
    Scope.WORDS.value: texts.search.USING_WORDS,
}
SUBJECT_WIDTH = 84  # pixels; the style sheet crops it to 16:9
PICTURES_KEPT = 3  # uploads, for each visitor
PICTURE_TYPES = ["jpg", "jpeg", "png", "webp", "gif", "bmp", "avif"]


def show(session: Session) -> None:
    """Draw the page."""
    status = session.library.status()
    if status.videos == 0:
        add_form.empty_library(session, status)
        return
    filters.show(session, status)
    _search_row(session)
    with st.container(key="ts-subject"):
        _subject(session)
    place = session.place
    if place.q.strip() or place.like or place.picture:
        _results(session, status)
    else:
        _newest(session, status)


def _search_row(session: Session) -> None:
    with st.container(key="ts-search-row", horizontal=True, vertical_alignment="center"):
        # Streamlit shows the help of a box only beside its label, and this box has none.
        st.markdown("&nbsp;", help=session.say(texts.search.QUERY_HELP), width="content")
        with st.popover(session.say(texts.search.BY_PICTURE), icon=":material/image_search:"):
            st.file_uploader(
                session.say(texts.search.PICTURE_BOX),
                type=PICTURE_TYPES,
                key="picture_box",
                max_upload_size=MAX_IMAGE_BYTES // 1_000_000,
                on_change=_picture_changed,
            )


def _subject(session: Session) -> None:
    """Draw the video or picture that is searched for; for words, the choice of indexes."""
    place, say = session.place, session.say
    if place.like:
        video = session.library.video(place.like)
        picture = thumbnail(session.library, place.like, CARD_WIDTH)
        label = say(texts.search.LIKE_VIDEO, title=session.title_label(video.title))
        _subject_picture(session, label, picture)
    elif place.picture in st.session_state.get("pictures", {}):
        name, data = st.session_state.pictures[place.picture]
        label = say(texts.search.LIKE_PICTURE, name=plain_label(name))
        _subject_picture(session, label, card_jpeg(data, CARD_WIDTH))
    elif not place.picture:
        _using_row(session)


def _using_row(session: Session) -> None:
    """Draw the choice of the indexes that words are looked up in."""
    st.session_state.using_box = session.place.using or Scope.ALL.value
    st.segmented_control(
        session.say(texts.search.USING),
        list(USING_TEXTS),
        key="using_box",
        format_func=lambda name: session.say(USING_TEXTS[name]),
        label_visibility="collapsed",
        on_change=_using_changed,
    )


def _using_changed() -> None:
    using = st.session_state.using_box  # None: the current choice was clicked again
    go(replace(current_place(), using="" if using in (None, Scope.ALL.value) else using))


def _picture_changed() -> None:
    """Keep the uploaded picture for this visit; the address names it by a hash of its content."""
    uploaded = st.session_state.picture_box
    if uploaded is None:
        return
    data = uploaded.getvalue()
    name = hashlib.sha256(data).hexdigest()[:12]
    kept = st.session_state.setdefault("pictures", {})
    kept[name] = (uploaded.name, data)
    while len(kept) > PICTURES_KEPT:
        del kept[next(iter(kept))]
    go(current_place().searching(picture=name))


def _results(session: Session, status: Status) -> None:
    place, say = session.place, session.say
    shown = _shown(place)
    request = request_of(place, shown)
    if request is None:
        st.info(say(texts.search.PICTURE_GONE))
        return
    summary = st.container(
        key="ts-summary"
    ).empty()  # of one height, so that the cards below do not move
    with summary, st.spinner(say(texts.search.SEARCHING)):
        answer = session.library.search(request)
    if not answer.hits:
        summary.empty()
        _why_nothing(session, status, answer)
        return
    heading = texts.search.FOUND_HONEST if request.sort is Sort.HONEST else texts.search.FOUND
    summary.caption(f"{say(heading, n=len(answer.hits))} · {plain_label(answer.encoder)}")
    for notice in answer.notices:
        st.info(plain_label(notice), icon=":material/info:")
    grid(session, [Card.of_hit(hit) for hit in answer.hits], "results", place)
    if len(answer.hits) == shown < MOST:
        st.button(
            say(texts.search.SHOW_MORE), on_click=_show_more, args=(place, shown), width="stretch"
        )


def _subject_picture(session: Session, label: str, picture: bytes | None) -> None:
    """Draw the picture or video that the results are like, and a button to end the search."""
    with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
        if picture is not None:
            st.image(picture, width=SUBJECT_WIDTH, alt=session.say(texts.search.YOUR_PICTURE))
        st.markdown(f"**{label}**", width="stretch")
        session.go_button(
            session.say(texts.search.END_SEARCH),
            session.place.searching(),
            key="ts-end-search",
            icon=":material/close:",
            type="tertiary",
        )


def _why_nothing(session: Session, status: Status, answer: SearchAnswer) -> None:
    """Say why nothing was found: in the visitor's language where the app knows, else in English."""
    if not any(index.videos for index in status.indexes):
        st.info(session.say(texts.search.NOT_INDEXED), icon=":material/hourglass_empty:")
    elif session.place.filters.where != Where():
        st.info(session.say(texts.search.NOTHING_PASSES), icon=":material/filter_alt:")
    else:
        st.info(session.say(texts.search.NOTHING_FOUND), icon=":material/search_off:")
        for notice in answer.notices:
            st.caption(plain_label(notice))


def _newest(session: Session, status: Status) -> None:
    """Draw the newest videos, where nothing is searched yet."""
    say = session.say
    st.markdown(say(texts.search.TAGLINE))
    if session.place.filters != Filters():
        st.info(say(texts.search.FILTERS_WAIT), icon=":material/filter_alt:")
    if not any(index.videos for index in status.indexes):
        st.info(say(texts.search.NOT_INDEXED), icon=":material/hourglass_empty:")
    st.subheader(say(texts.search.NEWEST), anchor=False)
    videos = session.library.list(PAGE, 0).videos
    grid(session, [Card.of_video(video) for video in videos], "newest")


def _shown(place: Place) -> int:
    """Return how many results of this search to show."""
    searched, shown = st.session_state.get("shown", (None, PAGE))
    return shown if searched == place else PAGE


def _show_more(place: Place, shown: int) -> None:
    st.session_state.shown = (place, shown + PAGE)
