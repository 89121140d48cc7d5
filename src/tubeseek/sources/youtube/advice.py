"""Says what a warning of yt-dlp means for a library, and what to do about it. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Advice:
    """What to tell the user when yt-dlp warns with these words."""

    words: str  # of yt-dlp, in any of its warnings or details
    text: str
    for_downloads: bool = False  # whether only who downloads videos needs to know


ADVICE = (
    Advice(
        "cookies are no longer valid",
        "YouTube no longer accepts the cookies: the browser has changed them since. Export them "
        "again from a private window that is then closed, or use --cookies-from-browser.",
    ),
    Advice(
        "No supported JavaScript runtime",
        "YouTube needs a JavaScript runtime, without which formats are missing and soon more; "
        "install deno (https://deno.com) or Node.js 22 or newer. `tubeseek doctor` checks it.",
    ),
    Advice(
        "challenge solving failed",
        "YouTube's script could not be run, so some formats are missing: update yt-dlp and "
        "yt-dlp-ejs (pip install -U 'yt-dlp[default]'). `tubeseek doctor` checks them.",
        for_downloads=True,
    ),
    Advice(
        "SABR",
        "YouTube hands out some videos as a stream (SABR) that yt-dlp cannot download; their "
        "storyboards are used. Update yt-dlp, or try without cookies.",
        for_downloads=True,
    ),
    Advice(
        "formats require a GVS PO Token",
        "YouTube wants a proof-of-origin (PO) token for some formats; install a PO-token provider "
        "for yt-dlp to get them. See docs/youtube.md.",
        for_downloads=True,
    ),
    Advice(
        "missing subtitles languages because a PO token",
        "YouTube withholds the captions of some videos for want of a proof-of-origin (PO) token; "
        "install a PO-token provider for yt-dlp to get them. See docs/youtube.md.",
    ),
)


def advice_on(message: str, *, downloads: bool) -> str:
    """Return what to tell the user of a message of yt-dlp, or "".

    Args:
        message: A warning or a detail that yt-dlp logs.
        downloads: Whether videos are downloaded.
    """
    return next(
        (
            advice.text
            for advice in ADVICE
            if advice.words in message and (downloads or not advice.for_downloads)
        ),
        "",
    )
