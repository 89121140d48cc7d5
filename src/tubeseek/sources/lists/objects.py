"""Reads lists in JSON: yt-dlp's -j and -J, Google Takeout, the Data API, NewPipe and FreeTube."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tubeseek.core.errors import InputError, ItemError, ListingNotice, SourceError
from tubeseek.core.json_stream import MAX_ITEM_CHARACTERS, Json, json_items
from tubeseek.core.text_files import text_lines
from tubeseek.core.types import Video
from tubeseek.sources.lists.entries import Entries, Place, entry_of, is_on_youtube
from tubeseek.sources.local.ytdlp_archive import video_of_info
from tubeseek.sources.youtube.records import listed_video

_INFO_FIELDS = {"extractor", "extractor_key", "ie_key", "webpage_url", "_type"}
_INFO_LISTS = ("chapters", "tags", "categories", "heatmap", "thumbnails")
_INSIDE = ("entries", "videos", "items", "subscriptions", "playlists", "relatedStreams")
_ADDRESSES = ("titleUrl", "url", "videoUrl", "link", "webpage_url", "videoId", "channelId")
_TITLES = ("title", "name", "videoTitle")
_WATCHED = re.compile(r"^Watched |\s*을\(를\) 시청했습니다\.?$")  # of Takeout, around the title
_MOST_DEPTH = 20


def json_entries(path: Path) -> Entries:
    """Yield what a JSON file, or one with an object on each line, names."""
    skipped = 0
    objects = _lines(path) if _has_lines(path) else _document(path)
    try:
        for item in objects:
            if isinstance(item, Exception):
                yield item
                continue
            if isinstance(item, dict) and "header" in item and not _is_watched(item):
                skipped += 1
                continue
            yield from _entries(item, path.name, 0)
    except InputError as error:  # cut in the middle: what comes before it is in
        yield ItemError(str(error))
    if skipped:
        yield ListingNotice(
            f"{path.name}: {skipped:,} entries of the history name no video (removed ones, posts, "
            "advertisements)"
        )


def _has_lines(path: Path) -> bool:
    """Return whether the first line is an object of its own."""
    with path.open("rb") as file:
        first = next(
            (line.text for line in text_lines(file, MAX_ITEM_CHARACTERS) if line.text.strip()), ""
        )
    try:
        return isinstance(json.loads(first.lstrip("\ufeff")), dict)
    except (ValueError, RecursionError):
        return False


def _lines(path: Path) -> Iterator[Json | Exception]:
    with path.open("rb") as file:
        for line in text_lines(file, MAX_ITEM_CHARACTERS):
            if not line.text.strip():
                continue
            try:
                yield json.loads(line.text.lstrip("\ufeff"))
            except (ValueError, RecursionError) as error:
                reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
                yield ItemError(
                    f"{path.name}, line {line.number} is not valid JSON ({reason:.100})",
                    group=f"{path.name}: lines",
                )


def _document(path: Path) -> Iterator[Json | Exception]:
    """Yield the items of a document, and at its end the object itself without its lists."""
    whole: dict[str, Json] = {}
    for member, item in json_items(path):
        if member in _INFO_LISTS:
            whole.setdefault(member, [])
            kept = whole[member]
            if isinstance(kept, list):
                kept.append(item)
        elif isinstance(item, dict | list) and (not member or member in _INSIDE):
            yield item
        elif member:
            whole[member] = item
        else:
            yield item
    if whole.get("_type", "video") == "video":
        yield whole


def _entries(item: Json, name: str, depth: int) -> Entries:
    """Yield what a value names, and what the lists in it name."""
    if isinstance(item, str):
        if is_on_youtube(item) and (entry := entry_of(item)):
            yield entry
        return
    if not isinstance(item, dict) or depth > _MOST_DEPTH:
        return
    inside = [value for key in _INSIDE if isinstance(value := item.get(key), list)]
    for value in inside:
        for nested in value:
            yield from _entries(nested, name, depth + 1)
    if not inside and (own := _entry(item, name)):
        yield own


def _entry(item: Mapping[str, Any], name: str) -> Video | Place | Exception | None:
    if "id" in item and _INFO_FIELDS & item.keys():
        return _entry_of_info(item, name)
    snippet, title = item.get("snippet"), ""
    fields: list[Any] = [item.get(key) for key in _ADDRESSES]
    if isinstance(snippet, Mapping):
        resource, details = snippet.get("resourceId"), item.get("contentDetails")
        for part in (item.get("id"), resource, details):
            if isinstance(part, Mapping):
                fields += [part.get(key) for key in ("videoId", "channelId", "playlistId")]
        fields.append(item.get("id"))
        title = _text(snippet.get("title"))
    addresses = [text for field in fields if (text := _text(field))]
    title = title or next((text for key in _TITLES if (text := _text(item.get(key)))), "")
    channel = _channel(item, snippet)
    named = (
        entry_of(text, _WATCHED.sub("", title), channel)
        for text in addresses
        if is_on_youtube(text)
    )
    return next((entry for entry in named if entry), None)


def _entry_of_info(item: Mapping[str, Any], name: str) -> Video | Place | Exception | None:
    """Return the entry of an info dictionary of yt-dlp."""
    try:
        key = item.get("ie_key") or item.get("extractor_key") or ""
        if item.get("_type") == "url":
            if key == "YoutubeTab" or key == "YoutubePlaylist":
                return entry_of(_text(item.get("url")))
            return listed_video(item, {"extractor_key": "Youtube"})
        video = video_of_info(item, name)
    except (SourceError, TypeError, ValueError, AttributeError) as error:
        return ItemError(f"{name}: {error}", group=f"{name}: info dictionaries")
    return video or entry_of(_text(item.get("webpage_url")))


def _is_watched(item: Mapping[str, Any]) -> bool:
    """Return whether an entry of the history is of a video that was watched and still exists."""
    details = item.get("details")
    if isinstance(details, list) and any(
        isinstance(part, Mapping) and part.get("name") == "From Google Ads" for part in details
    ):
        return False
    return isinstance(entry_of(_text(item.get("titleUrl"))), Video)


def _channel(item: Mapping[str, Any], snippet: object) -> str:
    if isinstance(snippet, Mapping):
        return _text(snippet.get("videoOwnerChannelTitle") or snippet.get("channelTitle"))
    subtitles = item.get("subtitles")
    if isinstance(subtitles, list) and subtitles and isinstance(subtitles[0], Mapping):
        return _text(subtitles[0].get("name"))
    return _text(item.get("author"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
