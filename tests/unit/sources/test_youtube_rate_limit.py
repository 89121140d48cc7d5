"""Pauses between requests, most of them on a real clock in milliseconds."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tubeseek.core.errors import RateLimitedError
from tubeseek.sources.youtube.rate_limit import Politeness, RateLimiter


def make(
    request: float = 0, video: float = 0, first: float = 0.01, total: float = 1.0
) -> RateLimiter:
    return RateLimiter(
        Politeness(
            request_seconds=request,
            video_min_seconds=video,
            video_max_seconds=video,
            backoff_first_seconds=first,
            backoff_total_seconds=total,
        )
    )


def record_pauses(limiter: RateLimiter, pauses: list[float]) -> None:
    """Back off until the limiter gives up."""
    while True:
        start = time.monotonic()
        limiter.back_off("The site says no")
        pauses.append(time.monotonic() - start)


def test_defaults_are_those_of_the_sleep_preset() -> None:
    from yt_dlp.options import _PRESET_ALIASES

    preset = dict(zip(*[iter(_PRESET_ALIASES["sleep"])] * 2, strict=True))
    assert (
        Politeness().request_seconds,
        Politeness().captions_seconds,
        Politeness().video_min_seconds,
        Politeness().video_max_seconds,
    ) == tuple(
        float(preset[name])
        for name in (
            "--sleep-requests",
            "--sleep-subtitles",
            "--sleep-interval",
            "--max-sleep-interval",
        )
    )


def test_requests_of_all_threads_are_spaced_out() -> None:
    limiter = make(request=0.01)
    start = time.monotonic()
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _: limiter.wait_for_request(), range(11)))
    assert time.monotonic() - start >= 0.1  # eleven requests have ten pauses


class Clock:
    """A clock that stands still until somebody waits on it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.now += seconds
        return False


def test_the_first_video_need_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("tubeseek.sources.youtube.rate_limit.time", clock)
    limiter = make(video=600)
    monkeypatch.setattr(limiter._stopped, "wait", clock.wait)
    starts = []
    for _ in range(3):
        limiter.wait_for_video()
        starts.append(clock.now)
    assert starts == [1000, 1600, 2200]


def test_pauses_double_until_the_time_is_used_up() -> None:
    limiter = make(first=0.02, total=0.1)
    pauses: list[float] = []
    with pytest.raises(RateLimitedError, match="0 s") as caught:
        record_pauses(limiter, pauses)
    assert not caught.value.final
    assert sum(pauses) >= 0.1
    # Between half and all of 20, 40, 80 ms, cut where 100 ms are full: three or four pauses.
    assert len(pauses) in (3, 4)
    assert pauses[0] >= 0.01
    assert pauses[1] >= 0.02


def test_a_success_makes_the_next_pause_short_again() -> None:
    limiter = make(first=0.01, total=0.05)
    for _ in range(10):  # twice as long as the patience, were it not renewed
        limiter.back_off("The site says no")
        limiter.succeeded()


def test_refusals_at_the_same_time_count_once(caplog: pytest.LogCaptureFixture) -> None:
    limiter = make(first=0.2, total=100)
    with caplog.at_level(logging.WARNING), ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: limiter.back_off("The site says no"), range(8)))
    assert len(caplog.records) == 1


def test_a_refusal_holds_back_the_other_threads() -> None:
    limiter = make(first=0.1)
    with ThreadPoolExecutor(1) as pool:
        refused = pool.submit(limiter.back_off, "The site says no")
        time.sleep(0.02)
        start = time.monotonic()
        limiter.wait_for_request()
        waited = time.monotonic() - start
        refused.result()
    assert waited >= 0.02  # the pause lasts at least 50 ms, 20 of which went by (and a margin)


def test_what_the_site_asks_for_is_the_least() -> None:
    limiter = make(first=0.001)
    start = time.monotonic()
    limiter.back_off("The site says no", retry_after_seconds=0.05)
    assert time.monotonic() - start >= 0.05


def test_once_stopped_nothing_gets_through() -> None:
    limiter = make()
    limiter.stop(RateLimitedError("a bot check", final=True))
    for call in (limiter.wait_for_request, limiter.wait_for_video):
        with pytest.raises(RateLimitedError) as caught:
            call()
        assert caught.value.final


@pytest.mark.parametrize(
    "wrong",
    [
        {"request_seconds": -1},
        {"video_min_seconds": 30, "video_max_seconds": 20},
        {"backoff_first_seconds": 0},
        {"backoff_total_seconds": -1},
    ],
)
def test_pauses_that_cannot_be(wrong: dict[str, float]) -> None:
    [*_, (name, value)] = wrong.items()
    with pytest.raises(ValueError, match=f"{name}={value}"):
        Politeness(**wrong)
