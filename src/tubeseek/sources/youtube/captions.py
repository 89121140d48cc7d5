"""What is said in a video of a site: its captions, fetched with one request."""

import logging
import time

from yt_dlp.networking.exceptions import HTTPError, RequestError

from tubeseek.core.errors import MediaError
from tubeseek.core.passages import caption_passages
from tubeseek.core.types import Passage
from tubeseek.media.captions import MAX_CAPTION_BYTES, parse_captions
from tubeseek.sources.caption_choice import online_track
from tubeseek.sources.youtube.errors import TOO_MANY_REQUESTS
from tubeseek.sources.youtube.records import Info, full_video
from tubeseek.sources.youtube.thumbnails import Opener

logger = logging.getLogger(__name__)

_SERVER_ERRORS = 500  # HTTP statuses from here on may pass
QUIET_SECONDS = 1800.0  # after a refusal; YouTube refuses captions for hours, and nothing else


class CaptionFetcher:
    """Fetches captions until the site refuses them, and again after a while. Thread-safe.

    Captions only add to the pictures of a video: that they cannot be had is noted in the log and
    costs neither the video nor, as other refusals do, the time of a back-off. Those that may be had
    later are owed: a later run asks for them.
    """

    def __init__(self, quiet_seconds: float = QUIET_SECONDS) -> None:
        """Args:
        quiet_seconds: How long to ask for none once the site has answered 429.
        """
        self._quiet_seconds = quiet_seconds
        self._quiet_until = 0.0  # on the clock of time.monotonic()

    def fetch(
        self, open_once: Opener, info: Info, video_id: str
    ) -> tuple[tuple[Passage, ...], str]:
        """The captions in the language that is spoken, and why they are owed, if they are.

        Args:
            open_once: Asks the site a single time, whatever it answers.
            info: What yt-dlp said of the video just now: the addresses in it expire.
            video_id: Whose words they are, in the library.

        Raises:
            RateLimitedError: The limiter lets no more requests through.
        """
        track = online_track(info, full_video(info).language)
        if track is None:
            return (), ""
        name = f"captions of {info.get('webpage_url')}"
        try:
            data = track.get("data")
            if data is None:
                if time.monotonic() < self._quiet_until:
                    logger.info("Put off: %s; the site has refused captions lately", name)
                    return (), f"{name}: put off, the site has refused captions lately"
                data = self._download(open_once, track["url"], name)
            cues = parse_captions(data.encode() if isinstance(data, str) else data, name)
        except _NotNowError as error:
            logger.warning("Left out for now: %s", error)
            return (), str(error)
        except MediaError as error:
            logger.warning("Left out: %s", error)
            return (), ""
        return tuple(caption_passages(video_id, cues)), ""

    def _download(self, open_once: Opener, url: str, name: str) -> bytes:
        """Raises MediaError if the site does not hand them out. The address is a secret."""
        try:
            response = open_once(url)
            try:
                return response.read(MAX_CAPTION_BYTES + 1)
            finally:
                response.close()
        except HTTPError as error:
            error.close()
            if error.status == TOO_MANY_REQUESTS:
                self._quiet_until = time.monotonic() + self._quiet_seconds
                raise _NotNowError(
                    f"{name} and of the videos that follow: the site refuses captions for now "
                    f"(HTTP 429); run `tubeseek index` again in an hour or so"
                ) from error
            kind = _NotNowError if error.status >= _SERVER_ERRORS else MediaError
            raise kind(f"{name}: not to be had (HTTP {error.status})") from error
        except RequestError as error:
            raise _NotNowError(f"{name}: not to be had ({error}); try again later") from error


class _NotNowError(MediaError):
    """They may be had later."""
