"""Defines what a list names: videos with the facts that it states, and channels or playlists."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from tubeseek.core.text_files import storable
from tubeseek.core.types import Video
from tubeseek.sources.youtube.locators import normalise, video_url


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, playlist or search that a list names, as the source of YouTube takes it."""

    locator: str


Entries: TypeAlias = Iterator[Video | Place | Exception]


def entry_of(locator: str, title: str = "", channel: str = "") -> Video | Place | None:
    """Return what an address, a handle or an id names; None if that is nothing.

    >>> entry_of("https://youtu.be/aircAruvnKk?si=x", "A title").title
    'A title'
    >>> entry_of("@3blue1brown")
    Place(locator='https://www.youtube.com/@3blue1brown')
    """
    url = normalise(locator)
    if url is None:
        return None
    if not url.startswith(video_url("")):
        return Place(url)
    video_id = url.removeprefix(video_url(""))
    clean = " ".join(storable(title).split())
    return Video(video_id, url, clean or video_id, channel=" ".join(storable(channel).split()))


def is_on_youtube(locator: str) -> bool:
    """Return whether an address is one of YouTube's."""
    url = normalise(locator)
    return url is not None and url.startswith("https://www.youtube.com/")
