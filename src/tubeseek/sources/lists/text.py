"""Reads lists in text (an address a line, yt-dlp's archive) and in markup (OPML, HTML)."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tubeseek.core.errors import ItemError
from tubeseek.core.text_files import Line, text_lines
from tubeseek.core.types import Video
from tubeseek.sources.lists.entries import Entries, Place, entry_of, is_on_youtube

_COMMENTS = ("#", ";", "]")  # as in the batch files of yt-dlp
_ARCHIVED = re.compile(r"(?P<site>[a-z0-9:+_.-]+) (?P<id>\S+)")
_ADDRESS = re.compile(r"https?://\S+")
_MOST_TAG_CHARACTERS = 8_000
_TAG = re.compile(
    r"<(?P<tag>outline|a)\b(?P<attributes>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)>(?P<text>[^<]{0,300})",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def line_entries(path: Path) -> Entries:
    """Yield what the lines of a text file name; an address may stand among other words."""
    with path.open("rb") as file:
        for line in text_lines(file):
            text = re.split(r"\s#", line.text.strip(), maxsplit=1)[0].strip("\ufeff \t\r\n,")
            if text and not text.startswith(_COMMENTS):
                yield _entry_of_line(path, line, text)


def _entry_of_line(path: Path, line: Line, text: str) -> Video | Place | Exception:
    at = f"{path.name}, line {line.number}"
    archived = _ARCHIVED.fullmatch(text)
    if archived and archived["site"] == "youtube" and (entry := entry_of(archived["id"])):
        return entry
    if entry := entry_of(text):
        return entry
    if (address := _ADDRESS.search(text)) and (entry := entry_of(address[0].rstrip(").,>\"'"))):
        return entry
    return ItemError(
        f"{at}: {text:.80} names nothing on YouTube; it is left out",
        group=f"{path.name}: unknown lines",
    )


def markup_entries(path: Path) -> Entries:
    """Yield what the links of an OPML or HTML file lead to on YouTube.

    Channels and playlists count only in OPML, or if there is no video: beside each video that was
    watched, Google Takeout's history links its channel.
    """
    places: dict[Place, None] = {}
    has_videos = False
    for tag, attributes, text in _links(path):
        title = attributes.get("title") or attributes.get("text") or text.strip()
        for name in ("xmlurl", "htmlurl", "href", "url"):
            address = _of_feed(attributes.get(name, ""))
            entry = entry_of(address, title) if address and is_on_youtube(address) else None
            if isinstance(entry, Video):
                has_videos = True
                yield entry
                break
            if entry and tag == "outline":
                yield entry
                break
            if entry:
                places[entry] = None
    if not has_videos:
        yield from places


def _links(path: Path) -> Iterator[tuple[str, dict[str, str], str]]:
    """Yield the name of each tag that may link, its attributes, and the text behind it."""
    rest = ""
    with path.open("rb") as file:
        for line in text_lines(file, _MOST_TAG_CHARACTERS, in_pieces=True):
            rest += line.text
            end = 0
            for match in _TAG.finditer(rest):
                if match.end() == len(rest):  # the text may go on
                    break
                end = match.end()
                yield _parsed(match)
            rest = rest[end:][-2 * _MOST_TAG_CHARACTERS :]
    for match in _TAG.finditer(rest):
        yield _parsed(match)


def _parsed(match: re.Match[str]) -> tuple[str, dict[str, str], str]:
    attributes = {
        name.lower(): unescape(double or single)
        for name, double, single in _ATTRIBUTE.findall(match["attributes"])
    }
    return match["tag"].lower(), attributes, unescape(match["text"])


def _of_feed(address: str) -> str:
    """Return the channel or playlist of an RSS feed of YouTube; other addresses as they are.

    >>> _of_feed("https://www.youtube.com/feeds/videos.xml?playlist_id=PL123")
    'https://www.youtube.com/playlist?list=PL123'
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if not parts.path.startswith("/feeds/videos.xml"):
        return address
    query = parse_qs(parts.query)
    forms = {"channel_id": "channel/", "playlist_id": "playlist?list=", "user": "user/"}
    for name, form in forms.items():
        if name in query:
            return f"https://www.youtube.com/{form}{query[name][0]}"
    return ""
