"""What YouTube says, as yt-dlp hands it on, and what it means for a library."""

import inspect
import io
import sys
from types import ModuleType

import pytest
import yt_dlp.extractor.common
import yt_dlp.extractor.youtube._video
from yt_dlp.networking import Response
from yt_dlp.networking.exceptions import HTTPError, TransportError
from yt_dlp.utils import DownloadError, ExtractorError, GeoRestrictedError, UserNotLive

from tubeseek.core.errors import RateLimitedError, SourceError, VideoUnavailableError
from tubeseek.sources.youtube.errors import translate

URL = "https://www.youtube.com/watch?v=aircAruvnKk"
HINT = (
    "Use --cookies-from-browser or --cookies for the authentication. See  "
    "https://github.com/yt-dlp/yt-dlp/wiki/FAQ#how-do-i-pass-cookies-to-yt-dlp  for how to "
    "manually pass cookies"
)


def as_raised(error: Exception) -> DownloadError:
    """The error as it leaves `YoutubeDL.extract_info`."""
    try:
        raise error
    except Exception:
        return DownloadError(f"ERROR: {error}", sys.exc_info())


def download_error(message: str) -> DownloadError:
    """What the site said, as yt-dlp's extractor for YouTube raises it."""
    return as_raised(ExtractorError(message, expected=True, video_id="aircAruvnKk", ie="youtube"))


def http_error(status: int, reason: str) -> HTTPError:
    return HTTPError(Response(io.BytesIO(b""), URL, {}, status, reason))


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        (
            "Private video. Sign in if you've been granted access to this video. " + HINT,
            "private",
        ),
        ("This video is private", "private"),
        (
            "Sign in to confirm your age. This video may be inappropriate for some users. " + HINT,
            "--cookies FILE",
        ),
        (
            "This video is age-restricted and only available on YouTube. Learn more",
            "--cookies FILE",
        ),
        (
            "Join this channel to get access to members-only content like this video, and other "
            "exclusive perks.",
            "members",
        ),
        (
            "This video is available to this channel's members on level: Assistant (or any higher "
            "level). Join this channel to get access to members-only content and other exclusive "
            "perks.",
            "members",
        ),
        ("This video is only available to Music Premium members", "Music Premium"),
        ("This video requires payment to watch.", "paid"),
        ("This video is DRM protected", "protected"),
        (
            "Video unavailable. This video contains content from SME, who has blocked it in your "
            "country on copyright grounds",
            "country",
        ),
        ("Video unavailable. This video has been removed by the uploader", "removed"),
        (
            "This video has been removed for violating YouTube's Terms of Service",
            "removed",
        ),
        (
            "Video unavailable. This video is no longer available because the YouTube account "
            "associated with this video has been terminated.",
            "account",
        ),
        (
            "Video unavailable. This video is no longer available due to a copyright claim by SME",
            "removed",
        ),
        ("This video does not exist.", "exist"),
        ("This live stream recording is not available.", "live stream"),
        ("Video unavailable", "available"),
    ],
)
def test_final_for_one_video(message: str, cause: str) -> None:
    error = translate(download_error(message), URL)
    assert isinstance(error, VideoUnavailableError)
    assert error.final
    assert str(error).startswith(URL)
    assert cause in str(error)


@pytest.mark.parametrize(
    "message",
    [
        "Premieres in 3 hours",
        "This live event will begin in 46 minutes.",
        "This live event will begin in a few moments.",
        "Premiere will begin shortly",
        "We're processing this video. Check back later.",
        "The page needs to be reloaded.",
        "Video unavailable. This content isn’t available.",
        "This video is not available",
        "This live event has ended.",
        "Video unavailable. This content isn't available, try again later",
        "Please sign in. " + HINT,
        "Something that nobody has seen yet",
    ],
)
def test_worth_another_try(message: str) -> None:
    error = translate(download_error(message), URL)
    assert isinstance(error, VideoUnavailableError)
    assert not error.final


@pytest.mark.parametrize(
    "message",
    [
        "Sign in to confirm you’re not a bot. " + HINT,
        "Sign in to confirm you're not a bot. This helps protect our community. Learn more",
        "Video unavailable. YouTube is requiring a captcha challenge before playback",
        "All player responses are invalid. Your IP is likely being blocked by Youtube",
    ],
)
def test_the_whole_site_refuses_for_good(message: str) -> None:
    error = translate(download_error(message), URL)
    assert isinstance(error, RateLimitedError)
    assert error.final
    assert "--cookies FILE" in str(error)


@pytest.mark.parametrize(
    "error",
    [
        download_error(
            "Video unavailable. This content isn't available, try again later. Your account has "
            "been rate-limited by YouTube for up to an hour. It is recommended to use `-t sleep`"
        ),
        as_raised(
            ExtractorError(
                "Unable to download API page", cause=http_error(429, "Too Many Requests")
            )
        ),
        http_error(429, "Too Many Requests"),
    ],
)
def test_the_whole_site_refuses_for_now(error: Exception) -> None:
    translated = translate(error, URL)
    assert isinstance(translated, RateLimitedError)
    assert not translated.final


@pytest.mark.parametrize(
    ("module", "words"),
    [
        (yt_dlp.extractor.youtube._video, "This content isn't available, try again later"),
        (yt_dlp.extractor.youtube._video, "has been rate-limited by YouTube for up to an hour"),
        (yt_dlp.extractor.youtube._video, "requiring a captcha challenge before playback"),
        (yt_dlp.extractor.youtube._video, "Your IP is likely being blocked by Youtube"),
        (yt_dlp.extractor.youtube._video, "not made this video available in your country"),
        (yt_dlp.extractor.common, "This video is DRM protected"),
    ],
)
def test_the_words_that_yt_dlp_itself_writes_are_still_the_same(
    module: ModuleType, words: str
) -> None:
    assert words in inspect.getsource(module)


def test_the_class_of_an_error_counts_where_its_words_say_nothing() -> None:
    blocked = translate(as_raised(GeoRestrictedError("Not here", countries=["KR"])), URL)
    offline = translate(as_raised(UserNotLive(video_id="x")), URL)
    assert isinstance(blocked, VideoUnavailableError)
    assert isinstance(offline, VideoUnavailableError)
    assert (blocked.final, offline.final) == (True, False)


@pytest.mark.parametrize(
    ("cause", "final"),
    [
        (http_error(404, "Not Found"), True),
        (http_error(410, "Gone"), True),
        (http_error(403, "Forbidden"), False),
        (http_error(503, "Service Unavailable"), False),
        (TransportError("Connection reset by peer"), False),
        (TimeoutError("timed out"), False),
    ],
)
def test_the_network(cause: Exception, final: bool) -> None:
    error = translate(as_raised(ExtractorError("Unable to download webpage", cause=cause)), URL)
    assert isinstance(error, VideoUnavailableError)
    assert error.final is final


def test_a_fault_in_yt_dlp_asks_for_an_update_and_for_no_bug_report() -> None:
    error = translate(as_raised(ExtractorError("Unable to extract title")), URL)
    assert isinstance(error, VideoUnavailableError)
    assert not error.final
    assert "pip install -U" in str(error)
    assert "report" not in str(error)


def test_an_error_of_ours_stays_what_it_is() -> None:
    ours = RateLimitedError("stop", final=True)
    assert translate(as_raised(ours), URL) is ours


def test_a_long_message_is_cut() -> None:
    assert len(str(translate(download_error("very " * 1000), URL))) < 400


def test_a_site_without_extractor_is_no_matter_of_one_video() -> None:
    error = translate(DownloadError("ERROR: No suitable extractor found for URL x"), "x")
    assert type(error) is SourceError
