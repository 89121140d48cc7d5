"""Recognises channels, playlists, videos and searches of YouTube. Pure: no network, no yt-dlp."""

import re
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

# 64 bits in base64: ten free characters, and a last one that carries four bits only.
_VIDEO_ID = re.compile(r"[\w-]{10}[048AEIMQUYcgkosw]", re.ASCII)
_PLAYLIST_ID = re.compile(r"(?:PL|UU|OL|FL|RD)[\w-]{10,}", re.ASCII)
_CHANNEL_ID = re.compile(r"UC[\w-]{22}", re.ASCII)
# Letters of any script and . _ - ·; at least three of them, of Hangul, kana and Han at least one.
_HANDLE = re.compile(r"@(?:[\w.·-]{3,30}|(?=.*[^\W\d_a-zA-Z])[\w.·-]{1,2})")
_SEARCH = re.compile(r"ytsearch(?:all|[1-9]\d*)?:.*\S.*", re.DOTALL)
_SCHEMELESS = re.compile(
    r"(?:[a-z]+\.)?(?:youtube\.com|youtubekids\.com|youtu\.be)/.*", re.IGNORECASE
)
_HOSTS = ("youtube.com", "youtube-nocookie.com", "youtubekids.com", "youtube.googleapis.com")
_MUSIC = "music.youtube.com"
_SITE = "https://www.youtube.com"
_WATCH = f"{_SITE}/watch?v="
_VIDEO_FOLDERS = ("shorts", "live", "embed", "v", "e", "w", "watch")
_CHANNEL_FOLDERS = ("channel", "c", "user")
_FRONT_TABS = ("featured", "about", "home")  # of a channel, with a selection of its videos
_VIDEO_TABS = ("videos", "streams", "shorts")
_PLAYLIST_TABS = ("playlists", "podcasts", "releases", "courses")
_NO_CHANNEL = re.compile(  # first steps of paths that are no channel's own address
    r"about|account|ads|attribution_link|browse|clip|creators|e|embed|error|explore|feeds?|gaming|"
    r"get_video_info|hashtag|iframe_api|index|kids|live|logout|movies|music|oembed|oops|playlist|"
    r"podcasts|post|premium|pub|redirect|results|s|search|shared|shorts|show|signin|source|sports|"
    r"storefront|t|trending|tv|upload|v|w|watch|watch_popup|.*\..*",
    re.IGNORECASE,
)
_SELECTION = re.compile(
    r"ytsearch|https://(?:www|music)\.youtube\.com/"
    r"(?:results\?|search\?|hashtag/|feed/|playlist\?list=RD|(?:[^?]+/)?search\?|$)"
)


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
    >>> normalise("https://m.youtube.com/results?search_query=cats&sp=EgIQAQ%253D%253D")
    'https://www.youtube.com/results?search_query=cats&sp=EgIQAQ%253D%253D'
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
        return f"{_SITE}/{locator}"
    if _CHANNEL_ID.fullmatch(locator):
        return f"{_SITE}/channel/{locator}"
    if _VIDEO_ID.fullmatch(locator):
        return video_url(locator)
    if _PLAYLIST_ID.fullmatch(locator):
        return _playlist_url(locator)
    if _SCHEMELESS.fullmatch(locator):
        locator = f"https://{locator}"
    try:
        parts = urlsplit(locator)
        host = (parts.hostname or "").lower()
    except ValueError:  # such as an unclosed bracket in the host
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    if is_youtube_host(host):
        return _youtube_url(host, parts.path, parse_qs(parts.query)) or locator
    return locator


def is_youtube_host(host: str) -> bool:
    """Return whether a host name, in lower case, is one of YouTube's."""
    return host == "youtu.be" or any(host == own or host.endswith("." + own) for own in _HOSTS)


def is_youtube(url: str) -> bool:
    """Return whether an address that `normalise` returned is on YouTube."""
    return url.startswith("ytsearch") or is_youtube_host((urlsplit(url).hostname or "").lower())


def is_video(url: str) -> bool:
    """Return whether an address means one YouTube video, in whatever form."""
    return (normalise(url) or "").startswith(_WATCH)


def is_tab(url: str) -> bool:
    """Return whether an address means the videos, streams or shorts of a channel.

    >>> is_tab("https://www.youtube.com/@3blue1brown/streams"), is_tab("@3blue1brown")
    (True, False)
    """
    return _last_step(url) in _VIDEO_TABS


def lists_playlists(url: str) -> bool:
    """Return whether an address means the playlists, podcasts or releases of a channel."""
    return _last_step(url) in _PLAYLIST_TABS


def is_selection(url: str) -> bool:
    """Return whether an address means a search, a feed or a mix, which change with each look.

    >>> is_selection("ytsearch20:cats"), is_selection("https://www.youtube.com/@3blue1brown")
    (True, False)
    """
    return bool(_SELECTION.match(url))


def video_url(video_id: str) -> str:
    """Return the page of a YouTube video."""
    return f"{_WATCH}{video_id}"


def _playlist_url(playlist_id: str) -> str:
    return f"{_SITE}/playlist?list={playlist_id}"


def _last_step(url: str) -> str:
    canonical = normalise(url) or ""
    return urlsplit(canonical).path.rpartition("/")[2] if is_youtube(canonical) else ""


def _youtube_url(host: str, path: str, query: dict[str, list[str]]) -> str | None:
    """Return the canonical form of a YouTube page, or None for an unknown kind of page."""
    steps = [step for step in path.split("/") if step]
    first = steps[0] if steps else ""
    value = {name: values[0] for name, values in query.items()}
    for link in ("continue", "u"):  # of the consent page, and of a shared attribution link
        if link in value and first in ("m", "attribution_link"):
            target = normalise(f"{_SITE}{value[link]}" if value[link][0] == "/" else value[link])
            return target if target and is_youtube(target) else None
    if first == "embed" and steps[1:] == ["live_stream"] and "channel" in value:
        return f"{_SITE}/channel/{value['channel']}/live"
    if video_id := _video_id(host, steps, value):
        return video_url(video_id)
    words = value.get("search_query") or value.get("q")
    if words and first in ("results", "search"):
        return _search_url(host, words, value)
    if playlist := value.get("list"):
        return _playlist_url(playlist)
    if first in ("hashtag", "clip", "feed") and len(steps) == 2:
        return f"{_SITE}/{first}/{steps[1]}"
    return None if host == _MUSIC and first == "browse" else _channel_url(host, steps, value)


def _video_id(host: str, steps: list[str], value: dict[str, str]) -> str | None:
    candidate = value.get("v") or value.get("vi") or ""
    if host == "youtu.be" and steps:
        candidate = steps[0]
    elif len(steps) >= 2 and steps[0] in _VIDEO_FOLDERS:
        candidate = steps[1]
    is_id = _VIDEO_ID.fullmatch(candidate) and candidate != "videoseries"
    return candidate if is_id else None


def _search_url(host: str, words: str, value: dict[str, str]) -> str:
    """Return the results of a search with its filters, which are in `sp`."""
    filters = {"sp": value["sp"]} if "sp" in value else {}
    if host == _MUSIC:
        return f"https://{_MUSIC}/search?{urlencode({'q': words} | filters)}"
    return f"{_SITE}/results?{urlencode({'search_query': words} | filters)}"


def _channel_url(host: str, steps: list[str], value: dict[str, str]) -> str | None:
    """Return the address of a channel, or of the tab of it that is asked for."""
    if not steps or host == "youtu.be":
        return None
    handle = unquote(steps[0])
    if handle.startswith("@"):
        steps = [handle if _HANDLE.fullmatch(handle) else steps[0], *steps[1:]]
        length = 1
    elif steps[0] in _CHANNEL_FOLDERS:
        if len(steps) < 2:
            return None
        length = 2
    elif not _NO_CHANNEL.fullmatch(steps[0]):
        length = 1  # an old custom address, such as youtube.com/GoogleDevelopers
    else:
        return None
    tab = steps[length : length + 1]
    if tab == ["search"] and value.get("query"):
        words = urlencode({"query": value["query"]})
        return "/".join([_SITE, *steps[:length], f"search?{words}"])
    # A front page shows a selection: the channel itself, without a tab, is everything in it.
    return "/".join([_SITE, *steps[:length], *(step for step in tab if step not in _FRONT_TABS)])
