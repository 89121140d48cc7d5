"""Draws the videos of the library as a list that can be searched, sorted and weeded out."""

from collections.abc import Sequence
from dataclasses import replace

from tubeseek.core.schemas import VideoFacts
from tubeseek.ui import texts
from tubeseek.ui.components.browser_component import browser_component
from tubeseek.ui.formats import clock, day, short_count
from tubeseek.ui.session import Session

PAGE = 50  # videos
MOST = 50_000  # videos that are searched by their titles
SORT_TEXTS = {
    "": texts.library.BY_ADDED,
    "title": texts.library.BY_TITLE,
    "date": texts.filters.BY_DATE,
    "views": texts.filters.BY_VIEWS,
    "length": texts.filters.BY_LENGTH,
}

_shelf = browser_component("shelf")


def show(session: Session, *, may_change: bool) -> tuple[str, ...]:
    """Draw a page of the list.

    Returns:
        The ids of the videos to remove, which the visitor has just chosen.
    """
    place, say = session.place, session.say
    if place.find or place.sort:
        videos = arranged(session.library.list(MOST, 0).videos, place.find, place.sort)
        total = len(videos)
        number = _page_number(place.page, total)
        shown: Sequence[VideoFacts] = videos[number * PAGE :][:PAGE]
    else:
        total = session.library.list(0, 0).total
        number = _page_number(place.page, total)
        shown = session.library.list(PAGE, number * PAGE).videos
    first, last = number * PAGE + 1, number * PAGE + len(shown)
    data = {
        "find": place.find,
        "search": replace(place, page=0, find="").href,
        "sorts": [
            {
                "label": say(text),
                "href": replace(place, page=0, sort=name).href,
                "isCurrent": place.sort == name,
            }
            for name, text in SORT_TEXTS.items()
        ],
        "videos": [
            {
                "id": video.id,
                "title": session.title(video.title),
                "facts": _facts(session, video),
                "href": place.elsewhere(video=video.id).href,
            }
            for video in shown
        ],
        "mayChange": may_change,
        "previous": replace(place, page=number - 1).href if number else None,
        "next": replace(place, page=number + 1).href if last < total else None,
        "say": {name: say(text) for name, text in SAY.items()}
        | {
            "range": say(texts.library.PAGE_OF, first=first, last=last, total=f"{total:,}"),
            "chosen": say(texts.library.CHOSEN, n="{n}"),
        },
    }
    result = _shelf(key="ts-shelf", data=data, on_remove_change=lambda: None)
    removed = result.remove if may_change else None
    return tuple(map(str, removed or ()))


SAY = {
    "find": texts.library.FIND,
    "sort": texts.filters.SORT,
    "remove": texts.library.REMOVE,
    "removeChosen": texts.library.REMOVE_CHOSEN,
    "choose": texts.library.CHOOSE,
    "nothing": texts.library.NONE_FOUND,
    "pages": texts.app.PAGES,
    "previous": texts.library.PREVIOUS,
    "next": texts.library.NEXT,
}


def arranged(videos: Sequence[VideoFacts], find: str, sort: str) -> list[VideoFacts]:
    """Return the videos whose title, channel or id holds all words, in an order.

    Args:
        videos: The latest addition first.
        find: Words, each of which must occur; empty for all videos.
        sort: A key of `SORT_TEXTS`; videos that lack the fact come last.
    """
    words = find.casefold().split()
    found = [
        video
        for video in videos
        if all(w in f"{video.title}\n{video.channel}\n{video.id}".casefold() for w in words)
    ]
    if sort == "title":
        return sorted(found, key=lambda video: video.title.casefold())
    if sort == "date":
        return sorted(
            found, key=lambda v: v.published.toordinal() if v.published else -1, reverse=True
        )
    if sort == "views":
        return sorted(found, key=lambda v: -1 if v.views is None else v.views, reverse=True)
    if sort == "length":
        return sorted(found, key=lambda v: v.duration_seconds or -1.0, reverse=True)
    return found


def _page_number(page: int, total: int) -> int:
    """Return the page, or the last one where there are not so many."""
    return min(page, max(0, (total - 1) // PAGE))


def _facts(session: Session, video: VideoFacts) -> str:
    facts = [video.channel, video.category]
    if video.duration_seconds is not None:
        facts.append(clock(video.duration_seconds))
    if video.views is not None:
        count = short_count(video.views, session.language)
        facts.append(session.say(texts.video.VIEW_COUNT, n=video.views, count=count))
    if video.published is not None:
        facts.append(day(video.published, session.language))
    if video.gone:
        facts.append(session.say(texts.video.GONE))
    return " · ".join(filter(None, facts))
