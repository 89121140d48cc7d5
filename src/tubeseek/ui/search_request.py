"""Turns the place in the app into the search that it stands for."""

import base64
from functools import partial

import streamlit as st

from tubeseek.core.schemas import Scope, SearchHit, SearchRequest
from tubeseek.ui.address import Place
from tubeseek.ui.session import Session

PAGE = 24  # videos; "show more" adds as many
MOST = 240  # videos


def request_of(place: Place, limit: int) -> SearchRequest | None:
    """Return the search that a place stands for.

    Returns:
        None for a picture of an earlier visit, and where nothing is searched.
    """
    filters = place.filters
    search = partial(
        SearchRequest, limit=limit, where=filters.where, boost=filters.boosts, sort=filters.sort
    )
    if place.like:
        return search(like=place.like)
    if place.picture:
        if place.picture not in st.session_state.get("pictures", {}):
            return None
        name, data = st.session_state.pictures[place.picture]
        return search(image=base64.b64encode(data), image_name=name)
    if not place.q.strip():
        return None
    return search(text=place.q, using=Scope(place.using) if place.using else Scope.ALL)


def hit_of_page(session: Session) -> SearchHit | None:
    """Return what the search found of the video of this page, as its results showed it."""
    for limit in (PAGE, MOST):
        request = request_of(session.place, limit)
        if request is None:
            return None
        hits = session.library.search(request).hits
        for hit in hits:
            if hit.video_id == session.place.video:
                return hit
        if len(hits) < limit:
            return None
    return None
