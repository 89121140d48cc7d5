"""Draws what narrows a search: filters, as chips and in a sheet, the order, and what is shown."""

import base64
from dataclasses import replace
from typing import Any

from tubeseek.core.schemas import Boost, Scope, Status
from tubeseek.ui import texts
from tubeseek.ui.address import HONEST_FIRST, HONEST_ONLY, VIEWS, Filters, Place
from tubeseek.ui.components import uploads
from tubeseek.ui.components.browser_component import browser_component
from tubeseek.ui.components.pictures import card_jpeg
from tubeseek.ui.formats import clock, day, short_count
from tubeseek.ui.session import Session
from tubeseek.ui.texts.text import Text

SUBJECT_WIDTH = 240  # pixels
DURATION_TEXTS = {
    "short": texts.filters.UNDER_4,
    "medium": texts.filters.FROM_4_TO_20,
    "long": texts.filters.OVER_20,
}
BOOST_TEXTS = {
    Boost.RECENT.value: texts.filters.RECENT,
    Boost.MOST_REPLAYED.value: texts.filters.MOST_REPLAYED,
}
USING_TEXTS = {
    Scope.PICTURES.value: texts.search.USING_PICTURES,
    Scope.WORDS.value: texts.search.USING_WORDS,
}
SORT_TEXTS = {
    "": texts.filters.BY_FIT,
    "date": texts.filters.BY_DATE,
    "views": texts.filters.BY_VIEWS,
    "length": texts.filters.BY_LENGTH,
}

_filters = browser_component("filters")


def show(session: Session, status: Status) -> None:
    """Draw the row above the results, and the sheet that its button opens."""
    place, say = session.place, session.say
    data = {
        "subject": _subject(session),
        "chips": _chips(session),
        "fits": _fits(place),
        "sorts": _sorts(session),
        "fields": _fields(session, status),
        "base": _base(place).href,
        "cleared": replace(place.unfiltered(), using="").href,
        "say": {name: say(text) for name, text in SAY.items()},
    }
    _filters(key="ts-filters", data=data)


SAY = {
    "filters": texts.filters.FILTERS,
    "remove": texts.filters.REMOVE,
    "onlyFits": texts.filters.ONLY_FITS,
    "sort": texts.filters.SORT,
    "close": texts.filters.CLOSE,
    "clear": texts.filters.CLEAR_FILTERS,
    "apply": texts.filters.APPLY,
    "find": texts.filters.FIND,
    "timeHint": texts.filters.TIME_HINT,
    "noTime": texts.filters.NO_TIME,
    "endSearch": texts.search.END_SEARCH,
}


def _subject(session: Session) -> dict[str, str] | None:
    """Return the video or the picture that the results are like."""
    place, say = session.place, session.say
    if place.like:
        title = session.title(session.library.video(place.like).title)
        label = say(texts.search.LIKE_VIDEO, title=title)
        image, alt = f"v1/videos/{place.like}/thumbnail?width={SUBJECT_WIDTH}", title
    elif picture := uploads.kept(place.picture):
        name, content = picture
        label = say(texts.search.LIKE_PICTURE, name=name)
        small = base64.b64encode(card_jpeg(content, SUBJECT_WIDTH) or b"").decode()
        image, alt = f"data:image/jpeg;base64,{small}", say(texts.search.YOUR_PICTURE)
    else:
        return None
    return {"label": label, "image": image, "alt": alt, "remove": place.searching().href}


def _base(place: Place) -> Place:
    """Return the search without what the sheet sets; the order is set elsewhere."""
    honest = tuple(name for name in place.filters.honest if name == HONEST_FIRST)
    return replace(place, filters=Filters(honest=honest), using="")


def _fits(place: Place) -> dict[str, Any] | None:
    """Return the switch between what fits and all; None for a search that cannot be graded."""
    if not place.q.strip():
        return None
    return {"isOn": bool(place.fits), "href": replace(place, fits="" if place.fits else "1").href}


def _sorts(session: Session) -> list[dict[str, Any]]:
    place, honest = session.place, HONEST_FIRST in session.place.filters.honest
    by_fit = tuple(name for name in place.filters.honest if name != HONEST_FIRST)
    plain = replace(place, filters=replace(place.filters, honest=by_fit))
    choices = [
        {
            "label": session.say(text),
            "isCurrent": not honest and place.sort == name,
            "href": replace(plain, sort=name).href,
        }
        for name, text in SORT_TEXTS.items()
    ]
    first = replace(plain.filters, honest=(*by_fit, HONEST_FIRST))
    href = replace(plain, sort="", filters=first).href
    label = session.say(texts.filters.HONEST_FIRST)
    return [*choices, {"label": label, "isCurrent": honest, "href": href}]


def _chips(session: Session) -> list[dict[str, str]]:
    """Return the filters that are set, each with the address of the search without it."""
    place, say = session.place, session.say
    filters, language = place.filters, session.language
    chips: list[tuple[str, Place]] = []

    def add(label: str, **changes: Any) -> None:
        chips.append((label, replace(place, filters=replace(filters, **changes))))

    if place.using:
        chips.append((say(USING_TEXTS[place.using]), replace(place, using="")))
    for name in ("channel", "category"):
        values = getattr(filters, name)
        for value in values:
            add(value, **{name: tuple(other for other in values if other != value)})
    if filters.duration:
        add(say(DURATION_TEXTS[filters.duration]), duration="")
    if filters.views:
        count = short_count(filters.views, language)
        add(f"{say(texts.filters.VIEWS)} {say(texts.filters.AT_LEAST, count=count)}", views=0)
    for name, text in (
        ("since", texts.filters.PUBLISHED_FROM),
        ("until", texts.filters.PUBLISHED_UNTIL),
    ):
        if value := getattr(filters, name):
            add(f"{say(text)} {day(value, language)}", **{name: None})
    for name, text in TIMES.items():
        if value := getattr(filters, name):
            add(f"{say(text)} {clock(value)}", **{name: 0})
    if HONEST_ONLY in filters.honest:
        rest = tuple(name for name in filters.honest if name != HONEST_ONLY)
        add(say(texts.filters.HONEST_ONLY), honest=rest)
    for name in filters.boost:
        add(say(BOOST_TEXTS[name]), boost=tuple(b for b in filters.boost if b != name))
    return [{"label": label, "href": place.href} for label, place in chips]


TIMES = {
    "moment_after": texts.filters.MOMENTS_FROM,
    "moment_before": texts.filters.MOMENTS_BEFORE,
}


def _fields(session: Session, status: Status) -> list[dict[str, Any]]:
    """Return the fields of the sheet; those that the library has no choices for are left out."""
    place, say, language = session.place, session.say, session.language
    filters = place.filters

    def field(
        kind: str, name: str, label: Text, choices: dict[Any, str], hint: Text | None = None
    ) -> dict[str, Any]:
        value = getattr(filters, name) if hasattr(filters, name) else getattr(place, name)
        values = value if isinstance(value, tuple) else (value,) if value else ()
        return {
            "kind": kind,
            "name": name,
            "label": say(label),
            "hint": say(hint) if hint else "",
            "isWide": len(choices) > 4,
            "value": [str(each) for each in values],
            "choices": [{"value": str(key), "label": text} for key, text in choices.items()],
        }

    def named(choices: dict[str, Text]) -> dict[str, str]:
        return {key: say(text) for key, text in choices.items()}

    views = {n: say(texts.filters.AT_LEAST, count=short_count(n, language)) for n in VIEWS}
    fields = [
        field("many", "channel", texts.filters.CHANNEL, {c: c for c in status.channels}),
        field("many", "category", texts.filters.CATEGORY, {c: c for c in status.categories}),
        field("one", "using", texts.search.USING, named(USING_TEXTS)),
        field("one", "duration", texts.filters.DURATION, named(DURATION_TEXTS)),
        field("one", "views", texts.filters.VIEWS, views),
        field("many", "boost", texts.filters.PREFER, named(BOOST_TEXTS), texts.filters.PREFER_HELP),
        field(
            "many",
            "honest",
            texts.filters.THUMBNAILS,
            {HONEST_ONLY: say(texts.filters.HONEST_ONLY)},
            texts.filters.THUMBNAILS_HELP,
        ),
    ]
    dates = (
        ("since", texts.filters.PUBLISHED_FROM),
        ("until", texts.filters.PUBLISHED_UNTIL),
    )
    for name, text in dates:
        value = getattr(filters, name)
        fields.append(
            {
                "kind": "date",
                "name": name,
                "label": say(text),
                "value": value.isoformat() if value else "",
            }
        )
    for name, text in TIMES.items():
        value = getattr(filters, name)
        hint = say(texts.filters.MOMENTS_HELP) if name == "moment_after" else ""
        shown = clock(value) if value else ""
        fields.append(
            {"kind": "text", "name": name, "label": say(text), "value": shown, "hint": hint}
        )
    return [each for each in fields if each["kind"] in ("date", "text") or each["choices"]]
