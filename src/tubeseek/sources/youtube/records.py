"""Converts yt-dlp's info dictionaries into `Video` records. Pure."""

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeAlias
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import NAMESPACE_URL, uuid5

from tubeseek.core.errors import VideoUnavailableError
from tubeseek.core.types import Chapter, HeatPoint, Video
from tubeseek.sources.youtube.locators import video_url

Info: TypeAlias = Mapping[str, Any]

_PLACEHOLDERS = {"[Private video]": "private", "[Deleted video]": "removed"}
_YOUTUBE = "Youtube"  # yt-dlp's key of the extractor of single YouTube videos
_SIZE_PARAMETERS = {"sqp", "rs"}  # which rendition of a picture; they differ from list to list


def listed_video(entry: Info, listing: Info) -> Video | VideoUnavailableError:
    """Return the video of an entry in a listing, or the error if it is private or removed.

    Args:
        entry: The entry of the video.
        listing: The list with the entry; that of a channel has what its entries leave out.
    """
    title = _text(entry, "title")
    if reason := _PLACEHOLDERS.get(title):
        link = _text(entry, "url", "webpage_url")
        return VideoUnavailableError(f"{link}: {reason}", final=True)
    key = _text(entry, "ie_key", "extractor_key") or _text(listing, "extractor_key")
    defaults: dict[str, Any] = {"ie_key": key}
    if listing.get("id") and listing.get("id") == listing.get("channel_id"):
        defaults |= {name: listing.get(name) for name in ("channel", "channel_id")}
    stated = {name: value for name, value in entry.items() if value is not None}
    return full_video(defaults | stated)


def full_video(info: Info) -> Video:
    """Return the video that an info dictionary describes.

    YouTube's videos keep their id. The id of another site's video is percent-encoded and prefixed
    with the name of the site, so that ids of two sites never collide and any id is a safe file
    name.
    """
    key = _text(info, "extractor_key", "ie_key")
    url = _text(info, "webpage_url", "url")
    own_id = _text(info, "id") or str(uuid5(NAMESPACE_URL, url))
    live_status = info.get("live_status")
    return Video(
        id=own_id if key == _YOUTUBE else f"{key.lower()}-{quote(own_id, safe='')}",
        url=video_url(own_id) if key == _YOUTUBE else url,
        title=_text(info, "title") or own_id,
        description=_text(info, "description"),
        channel=_text(info, "channel", "uploader"),
        channel_id=_text(info, "channel_id", "uploader_id"),
        category=next(iter(_texts(info, "categories")), ""),
        published=_published(info),
        duration_seconds=_number(info.get("duration")),
        views=_count(info.get("view_count")),
        language=_language(info),
        tags=_texts(info, "tags"),
        chapters=tuple(_chapters(info)),
        heatmap=tuple(_heatmap(info)),
        is_live=live_status == "is_live",
        is_short=info.get("media_type") == "short" or "/shorts/" in _text(info, "url"),
        picture=_picture(info),
    )


def _picture(info: Info) -> str:
    """Return the URL of the best thumbnail, without what distinguishes renditions of a picture."""
    listed = [_text(thumbnail, "url") for thumbnail in info.get("thumbnails") or ()]
    best = _text(info, "thumbnail") or next((url for url in reversed(listed) if url), "")
    parts = urlsplit(best)
    query = [pair for pair in parts.query.split("&") if pair.split("=")[0] not in _SIZE_PARAMETERS]
    return urlunsplit(parts._replace(query="&".join(query)))


def _published(info: Info) -> date | None:
    """Return the day of publication in UTC; None if it is missing or not a valid date."""
    day, stamp = _text(info, "upload_date"), _number(info.get("timestamp"))
    try:
        if day:
            return datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC).date()
        return None if stamp is None else datetime.fromtimestamp(stamp, UTC).date()
    except (ValueError, OverflowError, OSError):
        return None


def _language(info: Info) -> str:
    """Return the spoken language: of the video, its preferred audio or its original captions."""
    if language := _text(info, "language"):
        return language
    formats = [form for form in info.get("formats") or () if form.get("language")]
    if formats:
        preferred = max(formats, key=lambda form: form.get("language_preference") or -1)
        return _text(preferred, "language")
    captions = info.get("automatic_captions") or {}
    marked = (code.removesuffix("-orig") for code in captions if code.endswith("-orig"))
    return next(marked, "")


def _chapters(info: Info) -> Iterable[Chapter]:
    for chapter in info.get("chapters") or ():
        start, end = _number(chapter.get("start_time")), _number(chapter.get("end_time"))
        if start is not None and end is not None and start <= end:
            yield Chapter(_text(chapter, "title"), start, end)


def _heatmap(info: Info) -> Iterable[HeatPoint]:
    for point in info.get("heatmap") or ():
        start, end = _number(point.get("start_time")), _number(point.get("end_time"))
        value = _number(point.get("value"))
        if start is not None and end is not None and value is not None:
            yield HeatPoint(start, end, value)


def _text(info: Info, *names: str) -> str:
    """Return the first of these fields that is not empty, or ""."""
    return next((str(info[name]) for name in names if info.get(name)), "")


def _texts(info: Info, name: str) -> tuple[str, ...]:
    return tuple(str(value) for value in info.get(name) or ())


def _number(value: object) -> float | None:
    """Return a finite number of at least 0, or None."""
    if not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0:
        return None
    return float(value)


def _count(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)
