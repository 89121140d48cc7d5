"""Recognises channels, playlists, videos and searches of YouTube. Pure: no network, no yt-dlp."""

import re
from urllib.parse import parse_qs, urlsplit

# 64 bits in base64: ten free characters, and a last one that carries four bits only.
_VIDEO_ID = re.compile(r"[\w-]{10}[048AEIMQUYcgkosw]", re.ASCII)
_PLAYLIST_ID = re.compile(r"(?:PL|UU|OL|FL|RD)[\w-]{10,}", re.ASCII)
_CHANNEL_ID = re.compile(r"UC[\w-]{22}", re.ASCII)
_HANDLE = re.compile(r"@[\w.·-]{3,30}")  # letters of any script; YouTube allows . _ - ·
_SEARCH = re.compile(r"ytsearch(?:all|[1-9]\d*)?:.*\S.*", re.DOTALL)
_SCHEMELESS = re.compile(r"(?:[a-z]+\.)?(?:youtube\.com|youtu\.be)/.*", re.IGNORECASE)
_HOSTS = ("youtube.com", "youtube-nocookie.com")
_VIDEO_FOLDERS = ("shorts", "live", "embed", "v", "e")


def normalise(locator: str) -> str | None:
    """Return the form of a locator that `YouTubeSource.list` takes; None if it is not for it.

    A `watch` link that also names a playlist means the video: that is what its reader was
    looking at. A URL of another site is returned unchanged: yt-dlp may support that site.
    A folder may have a name like a video id, so check the file system first.

    >>> normalise("https://www.youtube.com/@3blue1brown/featured")
    'https://www.youtube.com/@3blue1brown'
    >>> normalise("@3blue1brown")
    'https://www.youtube.com/@3blue1brown'
    >>> normalise("https://m.youtube.com/channel/UCYO_jab_esuFRV4b17AJtAw/shorts?view=0")
    'https://www.youtube.com/channel/UCYO_jab_esuFRV4b17AJtAw/shorts'
    >>> normalise("https://www.youtube.com/playlist?list=PLZHQObOWTQDNU6R1_67000Dx_ZCJB-3pi&si=x")
    'https://www.youtube.com/playlist?list=PLZHQObOWTQDNU6R1_67000Dx_ZCJB-3pi'
    >>> normalise("https://www.youtube.com/watch?v=aircAruvnKk&list=PLZHQObOWTQDNU6R1_67000Dx&t=9")
    'https://www.youtube.com/watch?v=aircAruvnKk'
    >>> normalise("youtu.be/aircAruvnKk?si=share")
    'https://www.youtube.com/watch?v=aircAruvnKk'
    >>> normalise("https://www.youtube.com/shorts/aircAruvnKk")
    'https://www.youtube.com/watch?v=aircAruvnKk'
    >>> normalise("aircAruvnKk")
    'https://www.youtube.com/watch?v=aircAruvnKk'
    >>> normalise("ytsearch20:고양이 피아노")
    'ytsearch20:고양이 피아노'
    >>> normalise("https://vimeo.com/76979871")
    'https://vimeo.com/76979871'
    >>> normalise("/home/me/videos") is None and normalise("cats") is None
    True
    """
    locator = locator.strip()
    if _SEARCH.fullmatch(locator):
        return locator
    if _HANDLE.fullmatch(locator):
        return f"https://www.youtube.com/{locator}"
    if _CHANNEL_ID.fullmatch(locator):
        return f"https://www.youtube.com/channel/{locator}"
    if _VIDEO_ID.fullmatch(locator):
        return video_url(locator)
    if _PLAYLIST_ID.fullmatch(locator):
        return f"https://www.youtube.com/playlist?list={locator}"
    if _SCHEMELESS.fullmatch(locator):
        locator = f"https://{locator}"
    try:
        parts = urlsplit(locator)
        host = (parts.hostname or "").lower()
    except ValueError:  # such as an unclosed bracket in the host
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    if host == "youtu.be" or any(host == own or host.endswith("." + own) for own in _HOSTS):
        return _youtube_url(host, parts.path, parse_qs(parts.query)) or locator
    return locator


def video_url(video_id: str) -> str:
    """Return the page of a YouTube video."""
    return f"https://www.youtube.com/watch?v={video_id}"


def _youtube_url(host: str, path: str, query: dict[str, list[str]]) -> str | None:
    """Return the canonical form of a YouTube page, or None for an unknown kind of page."""
    steps = [step for step in path.split("/") if step]
    video_id = query.get("v", [""])[0]
    if host == "youtu.be" and steps:
        video_id = steps[0]
    elif len(steps) == 2 and steps[0] in _VIDEO_FOLDERS:
        video_id = steps[1]
    if _VIDEO_ID.fullmatch(video_id):
        return video_url(video_id)
    if playlist := query.get("list", [""])[0]:
        return f"https://www.youtube.com/playlist?list={playlist}"
    if steps and steps[0].startswith("@"):
        length = 1
    elif len(steps) >= 2 and steps[0] in ("channel", "c", "user"):
        length = 2
    else:
        return None
    # A front page shows a selection: the channel itself, without a tab, is everything in it.
    tab = [step for step in steps[length : length + 1] if step not in ("featured", "about")]
    return "/".join(["https://www.youtube.com", *steps[:length], *tab])
