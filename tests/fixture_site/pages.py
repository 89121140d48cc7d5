"""What the fixture site answers: lists page by page, single videos, and refusals."""

from typing import Any

from tests.fixture_site import captions, storyboards, video_files
from tests.fixture_site.videos import TABS, Fault, FixtureVideo

CHANNEL_NAME = "Shapes and Colours"
_THUMBNAILS = ("hqdefault", "sddefault", "hq720", "maxresdefault")  # from worst to best

# YouTube's words, as they arrive in yt-dlp. The apostrophe of the bot check is a curly one.
_LOGIN_HINT = (
    "Use --cookies-from-browser or --cookies for the authentication. See  "
    "https://github.com/yt-dlp/yt-dlp/wiki/FAQ#how-do-i-pass-cookies-to-yt-dlp  for how to "
    "manually pass cookies"
)
REFUSALS = {
    Fault.PRIVATE: f"Private video. Sign in if you've been granted access to this video. "
    f"{_LOGIN_HINT}",
    Fault.REMOVED: "Video unavailable. This video has been removed by the uploader",
    Fault.TERMINATED: "Video unavailable. This video is no longer available because the YouTube "
    "account associated with this video has been terminated.",
    Fault.AGE: "Sign in to confirm your age. This video may be inappropriate for some users. "
    f"{_LOGIN_HINT}",
    Fault.GEO: "The uploader has not made this video available in your country",
    Fault.MEMBERS: "Join this channel to get access to members-only content like this video, and "
    "other exclusive perks.",
    Fault.UPCOMING: "Premieres in 3 hours",
    Fault.BOT_CHECK: f"Sign in to confirm you’re not a bot. {_LOGIN_HINT}",
    Fault.TRY_LATER: "Video unavailable. This content isn't available, try again later. The "
    "current session has been rate-limited by YouTube for up to an hour.",
}


def list_page(
    base: str, videos: list[FixtureVideo], page: int, size: int, *, hidden: bool
) -> dict[str, Any]:
    """One page of a list: its entries and whether there is another.

    Args:
        base: Address of the site.
        videos: The whole list.
        page: From 1 on.
        size: Entries on a page.
        hidden: Whether what is private or removed stands there without its title, as in playlists.
    """
    start = (page - 1) * size
    return {
        "entries": [_entry(base, video, hidden=hidden) for video in videos[start : start + size]],
        "more": start + size < len(videos),
    }


def channel_page(base: str, name: str, videos: list[FixtureVideo]) -> dict[str, Any]:
    """What a channel says of itself."""
    return {
        "id": channel_id(name),
        "channel_id": channel_id(name),
        "channel": CHANNEL_NAME,
        "title": CHANNEL_NAME,
        "tabs": [tab for tab in TABS if any(video.tab == tab for video in videos)],
        "url": f"{base}/channel/{name}",
    }


def channel_id(name: str) -> str:
    """The id of a channel by its name in addresses."""
    return f"UC{name:x<22}"


def video_page(base: str, name: str, video: FixtureVideo) -> dict[str, Any]:
    """All that is known of one video, or why it is refused."""
    if refusal := REFUSALS.get(video.fault):
        return {"error": refusal, "geo": video.fault is Fault.GEO}
    return {
        "id": video.id,
        "title": video.title,
        "description": video.description,
        "channel": CHANNEL_NAME,
        "channel_id": channel_id(name),
        "duration": video.duration_seconds,
        "view_count": video.views,
        "upload_date": video.published.strftime("%Y%m%d"),
        "timestamp": int(video.published.timestamp()),
        "categories": ["Education"],
        "tags": video.tags,
        "language": "en",
        "chapters": video.chapters(),
        "heatmap": video.heatmap(),
        **captions.tracks(base, video.id, video.captions),
        "live_status": "was_live" if video.tab == "streams" else "not_live",
        "media_type": "short" if video.tab == "shorts" else "video",
        "webpage_url": f"{base}/watch?v={video.id}",
        "thumbnails": [
            {"url": _picture_url(base, video, kind), "preference": rank}
            for rank, kind in enumerate(_THUMBNAILS)
        ],
        "formats": [
            *video_files.formats(base, video),
            *storyboards.formats(base, video),
        ],
    }


def _entry(base: str, video: FixtureVideo, *, hidden: bool) -> dict[str, Any]:
    """A line in a list. Like YouTube's, it leaves out the channel and rounds the date to months."""
    link = f"{base}/watch?v={video.id}"
    if hidden and video.fault in (Fault.PRIVATE, Fault.REMOVED):
        kind = "Private" if video.fault is Fault.PRIVATE else "Deleted"
        return {"id": video.id, "url": link, "title": f"[{kind} video]"}
    return {
        "id": video.id,
        "url": f"{base}/shorts/{video.id}" if video.tab == "shorts" else link,
        "title": video.title,
        "duration": video.duration_seconds,
        "view_count": video.views,
        "timestamp": int(video.published.replace(day=1).timestamp()),
        "live_status": "was_live" if video.tab == "streams" else None,
        "thumbnails": [
            {"url": _picture_url(base, video, "hqdefault"), "width": 480, "height": 360}
        ],
    }


def _picture_url(base: str, video: FixtureVideo, kind: str) -> str:
    version = f"?v={video.picture_version}" if video.picture_version else ""
    return f"{base}/vi/{video.id}/{kind}.jpg{version}"
