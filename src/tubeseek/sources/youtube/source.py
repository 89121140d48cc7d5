"""Lists and fetches videos of YouTube and of the other sites that yt-dlp supports."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from tubeseek.core.errors import RateLimitedError, SourceError, VideoUnavailableError
from tubeseek.core.files import remove_unfinished
from tubeseek.core.notices import Notices
from tubeseek.core.types import Media, Passage, Video
from tubeseek.sources.youtube.captions import CaptionFetcher
from tubeseek.sources.youtube.cookies import read_cookies
from tubeseek.sources.youtube.errors import translate
from tubeseek.sources.youtube.locators import is_video, is_youtube, normalise, video_url
from tubeseek.sources.youtube.rate_limit import Politeness, RateLimiter
from tubeseek.sources.youtube.records import Info, full_video
from tubeseek.sources.youtube.session import (
    Session,
    SessionOptions,
    SessionPool,
    parse_extractor_args,
)
from tubeseek.sources.youtube.storyboards import fetch_storyboard
from tubeseek.sources.youtube.thumbnails import fetch_stills, fetch_thumbnail
from tubeseek.sources.youtube.video_file_cache import VideoFileCache, stills_of_file
from tubeseek.sources.youtube.walk import LINKS, LISTS, Walk

_MAX_REDIRECTS = 5


class YouTubeSource:
    """Lists channels, playlists, searches and single videos; fetches metadata and pictures.

    Any number of threads may use it; together they keep to `politeness`. Once the site has refused
    for good, every call fails without sending a request; a new source starts afresh.
    """

    def __init__(
        self,
        *,
        cookies: Path | None = None,
        cookies_from_browser: str = "",
        extractor_args: Sequence[str] = (),
        politeness: Politeness | None = None,
        video_files: VideoFileCache | None = None,
        notices: Notices | None = None,
    ) -> None:
        """Args:
            cookies: A cookies.txt of a browser that is signed in. It is read once, never written.
            cookies_from_browser: The browser to read them from instead, as yt-dlp names it.
            extractor_args: What yt-dlp's --extractor-args takes, such as KEY:NAME=VALUE.
            politeness: Pauses between requests; None means the defaults.
            video_files: Downloads videos; None means that no video is downloaded.
            notices: Where what the user should know goes; None means that it is dropped.

        Raises:
            ConfigError: The cookies cannot be read, or the arguments are not understood.
        """
        self._limiter = RateLimiter(politeness or Politeness())
        self._notices = notices or Notices()
        options = SessionOptions(
            read_cookies(cookies, cookies_from_browser),
            parse_extractor_args(extractor_args),
            self._notices,
            downloads=video_files is not None and video_files.downloads,
        )
        self._sessions = SessionPool(self._limiter, options)
        self._captions = CaptionFetcher()
        self._video_files = video_files

    def list(self, locator: str) -> Iterator[Video | Exception]:
        """Yield the videos at `locator`, page by page.

        A channel gives its videos, streams and shorts. Only the current page is kept in memory, and
        no further page is requested once the iterator is closed.

        Args:
            locator: Any form that `locators.normalise` reads.

        Raises:
            SourceError: The listing failed, in whole or in part: it is not complete.
            ListedInPartError: The site ended the list before it had named all videos.
        """
        url = normalise(locator)
        if url is None:
            raise SourceError(
                f"{locator} is not a YouTube address; give a channel, @handle, playlist, video or "
                "'ytsearch20:words'."
            )
        if is_video(url) or not is_youtube(url):  # which may be a video
            self._limiter.wait_for_video()
        with self._sessions.borrow() as session:
            try:
                result = self._resolve(session, url)
            except VideoUnavailableError as error:
                if not (error.final and url.startswith(video_url(""))):
                    raise
                yield error
                return
            if not is_youtube(url):
                site = urlsplit(url).hostname
                self._notices.put(
                    f"{site}: nobody has tried this site with tubeseek; it is read as yt-dlp reads "
                    "it, and how often you may ask it is for you to find out"
                )
            if result.get("_type", "video") not in LISTS:
                yield full_video(result)
                return
            walk = Walk(session, url, partial(self._resolve, session))
            for item in walk.items(result):
                self._limiter.succeeded()
                yield item
        walk.check()

    def fetch(self, video: Video, folder: Path) -> Media:
        """Fetch the metadata of `video`, and save its thumbnail and stills into `folder`.

        The stills are frames of the video if it is downloaded, else tiles of its storyboard if it
        has one, else YouTube's three frames.

        Raises:
            VideoUnavailableError: The video is not available, or not yet.
            MediaError: The video has no picture.
            RateLimitedError: The site refuses further requests.
        """
        self._limiter.wait_for_video()
        with self._sessions.borrow() as session:
            info = self._request_info(session, video)
            folder.mkdir(parents=True, exist_ok=True)
            remove_unfinished(folder)
            thumbnail = fetch_thumbnail(session.urlopen, info, folder)
            video_file = self._download(session, info, video.id, folder)
            stills = stills_of_file(video_file, folder) if video_file else None
            if stills is None:
                stills = fetch_storyboard(session.urlopen, info, folder)
            if stills is None:
                stills = fetch_stills(session.urlopen, info, folder)
            passages, owed = self._captions.fetch(session, info, video.id)
        self._limiter.succeeded()
        return Media(_as_listed(full_video(info), video), thumbnail, stills, passages, owed)

    def facts(self, video: Video) -> Video:
        """Return a video as the site describes it now.

        Raises:
            VideoUnavailableError: The video is not available, or not now.
            RateLimitedError: The site refuses further requests.
        """
        self._limiter.wait_for_video()
        with self._sessions.borrow() as session:
            info = self._request_info(session, video)
        self._limiter.succeeded()
        return _as_listed(full_video(info), video)

    def captions(self, video: Video) -> tuple[tuple[Passage, ...], str]:
        """Fetch the captions of a video that was fetched before.

        Returns:
            The passages, and the reason why they are still owed, or "".

        Raises:
            VideoUnavailableError: The video is not available, or not now.
            RateLimitedError: The site refuses further requests.
        """
        self._limiter.wait_for_video()
        with self._sessions.borrow() as session:
            info = self._request_info(session, video)
            captions = self._captions.fetch(session, info, video.id)
        self._limiter.succeeded()
        return captions

    def video_file(self, video: Video, folder: Path) -> Path | None:
        """Return the file of a video, kept in `folder` or downloaded for this run, or None.

        Raises:
            VideoUnavailableError: The video is not available, or not now.
            RateLimitedError: The site refuses further requests.
        """
        path = self._video_files.find(video.id, folder) if self._video_files else None
        if path or self._video_files is None or not self._video_files.downloads:
            return path
        self._limiter.wait_for_video()
        with self._sessions.borrow() as session:
            path = self._download(session, self._request_info(session, video), video.id, folder)
        self._limiter.succeeded()
        return path

    def release(self, video_id: str) -> None:
        """Remove the file that this run downloaded for a video."""
        if self._video_files:
            self._video_files.release(video_id)

    def close(self) -> None:
        """Close connections, remove downloaded files, and wake the waiting threads."""
        self._limiter.close()
        self._sessions.close()
        if self._video_files:
            self._video_files.close()

    def _request_info(self, session: Session, video: Video) -> Info:
        """Return the info dictionary of a video that can be watched now."""
        if is_youtube(video.url) and not is_video(video.url):  # of a library made long ago
            raise VideoUnavailableError(
                f"{video.url} is no video; remove it (tubeseek remove {video.id})", final=True
            )
        session.withheld_captions = False
        info = self._with_retries(
            partial(session.extract_info, video.url, download=False), video.url
        )
        if info.get("_type", "video") != "video":
            raise VideoUnavailableError(
                f"{video.url} is a list of videos, not a video; add it as a list", final=True
            )
        if info.get("live_status") == "is_upcoming":
            raise VideoUnavailableError(f"{video.url}: not broadcast yet", final=False)
        return info

    def _download(self, session: Session, info: Info, video_id: str, folder: Path) -> Path | None:
        if self._video_files is None:
            return None
        return self._video_files.fetch(session, info, video_id, folder, self._limiter.check)

    def _resolve(self, session: Session, url: str, key: str | None = None) -> Info:
        """Return the info dictionary of a page, following links; the entries of a list stay unread.

        `process=False` keeps them unread: otherwise yt-dlp walks a list to its end before it
        returns anything, even with lazy playlists.
        """
        for _ in range(_MAX_REDIRECTS):
            result = self._with_retries(
                partial(session.extract_info, url, download=False, ie_key=key, process=False), url
            )
            if result.get("_type") not in LINKS:
                return result
            url, key = result["url"], result.get("ie_key")
        raise SourceError(f"{url} redirects in circles; give the page that it should lead to.")

    def _with_retries(self, request: Callable[[], Info | None], url: str) -> Info:
        """Repeat a request to yt-dlp until the site answers it or the limiter gives up."""
        while True:
            try:
                result = request()
            except SourceError:  # of the limiter, through yt-dlp
                raise
            except Exception as error:  # extractors raise anything on pages they do not know
                failure = translate(error, url)
                if isinstance(failure, RateLimitedError) and failure.final:
                    self._limiter.stop(failure)
                if not isinstance(failure, RateLimitedError) or failure.final:
                    raise failure from error
                self._limiter.back_off(f"{url}: the site's limit is reached")
                continue
            if result is None:
                raise SourceError(f"{url}: yt-dlp finds nothing there; check the address.")
            return result


def _as_listed(complete: Video, listed: Video) -> Video:
    """Return the facts of a video with what its listing knows it by."""
    return replace(
        complete,
        id=listed.id,
        url=listed.url,
        picture=listed.picture or complete.picture,  # a later listing is compared with this
        is_short=listed.is_short or complete.is_short,
    )
