"""From the address of the app to the search, and to the chips that take a filter away."""

from dataclasses import replace
from datetime import date
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from tubeseek.api.routes.search import SearchParameters
from tubeseek.core.schemas import Boost, SearchRequest, Sort, Status, Where, WordFacts
from tubeseek.ui.address import DURATIONS, Filters, Place
from tubeseek.ui.app_library import AppLibrary
from tubeseek.ui.components.filters import _chips, _fields, _sorts
from tubeseek.ui.search_request import api_address, request_of
from tubeseek.ui.session import Session

LIMIT = 24
STATUS = Status(
    library="", store="", videos=2, gone=0, failed=0, failed_for_good=0, sources=(), indexes=(),
    words=WordFacts(videos=0, passages=0, pending=0), channels=("A", "B"), categories=("C",),
)  # fmt: skip
ALL_SET = Filters(
    channel=("B", "C & D"),
    category=("C",),
    duration="long",
    views=10_000,
    since=date(2024, 1, 2),
    until=date(2024, 3, 4),
    moment_after=90,
    moment_before=3723,
    honest=("only", "first"),
    boost=("most-replayed", "recent"),
)
FILTERED = Place(q="cat", filters=ALL_SET)
# Parts of a search that the page leaves out, and why.
LEFT_OUT = {
    "offset": "the page fetches more of the same list as one scrolls",
    "literal": "the box takes the query language, whose quotes do this",
    "images": "the box has no way to name several pictures",
    "encoder": "the training page compares two indexes; a search asks all of them",
    "fold": "a page with the same video several times helps nobody",
    "weights": "numbers for experiments, not for a page",
    "min_fit": "the page folds away what does not fit, or hides it",
}


def session_at(place: Place) -> Session:
    """A run of the page of a place, over a library that answers nothing."""
    return Session(cast(AppLibrary, None), "en", place)


def opened(place: Place) -> Place:
    """The place that the address of a place names."""
    return Place.of(parse_qs(urlsplit(place.href).query))


def request_at(place: Place) -> SearchRequest:
    """The search of a place, once its address was kept and opened again."""
    request = request_of(opened(place), LIMIT)
    assert request is not None
    return request


def api_request(place: Place) -> SearchRequest:
    """The search that the browser sends to the API."""
    fields: dict[str, Any] = {}
    for name, values in parse_qs(urlsplit(api_address(place)).query).items():
        is_list = isinstance(SearchParameters.model_fields[name].default, tuple)
        fields[name] = values if is_list else values[-1]
    return SearchParameters.model_validate(fields | {"limit": LIMIT}).to_request(None)


def changed_fields(message: Where | SearchRequest) -> set[str]:
    """The fields that differ from their defaults."""
    fields = type(message).model_fields
    return {name for name in fields if getattr(message, name) != fields[name].default}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"moment_after": ["90"]}, {"where": Where(moment_after=90)}),
        ({"moment_before": ["3723"]}, {"where": Where(moment_before=3723)}),
        ({"moment_after": ["9"], "moment_before": ["8"]}, {"where": Where(moment_after=9)}),
        ({"moment_after": ["soon"]}, {}),
        ({"honest": ["only"]}, {"where": Where(min_honesty=0.5)}),
        ({"honest": ["first"]}, {"sort": Sort.HONEST}),
        ({"boost": ["recent"]}, {"boost": (Boost.RECENT,)}),
        ({"boost": ["recent", "most-replayed"]}, {"boost": (Boost.MOST_REPLAYED, Boost.RECENT)}),
    ],
)
@pytest.mark.parametrize("kind", [{"text": "cat"}, {"like": "abc"}], ids=["words", "like"])
def test_a_field_of_the_sheet_changes_its_part_of_the_search_alone(
    kind: dict[str, str], filters: dict[str, list[str]], expected: dict[str, Any]
) -> None:
    place = Place(q=kind.get("text", ""), like=kind.get("like", ""), filters=Filters.of(filters))
    assert request_at(place) == SearchRequest(**kind, limit=LIMIT, **expected)


@pytest.mark.parametrize(
    "place",
    [
        FILTERED,
        replace(FILTERED, using="words"),
        Place(q='"red car" + 0.5:snow -toy & 50%', using="pictures"),
        Place(like="a/b c", filters=ALL_SET),
        Place(q="고양이"),
    ],
)
def test_the_browser_asks_the_api_for_the_search_of_the_place(place: Place) -> None:
    assert api_request(place) == request_at(place)
    assert opened(place) == place


def test_each_chip_takes_one_filter_away_and_all_of_them_take_all() -> None:
    place = replace(FILTERED, using="words")
    count = 0
    while True:
        chips = _chips(session_at(place))
        if not chips:
            break
        count += 1
        place = Place.of(parse_qs(urlsplit(chips[0]["href"]).query))
        assert len(_chips(session_at(place))) == len(chips) - 1
    assert count == 13  # each value of each filter, and what words are looked up in
    assert place == Place(q="cat", filters=Filters(honest=("first",)))


def test_one_order_at_a_time_is_chosen() -> None:
    for sort in _sorts(session_at(FILTERED)):
        place = Place.of(parse_qs(urlsplit(sort["href"]).query))
        chosen = [each for each in _sorts(session_at(place)) if each["isCurrent"]]
        assert [each["label"] for each in chosen] == [sort["label"]]


def test_one_step_leads_back_to_no_filter_at_all() -> None:
    assert FILTERED.unfiltered() == Place(q="cat")
    assert request_at(FILTERED.unfiltered()) == SearchRequest(text="cat", limit=LIMIT)


def test_every_part_of_a_search_is_on_the_page_or_left_out_on_purpose() -> None:
    request = request_at(replace(FILTERED, using="words"))
    by_duration = [request_at(Place(q="cat", filters=Filters(duration=key))) for key in DURATIONS]
    conditions = [changed_fields(each.where) for each in (request, *by_duration)]
    assert set().union(*conditions) == set(Where.model_fields)
    offered = changed_fields(request) | {"image", "image_name", "like"}  # other kinds of search
    assert offered.isdisjoint(LEFT_OUT)
    assert offered | LEFT_OUT.keys() == set(SearchRequest.model_fields)


def test_every_filter_has_a_field_in_the_sheet() -> None:
    fields = _fields(session_at(FILTERED), STATUS)
    assert {field["name"] for field in fields} == {*Filters.__slots__, "using"}
    values = {field["name"]: field["value"] for field in fields}
    assert values["moment_after"] == "1:30"
    assert values["moment_before"] == "1:02:03"
    assert values["channel"] == ["B", "C & D"]
    assert values["since"] == "2024-01-02"


def test_what_makes_no_sense_in_an_address_is_left_out() -> None:
    filters = Filters.of(
        {
            "moment_after": ["120"],
            "moment_before": ["60"],
            "honest": ["very", "first"],
            "boost": ["loud", "recent", "recent"],
        }
    )
    assert filters == Filters(moment_after=120, honest=("first",), boost=("recent",))
