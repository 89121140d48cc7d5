"""Draws a video with what belongs to it: player, timeline, moments, transcript and chapters."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import streamlit as st

from tubeseek.core.passages import plain
from tubeseek.core.schemas import Moment, SearchHit, Timeline, VideoDetail
from tubeseek.core.times import clock_range, seek_after
from tubeseek.ui import texts
from tubeseek.ui.components.browser_component import browser_component
from tubeseek.ui.components.description import description_parts
from tubeseek.ui.components.heat import end_of, heat_layers
from tubeseek.ui.components.moments import timed_moments
from tubeseek.ui.components.quotes import excerpt, kind_and_words, marked_parts, query_words
from tubeseek.ui.components.results import FIT_TEXTS
from tubeseek.ui.formats import clock, day, short_count
from tubeseek.ui.session import Session

YOUTUBE_HOSTS = ("youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
QUOTE_CHARACTERS = 220  # of a moment, four lines or so

_watch = browser_component("watch", "player", "heat_strip", "transcript")


def show(session: Session, video: VideoDetail, hit: SearchHit | None, timeline: Timeline) -> None:
    """Draw the video, at the moment that the address names.

    Args:
        session: Of this run.
        video: To show.
        hit: What the search of the address found of it, None for nothing.
        timeline: Of the video, for the words of the search.
    """
    say, place = session.say, session.place
    end = end_of(timeline)
    start, sentence = _start(session, end)
    query = query_words(place.q)
    captions = _path(video, "captions") if video.has_captions else None
    player = _player(session, video, captions)
    data = {
        "href": place.watching(video.id).href,
        "start": start,
        "sentence": sentence,
        "title": session.title(video.title),
        "facts": facts(session, video),
        "fit": _fit(session, hit),
        "player": player,
        "still": _still(session, video),
        "seconds": 0 if player["kind"] == "picture" else end,  # a GIF plays as it likes
        "heat": heat_layers(timeline, place.using),
        "moments": _moments(session, video, timed_moments(hit.moments) if hit else (), query),
        "chapters": [
            {
                "start": chapter.start,
                "end": chapter.end,
                "seek": seek_after(chapter.start),
                "time": clock(chapter.start),
                "title": plain(chapter.title),
            }
            for chapter in video.chapters
        ],
        "description": description_parts(video.description, query, end or None),
        "transcript": captions,
        "like": place.searching(like=video.id).href,
        "site": f"https://youtu.be/{video.id}" if _is_on_youtube(video) else None,
        "say": {name: say(text) for name, text in LABELS.items()}
        | {
            "moment": say(texts.video.MOMENT_OF, n="{n}", total="{total}"),
            "lines": say(texts.video.LINES_OF, n="{n}", total="{total}"),
        },
    }
    _watch(key="ts-watch", data=data)


LABELS = {
    "timeline": texts.video.TIMELINE,
    "pictures": texts.video.PICTURE,
    "speech": texts.video.SPEECH,
    "replayed": texts.video.REPLAYED,
    "beside": texts.video.BESIDE,
    "moments": texts.video.MOMENTS,
    "transcript": texts.video.TRANSCRIPT,
    "chapters": texts.video.CHAPTERS,
    "searchTranscript": texts.video.SEARCH_TRANSCRIPT,
    "previous": texts.video.PREVIOUS_MOMENT,
    "next": texts.video.NEXT_MOMENT,
    "copy": texts.video.COPY_LINK,
    "copied": texts.video.COPIED,
    "copyFailed": texts.video.COPY_FAILED,
    "like": texts.video.MORE_LIKE_THIS,
    "openOnSite": texts.video.OPEN_ON_SITE,
    "more": texts.video.SHOW_MORE,
    "less": texts.video.SHOW_LESS,
}


def facts(session: Session, video: VideoDetail) -> list[str]:
    """Return what is known of a video, from its channel to its length."""
    parts = [plain(video.channel), plain(video.category)]
    if video.views is not None:
        count = short_count(video.views, session.language)
        parts.append(session.say(texts.video.VIEW_COUNT, n=video.views, count=count))
    if video.published is not None:
        parts.append(day(video.published, session.language))
    if video.duration_seconds is not None:
        parts.append(clock(video.duration_seconds))
    if video.gone:
        parts.append(session.say(texts.video.GONE))
    return [fact for fact in parts if fact]


def _start(session: Session, end: float) -> tuple[float, str]:
    """Return where to start, and a sentence where the address names no time of the video."""
    start = session.place.t
    if start is None:
        return 0.0, session.say(texts.video.NO_TIME)
    if end and start > end:
        return 0.0, session.say(texts.video.AFTER_END, time=clock(start), end=clock(end))
    return start, ""


def _moments(
    session: Session, video: VideoDetail, moments: Sequence[Moment], query: str
) -> Sequence[Mapping[str, Any]]:
    """Return the moments in order of time."""
    rows = []
    for moment in sorted(moments, key=lambda moment: moment.seek):
        kind, words = kind_and_words(moment)
        rows.append(
            {
                "start": moment.start,
                "end": moment.end,
                "seek": moment.seek,
                "time": clock_range(moment.start, moment.end),
                "still": f"{_path(video, 'still')}?seconds={moment.seek}",
                "kind": session.say(kind),
                "words": marked_parts(excerpt(plain(words), query, QUOTE_CHARACTERS), query),
            }
        )
    return rows


def _fit(session: Session, hit: SearchHit | None) -> Mapping[str, str] | None:
    if hit is None or hit.fit is None:
        return None
    return {
        "level": hit.fit.value,
        "label": session.say(FIT_TEXTS[hit.fit]),
        "help": session.say(texts.video.FIT_HELP),
    }


def _player(session: Session, video: VideoDetail, captions: str | None) -> Mapping[str, Any]:
    """Return which player shows the video: of files, YouTube's, or a picture of it."""
    name = session.title(video.title)
    if video.has_file and _on_this_machine():
        ending = PurePosixPath(unquote(urlsplit(video.url).path)).suffix.lower()
        track = captions and {
            "address": captions,
            "language": video.language,
            "label": session.say(texts.video.CAPTIONS),
        }
        return {
            "kind": "picture" if ending == ".gif" else "file",
            "name": name,
            "address": _on_origin(session.library.file_url(video.id)),
            "captions": track,
            "failure": session.say(texts.video.FORMAT_UNKNOWN, ending=ending.strip(".").upper()),
        }
    if _is_on_youtube(video) and not video.has_file:
        return {
            "kind": "youtube",
            "name": name,
            "id": video.id,
            "failure": session.say(texts.video.REFUSED_BY_YOUTUBE),
        }
    reason = texts.video.PLAYS_ELSEWHERE if video.has_file else texts.video.NOTHING_TO_PLAY
    return {"kind": "still", **_still(session, video), "sentence": session.say(reason)}


def _still(session: Session, video: VideoDetail) -> Mapping[str, Any]:
    return {
        "thumbnail": _path(video, "thumbnail") if video.has_picture else None,
        "stills": _path(video, "still") if video.has_file else None,
    }


def _path(video: VideoDetail, ending: str) -> str:
    return f"v1/videos/{quote(video.id, safe='')}/{ending}"


def _on_origin(url: str) -> str:
    """Return an address of the server relative to that of the app, which has the same origin."""
    parts = urlsplit(url)
    return f"{parts.path.removeprefix('/')}?{parts.query}"


def _is_on_youtube(video: VideoDetail) -> bool:
    return urlsplit(video.url).hostname in YOUTUBE_HOSTS


def _on_this_machine() -> bool:
    """Return whether the visitor's browser runs on the server's machine, where files can play."""
    return urlsplit(st.context.url or "").hostname in LOOPBACK
