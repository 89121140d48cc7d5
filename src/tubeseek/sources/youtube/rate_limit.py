"""Spaces out requests to a site, and waits longer after each refusal."""

import logging
import random
import threading
import time
from dataclasses import dataclass

from tubeseek.core.errors import RateLimitedError

SLICE_SECONDS = 0.5  # of waiting at once: on Windows, Ctrl-C does not interrupt a wait

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """Pauses between requests, in seconds. The defaults are those of yt-dlp's `-t sleep` preset.

    YouTube allows a guest about 300 videos an hour and an account about 2,000
    (yt-dlp wiki, "Extractors"); 10 to 20 s between videos stay below the former.
    """

    request_seconds: float = 0.75  # between any two requests
    captions_seconds: float = 5.0  # between two requests for captions
    video_min_seconds: float = 10.0  # between the starts of two videos, drawn evenly ...
    video_max_seconds: float = 20.0  # ... up to this
    backoff_first_seconds: float = 15.0  # above 0; doubles with each further refusal
    backoff_total_seconds: float = 3600.0  # YouTube lifts most limits within an hour

    def __post_init__(self) -> None:
        if not 0 <= self.video_min_seconds <= self.video_max_seconds:
            raise ValueError(f"need 0 <= video_min_seconds <= video_max_seconds, got {self}")
        if min(self.request_seconds, self.captions_seconds) < 0 or self.backoff_total_seconds < 0:
            raise ValueError(f"pauses cannot be negative, got {self}")
        if self.backoff_first_seconds <= 0:  # zero doubled stays zero: it would retry for ever
            raise ValueError(f"backoff_first_seconds must be above 0, got {self}")


class RateLimiter:
    """Spaces out the requests that all threads together send to a site. Thread-safe.

    Once it is stopped, by `stop`, `close` or a used-up back-off, each call raises a
    RateLimitedError with the reason: no request goes to a site that has refused for good.
    """

    def __init__(self, politeness: Politeness) -> None:
        self._politeness = politeness
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._refusal: RateLimitedError | None = None  # why it is stopped
        self._next_captions = 0.0
        self._next_request = 0.0  # all four on the clock of time.monotonic()
        self._next_video = 0.0
        self._blocked_until = 0.0
        self.refusals = 0  # in a row
        self._waited = 0.0  # seconds of back-off since something last succeeded

    def wait_for_video(self) -> None:
        """Wait until another video may be started."""
        with self._lock:
            start = max(time.monotonic(), self._next_video)
            low, high = self._politeness.video_min_seconds, self._politeness.video_max_seconds
            self._next_video = start + random.uniform(low, high)  # noqa: S311 (no secret)
        self._sleep_until(start)

    def wait_for_captions(self) -> None:
        """Wait until captions may be requested again."""
        with self._lock:
            start = max(time.monotonic(), self._next_captions)
            self._next_captions = start + self._politeness.captions_seconds
        self._sleep_until(start)

    def wait_for_request(self) -> None:
        """Wait until another request may be sent."""
        with self._lock:
            start = max(time.monotonic(), self._next_request)
            self._next_request = start + self._politeness.request_seconds
        self._sleep_until(start)
        while (until := self._blocked_until) > time.monotonic():  # other threads may prolong it
            self._sleep_until(until)

    def back_off(self, reason: str, retry_after_seconds: float = 0.0) -> None:
        """Count a refusal and hold every thread back for twice as long as the last time.

        Refusals that reach several threads at the same time count as one.

        Args:
            reason: What the site answered, for the log and the error.
            retry_after_seconds: The pause that the site asked for; the pause is at least this long.

        Raises:
            RateLimitedError: The time for back-off is used up; the limiter is stopped.
        """
        with self._lock:
            now = time.monotonic()
            if now >= self._blocked_until:
                pause = self._pause(reason, retry_after_seconds)
                self.refusals += 1
                self._waited += pause
                self._blocked_until = now + pause
                logger.warning("%s: waiting %.0f s before the next request", reason, pause)
            until = self._blocked_until
        self._sleep_until(until)

    def check(self) -> None:
        """Raise RateLimitedError if the limiter is stopped; never wait."""
        self._sleep_until(0.0)

    def succeeded(self) -> None:
        """Record that the site answered: the next refusal starts from a short pause."""
        with self._lock:
            self.refusals = 0
            self._waited = 0.0

    def stop(self, refusal: RateLimitedError) -> None:
        """Wake every waiting thread, and refuse all further calls with this reason."""
        if self._refusal is None:
            self._refusal = refusal
        self._stopped.set()

    def close(self) -> None:
        """Stop because the run is over."""
        self.stop(RateLimitedError("The run ended before this was requested; run it again."))

    def _pause(self, reason: str, retry_after_seconds: float) -> float:
        """Return how long to wait: doubling, with jitter so that threads do not return in step."""
        longest = self._politeness.backoff_first_seconds * 2**self.refusals
        pause = max(retry_after_seconds, random.uniform(longest / 2, longest))  # noqa: S311
        left = self._politeness.backoff_total_seconds - self._waited
        if left <= 0 or retry_after_seconds > left:
            refusal = RateLimitedError(
                f"{reason}, after waiting {self._waited:.0f} s in all. Wait an hour or use another "
                "network, then run the same command again: it continues where it stopped."
            )
            self.stop(refusal)
            raise refusal
        return min(pause, left)

    def _sleep_until(self, moment: float) -> None:
        while not self._stopped.is_set() and (left := moment - time.monotonic()) > 0:
            self._stopped.wait(min(left, SLICE_SECONDS))
        if self._stopped.is_set() and self._refusal:
            # A new one each time: threads that raise the same object mix up its traceback.
            raise RateLimitedError(str(self._refusal), final=self._refusal.final)
