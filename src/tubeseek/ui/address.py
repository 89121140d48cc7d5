"""Keeps the place in the app, with its filters, in the address, so that bookmarks work."""

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from tubeseek.core.schemas import Boost, Scope, Sort, Where
from tubeseek.core.times import seconds_text

DURATIONS: Mapping[str, tuple[float | None, float | None]] = {  # seconds, from and to
    "short": (None, 239.999),
    "medium": (240, 1200),
    "long": (1200.001, None),
}
PAGES = ("library", "training")  # beside the search page
USING = (Scope.PICTURES.value, Scope.WORDS.value)
SORTS = ("date", "views", "length", "title")
VIEWS = (1_000, 10_000, 100_000, 1_000_000)
BOOSTS = tuple(boost.value for boost in Boost)
HONEST_ONLY, HONEST_FIRST = HONEST = ("only", "first")
LEAST_HONESTY = 0.5  # a thumbnail that stood for any video would be rated so


def _number(values: Sequence[str]) -> int:
    """Return the last value where it is a number of sensible length, else 0."""
    text = values[-1] if values else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _seconds(values: Sequence[str]) -> float | None:
    """Return the last value in seconds, to the hundredth; 0 for none, None where it is no time."""
    text = values[-1] if values else "0"
    return round(float(text), 2) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text, re.ASCII) else None


def _day(values: Sequence[str]) -> date | None:
    with suppress(ValueError, IndexError):
        return date.fromisoformat(values[-1])
    return None


def _one_of(choices: Collection[str], values: Sequence[str]) -> str:
    return values[-1] if values and values[-1] in choices else ""


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters that the page offers, by their names in the address; an empty one is not set."""

    channel: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    duration: str = ""  # a key of DURATIONS
    views: int = 0  # at least; one of VIEWS
    since: date | None = None
    until: date | None = None  # that day included
    moment_after: int = 0  # seconds; a moment at this second passes
    moment_before: int = 0  # seconds, more than `moment_after`; a moment at this second does not
    honest: tuple[str, ...] = ()  # of HONEST: a condition on thumbnails, and the order by them
    boost: tuple[str, ...] = ()  # of BOOSTS

    @classmethod
    def of(cls, params: Mapping[str, Sequence[str]]) -> "Filters":
        """Return the filters that an address sets; what makes no sense in it is left out.

        >>> Filters.of({"views": ["many"], "channel": ["A", "B"]}) == Filters(channel=("A", "B"))
        True
        """
        views, after, before = (
            _number(params.get(name, ())) for name in ("views", "moment_after", "moment_before")
        )
        return cls(
            channel=tuple(params.get("channel", ())),
            category=tuple(params.get("category", ())),
            duration=_one_of(DURATIONS, params.get("duration", ())),
            views=views if views in VIEWS else 0,
            since=_day(params.get("since", ())),
            until=_day(params.get("until", ())),
            moment_after=after,
            moment_before=before if before > after else 0,
            honest=tuple(name for name in HONEST if name in params.get("honest", ())),
            boost=tuple(name for name in BOOSTS if name in params.get("boost", ())),
        )

    @property
    def where(self) -> Where:
        """The conditions that a found video must meet."""
        low, high = DURATIONS.get(self.duration, (None, None))
        return Where(
            channel=self.channel,
            category=self.category,
            after=self.since,
            before=self.until + timedelta(days=1) if self.until else None,
            min_duration=low,
            max_duration=high,
            min_views=self.views or None,
            min_honesty=LEAST_HONESTY if HONEST_ONLY in self.honest else None,
            moment_after=self.moment_after or None,
            moment_before=self.moment_before or None,
        )

    @property
    def boosts(self) -> tuple[Boost, ...]:
        """What raises a video beside how well it fits."""
        return tuple(map(Boost, self.boost))

    @property
    def sort(self) -> Sort:
        """The order of the results."""
        return Sort.HONEST if HONEST_FIRST in self.honest else Sort.BEST


@dataclass(frozen=True, slots=True)
class Place:
    """A page and what it shows; an empty field does not stand in the address."""

    view: str = ""  # one of PAGES; "" is the search page
    video: str = ""  # the page of this video
    t: float | None = 0.0  # where it starts to play, seconds; None where the address has no time
    q: str = ""  # a search by words; at most one of this and the next two is set
    like: str = ""  # a search for videos like this one
    picture: str = ""  # a search by a picture that was uploaded in this visit
    using: str = ""  # one of USING: the indexes that words are looked up in; "" is all
    sort: str = ""  # one of SORTS; "" is the best fit first
    fits: str = ""  # "1": only what fits
    find: str = ""  # words in titles, of the library's list
    page: int = 0  # of that list
    filters: Filters = Filters()
    lang: str = ""  # chosen by hand; else the browser's
    run: str = ""  # of the training page: the run that is shown
    left: str = ""  # and the two indexes that are compared, by their encoders
    right: str = ""

    @classmethod
    def of(cls, params: Mapping[str, Sequence[str]]) -> "Place":
        """Return the place that an address names; what makes no sense in it is left out.

        >>> place = Place.of({"q": ["cat"], "view": ["nowhere"], "channel": ["A", "B"]})
        >>> place == Place(q="cat", filters=Filters(channel=("A", "B")))
        True
        """
        last = {name: values[-1] for name, values in params.items() if values}
        return cls(
            view=_one_of(PAGES, params.get("view", ())),
            video=last.get("video", ""),
            t=_seconds(params.get("t", ())),
            q=last.get("q", ""),
            like=last.get("like", ""),
            picture=last.get("picture", ""),
            using=_one_of(USING, params.get("using", ())),
            sort=_one_of(SORTS, params.get("sort", ())),
            fits=_one_of(("1",), params.get("fits", ())),
            find=last.get("find", ""),
            page=_number(params.get("page", ())),
            filters=Filters.of(params),
            lang=_one_of(("en", "ko"), params.get("lang", ())),
            run=last.get("run", ""),
            left=last.get("left", ""),
            right=last.get("right", ""),
        )

    def params(self) -> dict[str, str | list[str]]:
        """Return the parameters of the address of this place.

        >>> Place(q="cat", filters=Filters(channel=("A",))).params()
        {'q': 'cat', 'channel': ['A']}
        """
        values = asdict(self)
        values |= values.pop("filters")
        return {
            name: list(value)
            if isinstance(value, tuple)
            else seconds_text(value)
            if isinstance(value, float)
            else str(value)
            for name, value in values.items()
            if value
        }

    @property
    def href(self) -> str:
        """The address of this place, relative to that of the app.

        >>> Place(q="red cat", filters=Filters(channel=("A", "B"))).href
        './?q=red+cat&channel=A&channel=B'
        >>> Place().href
        './'
        """
        query = urlencode(self.params(), doseq=True)
        return f"./?{query}" if query else "./"

    def elsewhere(self, **changes: Any) -> "Place":
        """Return another page in the same language, with nothing else kept."""
        return Place(lang=self.lang, **changes)

    def searching(self, *, q: str = "", like: str = "", picture: str = "") -> "Place":
        """Return another search under the same filters."""
        return replace(self, view="", video="", t=0.0, page=0, q=q, like=like, picture=picture)

    def watching(self, video: str, t: float = 0.0) -> "Place":
        """Return the page of a video that this search found; the search stays in the address."""
        return replace(self, view="", page=0, video=video, t=t)

    def in_language(self, language: str) -> "Place":
        """Return the same place in a language."""
        return replace(self, lang=language)

    def unfiltered(self) -> "Place":
        """Return the same search without filters."""
        return replace(self, filters=Filters())
