"""Fetches the captions of a site's video with one request."""

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
from tubeseek.sources.youtube.session import Session

logger = logging.getLogger(__name__)

_SERVER_ERRORS = 500  # HTTP statuses from here on may pass
QUIET_SECONDS = 1800.0  # after a refusal; YouTube refuses captions for hours, and nothing else


class CaptionFetcher:
    """Fetches captions until the site refuses them, and again after a while. Thread-safe.

    Captions only add to the pictures of a video. Missing ones are logged; they neither fail the
    video nor cause a back-off, as other refusals do. Those that may come later are owed: a later
    run requests them.
    """

    def __init__(self, quiet_seconds: float = QUIET_SECONDS) -> None:
        """Args:
        quiet_seconds: How long to send no request once the site has answered 429.
        """
        self._quiet_seconds = quiet_seconds
        self._quiet_until = 0.0  # on the clock of time.monotonic()

    def fetch(self, session: Session, info: Info, video_id: str) -> tuple[tuple[Passage, ...], str]:
        """Return the captions in the spoken language, and the reason why they are owed, or "".

        Args:
            session: The one that fetched `info`: it knows whether the site withheld captions.
            info: The info dictionary of the video, just fetched: the addresses in it expire.
            video_id: Its id in the library.

        Raises:
            RateLimitedError: The limiter lets no more requests through.
        """
        track = online_track(info, full_video(info).language)
        name = f"captions of {info.get('webpage_url')}"
        if track is None and session.withheld_captions:
            logger.warning("Postponed: %s: YouTube wants a proof-of-origin token", name)
            return (), f"{name}: withheld, YouTube wants a proof-of-origin (PO) token for them"
        if track is None:
            return (), ""
        try:
            data = track.get("data")
            if data is None:
                if time.monotonic() < self._quiet_until:
                    logger.info("Postponed: %s; the site refused captions recently", name)
                    return (), f"{name}: postponed, the site refused captions recently"
                data = self._download(session, track, name)
            cues = parse_captions(data.encode() if isinstance(data, str) else data, name)
        except _NotNowError as error:
            logger.warning("Postponed: %s", error)
            return (), str(error)
        except MediaError as error:
            logger.warning("Left out: %s", error)
            return (), ""
        return tuple(caption_passages(video_id, cues)), ""

    def _download(self, session: Session, track: Info, name: str) -> bytes:
        """Return the file, or raise MediaError. The address is a secret, so no message has it."""
        try:
            response = session.open_track(track)
            try:
                return response.read(MAX_CAPTION_BYTES + 1)
            finally:
                response.close()
        except HTTPError as error:
            error.close()
            if error.status == TOO_MANY_REQUESTS:
                self._quiet_until = time.monotonic() + self._quiet_seconds
                raise _NotNowError(
                    f"{name} and of the next videos: the site refuses captions for now "
                    f"(HTTP 429); run `tubeseek index` again in an hour or so"
                ) from error
            kind = _NotNowError if error.status >= _SERVER_ERRORS else MediaError
            raise kind(f"{name}: not available (HTTP {error.status})") from error
        except RequestError as error:
            raise _NotNowError(f"{name}: not available ({error}); try again later") from error


class _NotNowError(MediaError):
    """The captions may be available later."""
