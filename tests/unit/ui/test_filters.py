"""From the filters of the app to the address, and from there to the search."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tubeseek.core.schemas import Boost, SearchRequest, Sort, Status, Where, WordFacts
from tubeseek.ui.address import DURATIONS, Filters, Place
from tubeseek.ui.components.filters import fill, place_of
from tubeseek.ui.search_request import request_of

LIMIT = 24
STATUS = Status(
    library="", store="", videos=2, gone=0, failed=0, failed_for_good=0, sources=(), indexes=(),
    words=WordFacts(videos=0, passages=0, pending=0), channels=("A", "B"), categories=("C",),
)  # fmt: skip
ALL_SET = Filters(
    channel=("B",),
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
    "offset": "the page shows more of the same list below what it shows",
    "literal": "the box takes the query language, whose quotes do this",
    "images": "the box has no way to name several pictures",
    "encoder": "the training page compares two indexes; a search asks all of them",
    "fold": "a page with the same video several times helps nobody",
    "weights": "numbers for experiments, not for a page",
    "min_fit": "each card says how well its video fits",
}
CONTROLS = ("multiselect", "button_group", "date_input", "text_input")


def draw_filters() -> None:
    """A page with nothing but the filters; Streamlit runs this text alone."""
    from tests.unit.ui.test_filters import STATUS
    from tubeseek.library.remote import RemoteLibrary
    from tubeseek.ui.address import Place
    from tubeseek.ui.components.filters import show
    from tubeseek.ui.session import Session

    show(Session(RemoteLibrary("http://127.0.0.1:1"), "en", Place()), STATUS)


def controls_at(place: Place) -> dict[str, Any]:
    """What the widgets show at a place."""
    controls: dict[str, Any] = {}
    fill(controls, place, STATUS)
    return controls


def request_at(place: Place) -> SearchRequest:
    """The search of a place, once its address was kept and opened again."""
    params = place.params()
    kept = {name: [v] if isinstance(v, str) else v for name, v in params.items()}
    request = request_of(Place.of(kept), LIMIT)
    assert request is not None
    return request


def changed_fields(message: Where | SearchRequest) -> set[str]:
    """The fields that differ from their defaults."""
    fields = type(message).model_fields
    return {name for name in fields if getattr(message, name) != fields[name].default}


@pytest.mark.parametrize(
    ("control", "value", "expected"),
    [
        ("moment_after", "1:30", {"where": Where(moment_after=90)}),
        ("moment_before", "1:02:03", {"where": Where(moment_before=3723)}),
        ("moment_before", " 45 ", {"where": Where(moment_before=45)}),
        ("moment_after", "soon", {}),
        ("honest", ["only"], {"where": Where(min_honesty=0.5)}),
        ("honest", ["first"], {"sort": Sort.HONEST}),
        ("boost", ["recent"], {"boost": (Boost.RECENT,)}),
        ("boost", ["recent", "most-replayed"], {"boost": (Boost.MOST_REPLAYED, Boost.RECENT)}),
    ],
)
@pytest.mark.parametrize("kind", [{"text": "cat"}, {"like": "abc"}], ids=["words", "like"])
def test_a_control_changes_its_part_of_the_search_alone(
    kind: dict[str, str], control: str, value: object, expected: dict[str, Any]
) -> None:
    place = Place(q=kind.get("text", ""), like=kind.get("like", ""))
    controls = controls_at(place) | {f"filter_{control}": value}
    assert request_at(place_of(place, controls)) == SearchRequest(**kind, limit=LIMIT, **expected)


def test_widgets_show_the_address_and_the_address_the_widgets() -> None:
    controls = controls_at(FILTERED)
    assert controls["filter_moment_after"] == "1:30"
    assert controls["filter_moment_before"] == "1:02:03"
    assert place_of(Place(q="cat"), controls) == FILTERED
    assert request_at(FILTERED) == request_of(FILTERED, LIMIT)


def test_one_step_leads_back_to_no_filter_at_all() -> None:
    assert FILTERED.filters.uncommon
    assert not FILTERED.unfiltered().filters.uncommon
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


def test_every_filter_has_a_control() -> None:
    page = AppTest.from_function(draw_filters).run()
    assert not page.exception
    keys = {control.key for kind in CONTROLS for control in page.get(kind)}
    assert keys == set(controls_at(Place()))


@pytest.mark.parametrize(
    ("control", "value", "left"),
    [("after", "2:00", (120, 0)), ("after", "3:00", (180, 0)), ("before", "1:00", (0, 60))],
)
def test_of_two_times_that_leave_no_moment_the_one_just_written_stays(
    control: str, value: str, left: tuple[int, int]
) -> None:
    place = Place(q="cat", filters=Filters(moment_after=60, moment_before=120))
    now = place_of(place, controls_at(place) | {f"filter_moment_{control}": value})
    assert (now.filters.moment_after, now.filters.moment_before) == left
    where = request_at(now).where
    assert (where.moment_after or 0, where.moment_before or 0) == left


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
