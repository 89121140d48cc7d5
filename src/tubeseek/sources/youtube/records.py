"""yt-dlp's info dictionaries as the nouns of this project. Pure."""

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
    """What a listing says of one video.

    Args:
        entry: The entry of the video.
        listing: The list that it stands in; of a channel it knows what its entries leave out.
    """
    title = _text(entry, "title")
    if reason := _PLACEHOLDERS.get(title):
        link = _text(entry, "url", "webpage_url")
        return VideoUnavailableError(f"{link}: {reason}", final=True)
    key = _text(entry, "ie_key", "extractor_key") or _text(listing, "extractor_key")
    known: dict[str, Any] = {"ie_key": key}
    if listing.get("id") and listing.get("id") == listing.get("channel_id"):
        known |= {name: listing.get(name) for name in ("channel", "channel_id")}
    return full_video(known | {name: value for name, value in entry.items() if value is not None})


def full_video(info: Info) -> Video:
    """Everything that an info dictionary says of a video.

    YouTube's videos keep their id; those of other sites get the name of the site before theirs,
    percent-encoded, so that ids of two sites never meet and any id is a safe file name.
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
    """The best thumbnail, without what tells renditions of one picture apart."""
    listed = [_text(one, "url") for one in info.get("thumbnails") or ()]
    best = _text(info, "thumbnail") or next((url for url in reversed(listed) if url), "")
    parts = urlsplit(best)
    query = [pair for pair in parts.query.split("&") if pair.split("=")[0] not in _SIZE_PARAMETERS]
    return urlunsplit(parts._replace(query="&".join(query)))


def _published(info: Info) -> date | None:
    """The day, in UTC, or None where none is said or none that a calendar has."""
    day, stamp = _text(info, "upload_date"), _number(info.get("timestamp"))
    try:
        if day:
            return datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC).date()
        return None if stamp is None else datetime.fromtimestamp(stamp, UTC).date()
    except (ValueError, OverflowError, OSError):
        return None


def _language(info: Info) -> str:
    """The language spoken: as said of the video, of its preferred sound, or of its captions."""
    if language := _text(info, "language"):
        return language
    sounds = [one for one in info.get("formats") or () if one.get("language")]
    if sounds:
        return _text(max(sounds, key=lambda one: one.get("language_preference") or -1), "language")
    captions = info.get("automatic_captions") or {}
    marked = (code.removesuffix("-orig") for code in captions if code.endswith("-orig"))
    return next(marked, "")


def _chapters(info: Info) -> Iterable[Chapter]:
    for one in info.get("chapters") or ():
        start, end = _number(one.get("start_time")), _number(one.get("end_time"))
        if start is not None and end is not None and start <= end:
            yield Chapter(_text(one, "title"), start, end)


def _heatmap(info: Info) -> Iterable[HeatPoint]:
    for one in info.get("heatmap") or ():
        start, end = _number(one.get("start_time")), _number(one.get("end_time"))
        value = _number(one.get("value"))
        if start is not None and end is not None and value is not None:
            yield HeatPoint(start, end, value)


def _text(info: Info, *names: str) -> str:
    """The first of these fields that holds anything."""
    return next((str(info[name]) for name in names if info.get(name)), "")


def _texts(info: Info, name: str) -> tuple[str, ...]:
    return tuple(str(one) for one in info.get(name) or ())


def _number(value: object) -> float | None:
    """A number that is at least 0, or None."""
    if not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0:
        return None
    return float(value)


def _count(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)
