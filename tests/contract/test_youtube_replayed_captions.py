"""Which captions are asked of YouTube's own pages, as the real yt-dlp reads them."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.helpers.replayed_youtube import (
    API,
    SITE,
    Answer,
    Replay,
    picture,
    player,
    real_text,
    video_id,
    watch_page,
)
from tubeseek.core.types import Media, Video
from tubeseek.sources.youtube.rate_limit import Politeness
from tubeseek.sources.youtube.source import YouTubeSource

NO_PAUSES = Politeness(
    request_seconds=0,
    captions_seconds=0,
    video_min_seconds=0,
    video_max_seconds=0,
    backoff_total_seconds=0,
)
JSON3 = {
    "wireMagic": "pb3",
    "events": [{"tStartMs": 0, "dDurationMs": 900, "segs": [{"utf8": "a"}]}],
}


def track(language: str, *, heard: bool = False, withheld: bool = False) -> dict[str, Any]:
    """A caption track as YouTube's player describes it."""
    kind = "&kind=asr" if heard else ""
    experiment = "&exp=xpe" if withheld else ""
    return {
        "baseUrl": f"{SITE}/api/timedtext?v=x&lang={language}{kind}{experiment}",
        "name": {"simpleText": language},
        "vssId": f"{'a' if heard else ''}.{language}",
        "languageCode": language,
        "isTranslatable": True,
    } | ({"kind": "asr"} if heard else {})


def fetch(replay: Replay, folder: Path, video: str) -> Media:
    source = YouTubeSource(politeness=NO_PAUSES)
    try:
        return source.fetch(Video(video, f"{SITE}/watch?v={video}", "a title"), folder)
    finally:
        source.close()


def fetch_made(
    monkeypatch: pytest.MonkeyPatch, folder: Path, title: str, *tracks: dict[str, Any]
) -> tuple[Media, list[dict[str, list[str]]]]:
    """Fetch a video with these tracks; return it and the queries for captions."""

    def route(url: str, body: dict[str, Any]) -> Answer:
        if "/api/timedtext" in url:
            return JSON3
        if "i.ytimg.com" in url:
            return picture()
        if url.startswith(f"{SITE}/watch?"):
            return watch_page(1, tracks, title)
        return player(1, tracks, title) if url.startswith(f"{API}player") else None

    replay = Replay(monkeypatch, route)
    media = fetch(replay, folder, video_id(1))
    return media, queries(replay)


def queries(replay: Replay) -> list[dict[str, list[str]]]:
    return [parse_qs(urlsplit(url).query) for url, _ in replay.requests if "/api/timedtext" in url]


@pytest.mark.parametrize(
    ("title", "tracks", "language"),
    [
        ("원 그리기", [track("en"), track("ko"), track("ja")], "ko"),
        ("Draw a circle", [track("ko"), track("en")], "en"),
        ("Draw a circle", [track("ko"), track("en"), track("ko", heard=True)], "ko"),
        ("Draw a circle", [track("en"), track("ko", heard=True)], "ko"),
        ("Draw a circle", [track("ko")], "ko"),
    ],
)
def test_one_track_in_the_language_of_the_video_and_never_a_translation(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, title: str, tracks: Any, language: str
) -> None:
    media, [query] = fetch_made(monkeypatch, tmp_path, title, *tracks)
    assert query["lang"] == [language]
    assert query["fmt"] == ["json3"]
    assert "tlang" not in query
    assert [passage.text for passage in media.passages] == ["a"]
    assert media.captions_owed == ""


def test_withheld_captions_are_owed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    media, requests = fetch_made(monkeypatch, tmp_path, "원", track("ko", withheld=True))
    assert (media.passages, requests) == ((), [])
    assert "PO" in media.captions_owed


def test_no_captions_are_not_owed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    media, requests = fetch_made(monkeypatch, tmp_path, "원")
    assert (media.passages, media.captions_owed, requests) == ((), "", [])


def test_a_real_page_with_many_made_tracks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    recorded = json.loads(real_text("yt-video-QRS8MkLhQmM-html.json.gz"))

    def route(url: str, body: dict[str, Any]) -> Answer:
        if "/api/timedtext" in url:
            return JSON3
        if "i.ytimg.com" in url:
            return picture()
        if url.startswith(f"{SITE}/watch?"):
            return recorded["watch_html"]
        return recorded["vid_info"] if url.startswith(f"{API}player") else None

    replay = Replay(monkeypatch, route)
    media = fetch(replay, tmp_path, "QRS8MkLhQmM")
    [query] = queries(replay)
    assert query["lang"] == ["en"]
    assert "tlang" not in query
    assert len(media.passages) == 1
