"""Walks through the lists that yt-dlp opens, and notices which of them ended too early."""

from collections.abc import Callable, Iterable, Iterator

from tubeseek.core.errors import (
    ListedInPartError,
    RateLimitedError,
    SourceError,
    VideoUnavailableError,
)
from tubeseek.core.types import Video
from tubeseek.sources.youtube.errors import translate
from tubeseek.sources.youtube.locators import is_tab, is_video, lists_playlists
from tubeseek.sources.youtube.records import Info, listed_video
from tubeseek.sources.youtube.session import Session

LISTS = ("playlist", "multi_video", "compat_list")
LINKS = ("url", "url_transparent")
_YOUTUBE = "Youtube"  # how yt-dlp's keys of YouTube's extractors begin

Resolver = Callable[[str, str | None], Info]  # an address and the key of its extractor


class Walk:
    """Yields the videos of a list and of the lists in it, such as the tabs of a channel.

    What is no video is left out: the channels, playlists and shelves in the results of a search,
    in a feed or in a tab. Only the pages that show the playlists of a channel lead into them.
    """

    def __init__(self, session: Session, url: str, resolve: Resolver) -> None:
        """Args:
        session: Sends the requests, and counts the lists that the site breaks off.
        url: The place, for messages.
        resolve: Opens a list in the list; its entries stay unread.
        """
        self._session, self._url, self._resolve = session, url, resolve
        self._failures: list[SourceError] = []
        self._broke_off = self._ended_empty = False
        self._listed = self._shortfall = 0
        self._videos = self._skipped = 0

    def items(self, listing: Info) -> Iterator[Video | VideoUnavailableError]:
        """Yield the videos, and an error for each that is private or removed.

        Raises:
            SourceError: A page cannot be read.
        """
        listed = 0
        for entry in self._entries(listing):
            if not entry:
                continue
            kind = entry.get("_type", "video")
            if kind in LISTS:
                yield from self.items(entry)
                continue
            listed += 1
            if kind not in LINKS or self._is_video(entry, listing):
                self._videos += 1
                yield listed_video(entry, listing)
            elif self._is_list(entry, listing):
                yield from self._inner(entry)
            else:
                self._skipped += 1
        self._listed += listed
        stated = listing.get("playlist_count")
        if isinstance(stated, int):
            self._shortfall += max(0, stated - listed)

    def check(self) -> None:
        """Raise an error if the lists were not read to their ends.

        Raises:
            ListedInPartError: The site broke a list off, or probably did.
            SourceError: A list in the list cannot be read, or there is no video in it.
        """
        if self._failures:
            raise SourceError(f"The list is incomplete. {self._failures[0]}") from self._failures[0]
        if self._skipped and not self._videos:
            raise SourceError(
                f"{self._url} lists no videos, but {self._skipped} channels or playlists; add "
                "those by their own addresses"
            )
        stated = self._listed + self._shortfall
        amount = f"{self._listed} of {stated}" if self._shortfall else f"{self._videos}"
        if self._broke_off:
            raise ListedInPartError(
                f"{self._url}: the site broke off after {amount} videos",
                certain=True,
                shortfall=self._shortfall,
            )
        if self._shortfall or self._ended_empty:
            raise ListedInPartError(
                f"{self._url}: the site listed {amount} videos"
                + (" and then an empty page" if self._ended_empty else ""),
                certain=False,
                shortfall=self._shortfall,
            )

    def _entries(self, listing: Info) -> Iterator[Info]:
        """Yield the entries of a list, and watch how it ends."""
        entries = iter(translated(listing.get("entries") or (), self._url))
        while True:
            requests, broken = self._session.requests, self._session.lists_broken_off
            entry = next(entries, _END)
            self._broke_off |= self._session.lists_broken_off > broken
            if entry is _END:
                # Without a count, a page without entries is the only sign of a list that was cut.
                is_empty = self._session.requests > requests
                self._ended_empty |= is_empty and listing.get("playlist_count") is None
                return
            yield entry

    def _is_video(self, entry: Info, listing: Info) -> bool:
        """Return whether a link leads to one video."""
        key, url = str(entry.get("ie_key") or ""), str(entry.get("url") or "")
        if _is_of_youtube(entry, listing):
            return is_video(url)
        single = self._session.is_single_video(key, url) if key else True
        return key != listing.get("extractor_key") if single is None else single

    def _is_list(self, entry: Info, listing: Info) -> bool:
        """Return whether a link leads to a list that belongs to this one."""
        if not _is_of_youtube(entry, listing):
            return True
        url = str(entry.get("url") or "")
        is_playlist = "list=" in url and lists_playlists(self._url)
        return bool(entry.get("ie_key")) and (is_playlist or is_tab(url))

    def _inner(self, entry: Info) -> Iterator[Video | VideoUnavailableError]:
        try:
            inner = self._resolve(entry["url"], entry.get("ie_key"))
        except RateLimitedError:
            raise
        except SourceError as error:
            self._failures.append(error)
        else:
            yield from self.items(inner)


_END: Info = {}


def translated(entries: Iterable[Info], url: str) -> Iterator[Info]:
    """Yield the same entries; translate the errors of fetching a further page."""
    try:
        yield from entries
    except SourceError:
        raise
    except Exception as error:  # extractors raise anything on pages they do not know
        failure = translate(error, url)
        if isinstance(failure, RateLimitedError):
            raise failure from error
        raise SourceError(f"The list is incomplete. {failure}") from error


def _is_of_youtube(entry: Info, listing: Info) -> bool:
    key = str(entry.get("ie_key") or listing.get("extractor_key") or "")
    return key.startswith(_YOUTUBE)
