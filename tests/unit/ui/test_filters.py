"""From the filters of the app to the address, and from there to the search that is asked."""

from datetime import date
from typing import Any

import pytest

from tubeseek.core.schemas import Boost, SearchRequest, Sort, Status, Where, WordFacts
from tubeseek.ui.address import Place
from tubeseek.ui.components.filters import chosen, follow
from tubeseek.ui.search_request import request_of

LIMIT = 24
STATUS = Status(
    library="", store="", videos=2, gone=0, failed=0, failed_for_good=0, sources=(), indexes=(),
    words=WordFacts(videos=0, passages=0, pending=0), channels=("A", "B"), categories=("C",),
)  # fmt: skip
ALL_SET = Place(
    q="cat",
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


def shown(place: Place) -> dict[str, Any]:
    """What the widgets show at a place."""
    controls: dict[str, Any] = {}
    follow(controls, place, STATUS)
    return controls


def asked(place: Place) -> SearchRequest:
    """The search of a place, once its address was kept and opened again."""
    params = place.params()
    kept = {name: [v] if isinstance(v, str) else v for name, v in params.items()}
    request = request_of(Place.of(kept), LIMIT)
    assert request is not None
    return request


@pytest.mark.parametrize(
    ("control", "value", "wanted"),
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
    kind: dict[str, str], control: str, value: object, wanted: dict[str, Any]
) -> None:
    place = Place(q=kind.get("text", ""), like=kind.get("like", ""))
    controls = shown(place) | {f"filter_{control}": value}
    assert asked(chosen(place, controls)) == SearchRequest(**kind, limit=LIMIT, **wanted)


def test_widgets_show_the_address_and_the_address_the_widgets() -> None:
    controls = shown(ALL_SET)
    assert controls["filter_moment_after"] == "1:30"
    assert controls["filter_moment_before"] == "1:02:03"
    assert chosen(Place(q="cat"), controls) == ALL_SET
    assert asked(ALL_SET) == request_of(ALL_SET, LIMIT)


def test_one_step_leads_back_to_no_filter_at_all() -> None:
    assert ALL_SET.refined
    assert ALL_SET.unfiltered() == Place(q="cat")
    assert not ALL_SET.unfiltered().refined
    assert asked(ALL_SET.unfiltered()) == SearchRequest(text="cat", limit=LIMIT)


@pytest.mark.parametrize(
    ("control", "value", "left"),
    [("after", "2:00", (120, 0)), ("after", "3:00", (180, 0)), ("before", "1:00", (0, 60))],
)
def test_of_two_times_that_leave_no_moment_the_one_just_written_stays(
    control: str, value: str, left: tuple[int, int]
) -> None:
    place = Place(q="cat", moment_after=60, moment_before=120)
    now = chosen(place, shown(place) | {f"filter_moment_{control}": value})
    assert (now.moment_after, now.moment_before) == left
    where = asked(now).where
    assert (where.moment_after or 0, where.moment_before or 0) == left


def test_what_makes_no_sense_in_an_address_is_left_out() -> None:
    place = Place.of(
        {
            "moment_after": ["120"],
            "moment_before": ["60"],
            "honest": ["very", "first"],
            "boost": ["loud", "recent", "recent"],
        }
    )
    assert place == Place(moment_after=120, honest=("first",), boost=("recent",))
