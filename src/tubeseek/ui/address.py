"""Where one is in the app. All of it stands in the address, so back and bookmarks work."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from tubeseek.core.schemas import Boost, Sort, Using, Where

DURATIONS: Mapping[str, tuple[float | None, float | None]] = {  # seconds, from and to
    "short": (None, 239.999),
    "medium": (240, 1200),
    "long": (1200.001, None),
}
PAGES = ("library", "training")  # beside the search page
USING = (Using.PICTURES.value, Using.WORDS.value)
VIEWS = (1_000, 10_000, 100_000, 1_000_000)
BOOSTS = tuple(boost.value for boost in Boost)
HONEST_ONLY, HONEST_FIRST = HONEST = ("only", "first")
LEAST_HONESTY = 0.5  # a thumbnail that stood for any video would be rated so


@dataclass(frozen=True, slots=True)
class Place:
    """A page, what it shows, and the filters; the empty value of a field leaves it out."""

    view: str = ""  # one of PAGES; "" is the search page
    video: str = ""  # the page of this video
    t: int = 0  # where it starts to play, seconds
    q: str = ""  # the three kinds of search
    like: str = ""
    picture: str = ""  # a picture that was uploaded in this session
    using: str = ""  # which indexes words are looked up in; "" asks all of them
    page: int = 0  # of the library's list
    channel: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    duration: str = ""  # a key of DURATIONS
    views: int = 0  # at least; one of VIEWS
    since: date | None = None
    until: date | None = None  # that day included
    moment_after: int = 0  # moments from this second of their video on
    moment_before: int = 0  # and before this one; later than the one above
    honest: tuple[str, ...] = ()  # of HONEST: thumbnails that mislead left out, and the order
    boost: tuple[str, ...] = ()  # of BOOSTS
    lang: str = ""  # chosen by hand; else the browser's
    run: str = ""  # of the training page: the run that is shown
    left: str = ""  # and the two indexes that are compared, by their encoders
    right: str = ""

    @classmethod
    def of(cls, params: Mapping[str, list[str]]) -> "Place":
        """The place that an address names; what makes no sense in it is left out.

        >>> Place.of({"q": ["cat"], "views": ["many"], "channel": ["A", "B"]})
        ... # doctest: +ELLIPSIS
        Place(view='', video='', t=0, q='cat', ... channel=('A', 'B'), ... views=0, ...)
        """
        last = {name: values[-1] for name, values in params.items() if values}
        views = _number(last.get("views", ""))
        after, before = (_number(last.get(f"moment_{end}", "")) for end in ("after", "before"))
        return cls(
            view=last.get("view", "") if last.get("view") in PAGES else "",
            video=last.get("video", ""),
            t=_number(last.get("t", "")),
            q=last.get("q", ""),
            like=last.get("like", ""),
            picture=last.get("picture", ""),
            using=last.get("using", "") if last.get("using") in USING else "",
            page=_number(last.get("page", "")),
            channel=tuple(params.get("channel", ())),
            category=tuple(params.get("category", ())),
            duration=last.get("duration", "") if last.get("duration") in DURATIONS else "",
            views=views if views in VIEWS else 0,
            since=_day(last.get("since", "")),
            until=_day(last.get("until", "")),
            moment_after=after,
            moment_before=before if before > after else 0,
            honest=tuple(name for name in HONEST if name in params.get("honest", ())),
            boost=tuple(name for name in BOOSTS if name in params.get("boost", ())),
            lang=last.get("lang", "") if last.get("lang") in ("en", "ko") else "",
            run=last.get("run", ""),
            left=last.get("left", ""),
            right=last.get("right", ""),
        )

    def params(self) -> dict[str, str | list[str]]:
        """The address of this place.

        >>> Place(q="cat", channel=("A",)).params()
        {'q': 'cat', 'channel': ['A']}
        """
        said: dict[str, Any] = {name: value for name, value in asdict(self).items() if value}
        return {k: list(v) if isinstance(v, tuple) else str(v) for k, v in said.items()}

    def elsewhere(self, **changes: Any) -> "Place":
        """Another page in the same language, with nothing else kept."""
        return Place(lang=self.lang, **changes)

    def searching(self, *, q: str = "", like: str = "", picture: str = "") -> "Place":
        """Another search under the same filters."""
        return replace(self, view="", video="", t=0, page=0, q=q, like=like, picture=picture)

    def watching(self, video: str, t: int = 0) -> "Place":
        """A video that this search found; the search stays in the address."""
        return replace(self, view="", page=0, video=video, t=t)

    def in_language(self, language: str) -> "Place":
        return replace(self, lang=language)

    @property
    def filtered(self) -> bool:
        return self.where() != Where()

    def unfiltered(self) -> "Place":
        """The same search without anything that is set beside it among the filters."""
        plain = replace(self, channel=(), category=(), duration="", views=0, since=None, until=None)
        return replace(plain, moment_after=0, moment_before=0, honest=(), boost=())

    @property
    def refined(self) -> bool:
        """Whether any of the less common filters is set."""
        return bool(self.moment_after or self.moment_before or self.honest or self.boost)

    def where(self) -> Where:
        """The filters as the server understands them."""
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

    def boosts(self) -> tuple[Boost, ...]:
        return tuple(map(Boost, self.boost))

    def sort(self) -> Sort:
        return Sort.HONEST if HONEST_FIRST in self.honest else Sort.BEST


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None
