"""Translates yt-dlp's errors into those of tubeseek.

yt-dlp reports a site's answers as text only, so they are recognised by their wording: that of
YouTube's English pages, which yt-dlp requests.
"""

from dataclasses import dataclass

from yt_dlp.networking.exceptions import HTTPError, TransportError
from yt_dlp.utils import (
    DownloadError,
    ExtractorError,
    GeoRestrictedError,
    UnsupportedError,
    UserNotLive,
)

from tubeseek.core.errors import RateLimitedError, SourceError, VideoUnavailableError
from tubeseek.core.installation import package_command

UPDATE_ADVICE = f"update yt-dlp ({package_command('-U', 'yt-dlp[default]')}) and try again"
_SIGN_IN = "shown only to who is signed in; needs --cookies FILE or --cookies-from-browser BROWSER"
_BOT_ADVICE = (
    "Stop for some hours; then index fewer videos at a time, or give the cookies of a browser that "
    "is signed in (--cookies FILE or --cookies-from-browser BROWSER)."
)
_LONGEST_QUOTE = 200  # characters of a site's own words that go into a message
TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a message that contains `words` means (lower case, straight apostrophes)."""

    words: str
    reason: str
    final: bool = True
    whole_site: bool = False  # the site refuses us, not just this video


# The first match counts: "Private video. Sign in if ..." must not be read as a bot check.
_RULES = (
    _Rule("not a bot", "YouTube takes this computer for a bot", whole_site=True),
    _Rule("captcha challenge", "YouTube asks for a captcha", whole_site=True),
    _Rule("your ip is likely being blocked", "YouTube blocks this network", whole_site=True),
    _Rule("rate-limited by", "YouTube's limit is reached", final=False, whole_site=True),
    _Rule("too many requests", "the site's limit is reached", final=False, whole_site=True),
    _Rule("private video", "private"),
    _Rule("video is private", "private"),
    _Rule("age-restricted", "age-limited; needs --cookies FILE of an adult's account"),
    _Rule("confirm your age", "age-limited; needs --cookies FILE of an adult's account"),
    _Rule(
        "inappropriate for some users", "age-limited; needs --cookies FILE of an adult's account"
    ),
    _Rule("members-only", "for members of the channel only"),
    _Rule("channel's members", "for members of the channel only"),
    _Rule("music premium members", "for Music Premium members only"),
    _Rule("requires payment", "must be paid for"),
    _Rule("drm protected", "copy-protected"),
    _Rule("in your country", "blocked in this country"),
    _Rule("geo restrict", "blocked in this country"),
    _Rule("geo-restrict", "blocked in this country"),
    _Rule("please sign in", _SIGN_IN, final=False),
    _Rule("login required", _SIGN_IN, final=False),
    _Rule("try again later", "not available at the moment", final=False),
    _Rule("account associated with this video has been terminated", "removed with its account"),
    _Rule("has been removed", "removed"),
    _Rule("no longer available", "removed"),
    _Rule("does not exist", "does not exist"),
    _Rule("deleted video", "removed"),
    _Rule("live stream recording is not available", "a live stream that was not kept"),
    _Rule("this live event will begin", "not broadcast yet", final=False),
    _Rule("premieres in", "not broadcast yet", final=False),
    _Rule("premiere will begin", "not broadcast yet", final=False),
    _Rule("not currently live", "not live now", final=False),
    _Rule("live event has ended", "the recording is not ready yet", final=False),
    _Rule("processing this video", "still being processed", final=False),
    _Rule("page needs to be reloaded", "YouTube's answer cannot be read by yt-dlp", final=False),
    _Rule("content isn't available", "not available at the moment", final=False),
    _Rule("video is not available", "not available at the moment", final=False),
    _Rule("video unavailable", "not available"),
)


def translate(error: Exception, url: str) -> SourceError:
    """Return the error that says what happened to `url` and what to do; raise it `from error`.

    The response that an HTTP error carries is closed: yt-dlp leaves that to its caller.

    Args:
        error: Whatever a call of yt-dlp raised.
        url: The address that was requested.
    """
    error = _innermost(error)
    if isinstance(error, SourceError):  # tubeseek's own error, passed through by yt-dlp
        return error
    cause = error.cause if isinstance(error, ExtractorError) else error
    status = _http_status(cause)
    text = plain_words(error)
    folded = text.lower().replace("’", "'")
    if status == TOO_MANY_REQUESTS:
        return RateLimitedError(
            f"{url}: the site's limit is reached. Wait an hour, then run the same command again."
        )
    for rule in _RULES:
        if rule.words in folded:
            return _apply(rule, url)
    if isinstance(error, GeoRestrictedError):
        return VideoUnavailableError(f"{url}: blocked in this country", final=True)
    if isinstance(error, UserNotLive):
        return VideoUnavailableError(f"{url}: not live now", final=False)
    if isinstance(error, UnsupportedError) or "no suitable extractor" in folded:
        return SourceError(
            f"{url}: yt-dlp does not support this site; give a page with a video or a list."
        )
    if status in (404, 410) and not _is_of_api(cause):
        return VideoUnavailableError(f"{url}: does not exist (HTTP {status})", final=True)
    if status is not None or isinstance(cause, (TransportError, OSError)):
        return VideoUnavailableError(f"{url}: {text}; try again later", final=False)
    if isinstance(error, ExtractorError) and error.expected:
        return VideoUnavailableError(f"{url}: {text}", final=False)
    return VideoUnavailableError(
        f"{url}: yt-dlp cannot read it: {text}; {UPDATE_ADVICE}", final=False
    )


def _apply(rule: _Rule, url: str) -> SourceError:
    if not rule.whole_site:
        return VideoUnavailableError(f"{url}: {rule.reason}", final=rule.final)
    if rule.final:
        return RateLimitedError(f"{url}: {rule.reason}. {_BOT_ADVICE}", final=True)
    return RateLimitedError(f"{url}: {rule.reason}. Wait an hour, then run the same command again.")


def _innermost(error: Exception) -> Exception:
    """Return the error that yt-dlp wrapped: `DownloadError` only adds "ERROR: " to its text."""
    if isinstance(error, DownloadError) and error.exc_info:
        inner = error.exc_info[1]
        if isinstance(inner, Exception) and not isinstance(inner, DownloadError):
            return inner
    return error


def plain_words(error: Exception) -> str:
    """Return the message without "ERROR:", "[youtube] ID:" and the request to report a bug."""
    error = _innermost(error)
    text = error.orig_msg if isinstance(error, ExtractorError) else str(error)
    text = " ".join(text.removeprefix("ERROR: ").split("; please report this issue")[0].split())
    return (text[:_LONGEST_QUOTE] + "…") if len(text) > _LONGEST_QUOTE else text or repr(error)


def _http_status(cause: object) -> int | None:
    if not isinstance(cause, HTTPError):
        return None
    cause.close()
    return cause.status


def _is_of_api(cause: object) -> bool:
    """Return whether YouTube's own interface answered: its 404 may pass, and names no video."""
    return isinstance(cause, HTTPError) and "/youtubei/" in (cause.response.url or "")
