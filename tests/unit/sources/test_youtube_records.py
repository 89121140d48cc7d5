"""From what yt-dlp's extractors for YouTube return to our own nouns."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tubeseek.core.errors import VideoUnavailableError
from tubeseek.core.types import Chapter, Video
from tubeseek.sources.youtube.rate_limit import Politeness, RateLimiter
from tubeseek.sources.youtube.records import full_video, listed_video
from tubeseek.sources.youtube.session import Session, SessionOptions, SessionPool

CHANNEL: dict[str, Any] = {
    "id": "UCYO_jab_esuFRV4b17AJtAw",
    "channel_id": "UCYO_jab_esuFRV4b17AJtAw",
    "channel": "3Blue1Brown",
    "extractor_key": "YoutubeTab",
}
PLAYLIST = {**CHANNEL, "id": "PLZHQObOWTQDNU6R1_67000Dx_ZCJB-3pi"}
MOMENTS = "https://i.ytimg.com/vi/aircAruvnKk"


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    pool = SessionPool(RateLimiter(Politeness()), SessionOptions())
    with pool.borrow() as borrowed:
        yield borrowed
    pool.close()


def renderer(**changes: object) -> dict[str, object]:
    """A video in a list as YouTube's pages describe it."""
    return {
        "videoId": "aircAruvnKk",
        "title": {"runs": [{"text": "But what is a neural network?"}]},
        "lengthText": {"simpleText": "18:40"},
        "publishedTimeText": {"simpleText": "2 years ago"},
        "viewCountText": {"simpleText": "19,345,678 views"},
        "thumbnail": {
            "thumbnails": [
                {
                    "url": f"{MOMENTS}/hqdefault.jpg?sqp=-oaymw&rs=AOn4CL",
                    "width": 168,
                    "height": 94,
                },
                {"url": f"{MOMENTS}/hq720.jpg?v=65a1&sqp=-oaymw&rs=AOn4CL", "width": 720},
            ]
        },
        **changes,
    }


def entry(session: Session, **changes: object) -> dict[str, Any]:
    """That video as the installed yt-dlp reads it, with the settings of this project."""
    extractor: Any = session.get_info_extractor("YoutubeTab")
    info: dict[str, Any] = extractor._extract_video(renderer(**changes))
    return info


def test_an_entry_of_a_channel(session: Session) -> None:
    video = listed_video(entry(session), CHANNEL)
    assert isinstance(video, Video)
    assert video.published is not None
    two_years_ago = datetime.now(UTC).date() - timedelta(days=730)
    assert abs(video.published - two_years_ago) < timedelta(days=5)
    assert video == Video(
        id="aircAruvnKk",
        url="https://www.youtube.com/watch?v=aircAruvnKk",
        title="But what is a neural network?",
        channel="3Blue1Brown",
        channel_id="UCYO_jab_esuFRV4b17AJtAw",
        published=video.published,
        duration_seconds=1120,
        views=19_345_678,
        picture=f"{MOMENTS}/hq720.jpg?v=65a1",
    )


def test_a_playlist_does_not_lend_its_owner(session: Session) -> None:
    video = listed_video(entry(session), PLAYLIST)
    assert isinstance(video, Video)
    assert (video.channel, video.channel_id) == ("", "")


def test_a_short_and_a_live_stream(session: Session) -> None:
    short = entry(
        session,
        navigationEndpoint={
            "commandMetadata": {"webCommandMetadata": {"url": "/shorts/aircAruvnKk"}}
        },
    )
    live = entry(
        session,
        thumbnailOverlays=[{"thumbnailOverlayTimeStatusRenderer": {"style": "LIVE"}}],
    )
    videos = [listed_video(info, CHANNEL) for info in (short, live)]
    assert [(v.is_short, v.is_live) for v in videos if isinstance(v, Video)] == [
        (True, False),
        (False, True),
    ]
    assert videos[0].url == "https://www.youtube.com/watch?v=aircAruvnKk"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("title", "reason"), [("[Private video]", "private"), ("[Deleted video]", "removed")]
)
def test_what_only_holds_a_place(session: Session, title: str, reason: str) -> None:
    error = listed_video(entry(session, title={"simpleText": title}), PLAYLIST)
    assert isinstance(error, VideoUnavailableError)
    assert error.final
    assert str(error) == f"https://www.youtube.com/watch?v=aircAruvnKk: {reason}"


def test_another_site_has_its_name_before_the_id() -> None:
    video = full_video(
        {"extractor_key": "Vimeo", "id": "76979871", "webpage_url": "https://vimeo.com/76979871"}
    )
    assert (video.id, video.url, video.title) == (
        "vimeo-76979871",
        "https://vimeo.com/76979871",
        "76979871",
    )


def test_no_id_of_a_site_is_a_path() -> None:
    video = full_video({"extractor_key": "Odd", "id": "../../etc/passwd", "url": "x"})
    assert video.id == "odd-..%2F..%2Fetc%2Fpasswd"


@pytest.mark.parametrize(
    ("info", "language"),
    [
        ({"language": "ko"}, "ko"),
        ({"formats": [{"language": "en", "language_preference": -1}, {"format_id": "sb0"}]}, "en"),
        (
            {
                "formats": [
                    {"language": "es", "language_preference": -1},
                    {"language": "ko", "language_preference": 10},
                ]
            },
            "ko",
        ),
        ({"automatic_captions": {"en": [], "ja-orig": [], "ko": []}}, "ja"),
        ({}, ""),
    ],
)
def test_the_language_spoken(info: dict[str, Any], language: str) -> None:
    assert full_video({"extractor_key": "Youtube", "id": "x", **info}).language == language


def test_what_makes_no_sense_is_left_out() -> None:
    video = full_video(
        {
            "extractor_key": "Youtube",
            "id": "aircAruvnKk",
            "duration": float("nan"),
            "view_count": -1,
            "timestamp": 1e30,
            "chapters": [
                {"title": "ends before it starts", "start_time": 9, "end_time": 3},
                {"title": "", "start_time": 0, "end_time": None},
                {"title": "fine", "start_time": 3, "end_time": 9},
            ],
            "heatmap": [{"start_time": 0, "end_time": 1, "value": None}],
        }
    )
    assert (video.duration_seconds, video.views, video.published, video.heatmap) == (
        None,
        None,
        None,
        (),
    )
    assert video.chapters == (Chapter("fine", 3, 9),)


def test_the_exact_day_goes_before_the_time() -> None:
    info = {"extractor_key": "Youtube", "id": "x", "upload_date": "20240229", "timestamp": 0}
    assert full_video(info).published == date(2024, 2, 29)
