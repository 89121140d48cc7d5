"""Turns the place in the app into the search that it stands for."""

import base64
from typing import Any
from urllib.parse import urlencode

from tubeseek.core.schemas import Scope, SearchHit, SearchRequest, Sort
from tubeseek.ui.address import Place
from tubeseek.ui.components import uploads
from tubeseek.ui.session import Session

DEPTHS = (24, 240)  # videos, in which the one of a page is looked for


def request_of(place: Place, limit: int) -> SearchRequest | None:
    """Return the search that a place stands for.

    Returns:
        None for a picture of an earlier visit, and where nothing is searched.
    """
    fields = _fields(place) | {"limit": limit, "where": place.filters.where}
    if place.picture and not place.like:
        picture = uploads.kept(place.picture)
        if picture is None:
            return None
        name, content = picture
        return SearchRequest(image=base64.b64encode(content), image_name=name, **fields)
    if not place.like and not place.q.strip():
        return None
    return SearchRequest(text="" if place.like else place.q, **fields)


def api_address(place: Place) -> str:
    """Return the address of the same search at the API, for a search without a picture.

    >>> api_address(Place(q="red cat", using="pictures"))
    'v1/search?q=red+cat&using=pictures'
    """
    where = place.filters.where.model_dump(mode="json", exclude_none=True)
    words = {} if place.like else {"q": place.q}
    parameters = words | where | _fields(place)
    return f"v1/search?{urlencode({k: v for k, v in parameters.items() if v}, doseq=True)}"


def _fields(place: Place) -> dict[str, Any]:
    """Return the options of a search that are not left as they are."""
    fields: dict[str, Any] = {"boost": [boost.value for boost in place.filters.boosts]}
    if place.like:
        fields["like"] = place.like
    elif place.using and place.q:
        fields["using"] = Scope(place.using).value
    if place.filters.sort is not Sort.BEST:
        fields["sort"] = place.filters.sort.value
    return fields


def hit_of_page(session: Session) -> SearchHit | None:
    """Return what the search found of the video of this page, as its results showed it."""
    for limit in DEPTHS:
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
