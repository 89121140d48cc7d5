"""How fast a site may be asked, and what to do when it says "not so fast"."""

import logging
import random
import threading
import time
from dataclasses import dataclass

from tubeseek.core.errors import RateLimitedError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """Pauses between requests, in seconds. The defaults are those of yt-dlp's `-t sleep` preset.

    YouTube lets a guest look at about 300 videos an hour and an account at about 2,000
    (yt-dlp wiki, "Extractors"); 10 to 20 s between videos stay below the former.
    """

    request_seconds: float = 0.75  # between any two requests
    video_min_seconds: float = 10.0  # between the starts of two videos, drawn evenly ...
    video_max_seconds: float = 20.0  # ... up to this
    backoff_first_seconds: float = (
        15.0  # above 0; after the first refusal; doubles with each further one
    )
    backoff_total_seconds: float = 3600.0  # YouTube lifts most limits within an hour

    def __post_init__(self) -> None:
        if not 0 <= self.video_min_seconds <= self.video_max_seconds:
            raise ValueError(f"need 0 <= video_min_seconds <= video_max_seconds, got {self}")
        if self.request_seconds < 0 or self.backoff_total_seconds < 0:
            raise ValueError(f"pauses cannot be negative, got {self}")
        if self.backoff_first_seconds <= 0:  # zero doubled stays zero: it would ask for ever
            raise ValueError(f"backoff_first_seconds must be above 0, got {self}")


class RateLimiter:
    """Spaces out what all threads together ask of one site. Thread-safe.

    Once it is stopped, by `stop`, `close` or patience used up, each call raises the
    RateLimitedError that says why: no thread asks a site that has refused for good.
    """

    def __init__(self, politeness: Politeness) -> None:
        self._politeness = politeness
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._refusal: RateLimitedError | None = None  # why it is stopped
        self._next_request = 0.0  # all three on the clock of time.monotonic()
        self._next_video = 0.0
        self._blocked_until = 0.0
        self._refusals = 0
        self._waited = 0.0  # seconds of back-off since something last succeeded

    def wait_for_video(self) -> None:
        """Returns when another video may be started."""
        with self._lock:
            start = max(time.monotonic(), self._next_video)
            low, high = self._politeness.video_min_seconds, self._politeness.video_max_seconds
            self._next_video = start + random.uniform(low, high)  # noqa: S311 (no secret)
        self._sleep_until(start)

    def wait_for_request(self) -> None:
        """Returns when another request may be sent."""
        with self._lock:
            start = max(time.monotonic(), self._next_request)
            self._next_request = start + self._politeness.request_seconds
        self._sleep_until(start)
        while (until := self._blocked_until) > time.monotonic():  # other threads may prolong it
            self._sleep_until(until)

    def back_off(self, reason: str, retry_after_seconds: float = 0.0) -> None:
        """Counts a refusal and holds every thread back for twice as long as the last time.

        Refusals that reach several threads at the same time count as one.

        Args:
            reason: What the site said, for the log and the error.
            retry_after_seconds: What the site asked for; a shorter pause is made this long.

        Raises:
            RateLimitedError: The time for waiting is used up; the limiter is stopped.
        """
        with self._lock:
            now = time.monotonic()
            if now >= self._blocked_until:
                pause = self._pause(reason, retry_after_seconds)
                self._refusals += 1
                self._waited += pause
                self._blocked_until = now + pause
                logger.warning("%s: waiting %.0f s before asking again", reason, pause)
            until = self._blocked_until
        self._sleep_until(until)

    def check(self) -> None:
        """Returns at once; raises RateLimitedError if it is stopped."""
        self._sleep_until(0.0)

    def succeeded(self) -> None:
        """Says that the site served something: the next refusal starts from a short pause."""
        with self._lock:
            self._refusals = 0
            self._waited = 0.0

    def stop(self, refusal: RateLimitedError) -> None:
        """Wakes every waiting thread, and lets none through any more."""
        if self._refusal is None:
            self._refusal = refusal
        self._stopped.set()

    def close(self) -> None:
        """Stops because the run is over."""
        self.stop(RateLimitedError("The run ended before this was asked for; run it again."))

    def _pause(self, reason: str, retry_after_seconds: float) -> float:
        """How long to wait now: doubling, with jitter so that workers do not return in step."""
        longest = self._politeness.backoff_first_seconds * 2**self._refusals
        pause = max(retry_after_seconds, random.uniform(longest / 2, longest))  # noqa: S311
        left = self._politeness.backoff_total_seconds - self._waited
        if left <= 0 or retry_after_seconds > left:
            refusal = RateLimitedError(
                f"{reason}, after waiting {self._waited:.0f} s in all. Wait an hour or use another "
                "network, then run the same command again: it goes on where it stopped."
            )
            self.stop(refusal)
            raise refusal
        return min(pause, left)

    def _sleep_until(self, moment: float) -> None:
        if self._stopped.wait(max(0.0, moment - time.monotonic())) and self._refusal:
            # A new one each time: threads that raise the same object mix up its traceback.
            raise RateLimitedError(str(self._refusal), final=self._refusal.final)
