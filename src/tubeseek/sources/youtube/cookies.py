"""Reads the cookies that a user lends, from a file or from a browser; they are never written."""

import re
from http.cookiejar import LoadError
from pathlib import Path
from typing import Any

from yt_dlp.cookies import (
    SUPPORTED_BROWSERS,
    SUPPORTED_KEYRINGS,
    YoutubeDLCookieJar,
    extract_cookies_from_browser,
)

from tubeseek.core.errors import ConfigError

# domain, whether with subdomains, path, whether https only, expiry, name, value; or a comment
_COOKIE_LINE = re.compile(
    r"\s*|#(?!HttpOnly_).*|[^\t]+(?:\t[^\t]*){3}\t(?:\d+(?:\.\d+)?)?(?:\t[^\t]*){2}"
)
# BROWSER[+KEYRING][:PROFILE][::CONTAINER], as yt-dlp writes it
_BROWSER = re.compile(
    r"(?P<name>[^+:]+)(?:\s*\+\s*(?P<keyring>[^:]+))?(?:\s*:\s*(?!:)(?P<profile>.+?))?"
    r"(?:\s*::\s*(?P<container>.+))?"
)


def read_cookies(path: Path | None, browser: str = "") -> YoutubeDLCookieJar:
    """Return the user's cookies; none if neither a file nor a browser is named.

    Args:
        path: A file in the Netscape format.
        browser: A browser of this machine, as `--cookies-from-browser` of yt-dlp names it.

    Raises:
        ConfigError: The cookies cannot be read, or both are named.
    """
    if path and browser:
        raise ConfigError("cookies come from a file or from a browser: give one of the two")
    if browser:
        return _of_browser(browser)
    return _of_file(path) if path else YoutubeDLCookieJar()


def _of_browser(text: str) -> YoutubeDLCookieJar:
    match = _BROWSER.fullmatch(text.strip())
    name = match["name"].strip().lower() if match else ""
    keyring = match["keyring"].strip().upper() if match and match["keyring"] else None
    if match is None or name not in SUPPORTED_BROWSERS:
        raise ConfigError(f"{text!r} is no browser; give {', '.join(sorted(SUPPORTED_BROWSERS))}")
    if keyring not in (None, *SUPPORTED_KEYRINGS):
        raise ConfigError(f"{keyring} is no keyring; give {', '.join(sorted(SUPPORTED_KEYRINGS))}")
    silence: Any = _Silence()
    options: dict[str, Any] = {"keyring": keyring, "container": match["container"]}
    try:
        return extract_cookies_from_browser(name, match["profile"], silence, **options)
    except Exception as error:  # browsers differ in all they can lack
        raise ConfigError(
            f"the cookies of {name} cannot be read ({error}); close the browser and try again, or "
            "export a cookies.txt from it and give that with --cookies"
        ) from error


def _of_file(path: Path) -> YoutubeDLCookieJar:
    """Read a cookies file. yt-dlp itself would write changes back to it."""
    jar = YoutubeDLCookieJar()
    advice = "export one in Netscape format (cookies.txt) from a browser that is signed in."
    try:
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
            # yt-dlp prints lines that it cannot read, with their secrets: refuse them before.
            if not _COOKIE_LINE.fullmatch(line):
                raise ConfigError(f"{path}, line {number} is not a cookie; {advice}")
        jar.load(str(path))
    except (LoadError, UnicodeDecodeError):  # `from None`: they quote what they cannot read
        raise ConfigError(f"{path} is not a cookies file; {advice}") from None
    except OSError as error:
        raise ConfigError(f"The cookies file cannot be read: {error}") from error
    return jar


class _Silence:
    """Drops what yt-dlp prints while it reads a browser: it may name accounts."""

    def debug(self, message: str) -> None: ...
    def info(self, message: str) -> None: ...
    def warning(self, message: str, only_once: bool = False) -> None: ...
    def error(self, message: str) -> None: ...

    def progress_bar(self) -> None:
        return None
