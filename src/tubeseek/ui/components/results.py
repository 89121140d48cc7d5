"""Draws videos as a grid of cards, which fetches what it shows from the API as one scrolls."""

from collections.abc import Sequence
from typing import Any

from tubeseek.core.schemas import SearchHit, VideoFacts
from tubeseek.core.schemas.search import Fit
from tubeseek.ui import texts
from tubeseek.ui.address import LEAST_HONESTY, Place
from tubeseek.ui.components.browser_component import browser_component
from tubeseek.ui.components.quotes import query_words
from tubeseek.ui.session import Session

PAGE = 24  # videos that are fetched at a time
MOST = 1000  # videos of one search; nobody scrolls further
FIT_TEXTS = {
    Fit.STRONG: texts.video.FIT_STRONG,
    Fit.WEAK: texts.video.FIT_WEAK,
    Fit.NONE: texts.video.FIT_NONE,
}

_grid = browser_component("grid")


def search_grid(
    session: Session,
    name: str,
    search: str,
    *,
    page: int = PAGE,
    is_whole: bool = False,
    within: Place | None = None,
    **more: Any,
) -> None:
    """Draw the results of a search, which the browser fetches.

    Args:
        session: Of this run.
        name: Unique among the grids of a page.
        search: The address of the search at the API.
        page: How many videos to fetch at a time.
        is_whole: Whether the first page is all there is to show.
        within: The search that the pages of its videos keep in their address; their cards show
            the moments that it found.
        more: What else `grid.js` takes.
    """
    data = {"search": search, "page": page, "isWhole": is_whole, "most": MOST}
    _draw(session, name, within, data | more)


def grid(
    session: Session,
    name: str,
    videos: Sequence[SearchHit | VideoFacts],
    *,
    within: Place | None = None,
    **more: Any,
) -> None:
    """Draw videos that are at hand; the arguments are those of `search_grid`."""
    hits = [video.model_dump(mode="json", exclude_none=True) for video in videos]
    _draw(session, name, within, {"hits": hits, "page": PAGE} | more)


def _draw(session: Session, name: str, within: Place | None, data: dict[str, Any]) -> None:
    say, place = session.say, within or session.place.elsewhere()
    data |= {
        "language": session.language,
        "watch": place.watching("").href,
        "like": session.place.searching().href,
        "hasMoments": within is not None,
        "words": query_words(place.q).split() if within is not None else [],
        "leastHonesty": LEAST_HONESTY,
        "say": {key: say(text) for key, text in SAY.items()}
        | {
            "counts": say(texts.search.COUNTS, fits="{fits}", nearest="{nearest}"),
            "count": say(texts.search.VIDEO_COUNT, n=1),
            "videos": say(texts.search.VIDEO_COUNT, n="{n}"),
            "still": say(texts.video.STILL_AT, time="{time}"),
            "relevance": say(texts.video.RELEVANCE, n="{n}"),
            "misleadingHelp": say(texts.video.MISLEADING_HELP, share="{share}"),
            "view": say(texts.video.VIEW_COUNT, n=1, count="{count}"),
            "views": say(texts.video.VIEW_COUNT, n=2, count="{count}"),
            "column": say(texts.errors.AT_COLUMN, column="{column}"),
            "fits": {fit.value: say(text) for fit, text in FIT_TEXTS.items()},
            "errors": {kind: say(text) for kind, text in texts.errors.BY_KIND.items()},
        },
    }
    _grid(key=f"ts-grid-{name}", data=data)


SAY = {
    "results": texts.search.RESULTS,
    "searching": texts.search.SEARCHING,
    "nearest": texts.search.NEAREST,
    "nothingFits": texts.search.NOTHING_FITS,
    "end": texts.search.END_OF_LIST,
    "failed": texts.errors.NOT_REACHED,
    "again": texts.errors.TRY_AGAIN,
    "untitled": texts.video.UNTITLED,
    "thumbnail": texts.video.THUMBNAIL,
    "fitHelp": texts.video.FIT_HELP,
    "misleading": texts.video.MISLEADING,
    "gone": texts.video.GONE,
    "like": texts.video.MORE_LIKE_THIS,
    "copy": texts.video.COPY_LINK,
    "copied": texts.video.COPIED,
}
