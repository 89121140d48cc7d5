"""Draws what a library can be searched for, where nothing is searched yet."""

from tubeseek.core.schemas import Status
from tubeseek.ui import texts
from tubeseek.ui.components.browser_component import browser_component
from tubeseek.ui.examples import MOST_TITLES, example_queries
from tubeseek.ui.session import Session

_home = browser_component("home")


def show(session: Session, status: Status) -> None:
    """Draw the size of the library and examples of queries, made from its titles."""
    say, place = session.say, session.place
    titles = [video.title for video in session.library.list(MOST_TITLES, 0).videos]
    channels = len(status.channels)
    if channels > 1:
        videos = f"{status.videos:,}"
        searched = say(texts.search.SEARCHED, videos=videos, channels=f"{channels:,}")
    elif status.videos == 1:
        searched = say(texts.search.SEARCHED_NO_CHANNELS, n=1)
    else:
        searched = say(texts.search.SEARCHED_NO_CHANNELS, n=f"{status.videos:,}")
    data = {
        "tagline": say(texts.search.TAGLINE),
        "searched": searched,
        "try": say(texts.search.TRY),
        "examples": [
            {"query": query, "href": place.searching(q=query).href}
            for query in example_queries(titles)
        ],
    }
    _home(key="ts-home", data=data)
