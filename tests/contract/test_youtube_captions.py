"""Which captions the YouTube source asks a site for, and what it makes of the answers."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixture_site import FixtureSite
from tests.fixture_site.captions import Captions, Line, tracks
from tests.fixture_site.haste import HASTY, fetch
from tubeseek.core.types import Media, Segment, SegmentKind
from tubeseek.sources.youtube.captions import CaptionFetcher
from tubeseek.sources.youtube.rate_limit import RateLimiter
from tubeseek.sources.youtube.session import SessionOptions, SessionPool
from tubeseek.sources.youtube.source import YouTubeSource

KOREAN = ((0.5, 2.0, "오늘은 동그라미를 그려요."), (2.25, 4.0, "빨간색을 칠합니다."))
ENGLISH = ((0.5, 2.0, "today we draw a circle"), (2.25, 4.0, "and paint it red"))
ADDRESS = "/api/timedtext"


@pytest.fixture
def site() -> Iterator[FixtureSite]:
    with FixtureSite(4) as running:
        yield running


@pytest.fixture
def source() -> Iterator[YouTubeSource]:
    made = YouTubeSource(politeness=HASTY)
    yield made
    made.close()


def caption_requests(site: FixtureSite) -> list[str]:
    """The queries for captions, in order."""
    return [
        request.path.partition("?")[2] for request in site.log if request.path.startswith(ADDRESS)
    ]


def words(lines: tuple[Line, ...]) -> str:
    return " ".join(text for _, _, text in lines)


def texts(media: Media) -> list[str]:
    return [passage.text for passage in media.passages]


def test_made_captions_in_the_language_of_the_video(
    site: FixtureSite, source: YouTubeSource, tmp_path: Path
) -> None:
    site.videos[0].captions = Captions(
        made={"ko": KOREAN, "en": ENGLISH, "de": ()}, heard={"en": ENGLISH}
    )
    media = fetch(source, site, 0, tmp_path)  # the site says that its videos are in English
    [passage] = media.passages
    assert passage.text == words(ENGLISH)
    library_id = site.videos[0].library_id
    assert passage.segment == Segment(library_id, SegmentKind.PASSAGE, 0.5, 4.0, "caption")
    assert caption_requests(site) == ["v=shape00000A&lang=en&fmt=json3"]


def test_what_was_heard_and_no_translation(
    site: FixtureSite, source: YouTubeSource, tmp_path: Path
) -> None:
    site.videos[0].captions = Captions(heard={"ko": KOREAN})
    site.videos[1].captions = Captions(made={"de": KOREAN}, heard={"ko": KOREAN})
    for i in range(2):
        media = fetch(source, site, i, tmp_path / str(i))
        [passage] = media.passages
        assert (passage.text, passage.segment.start) == (words(KOREAN), 0.5)
    assert caption_requests(site) == [
        "v=shape00000A&lang=ko&kind=asr&fmt=json3",
        "v=shape00001A&lang=ko&kind=asr&fmt=json3",
    ]


def test_no_request_for_a_language_that_a_video_lacks(
    site: FixtureSite, source: YouTubeSource, tmp_path: Path
) -> None:
    site.videos[0].captions = Captions(made={"de": KOREAN, "ko": KOREAN})
    assert fetch(source, site, 0, tmp_path / "0").passages == ()
    assert fetch(source, site, 1, tmp_path / "1").passages == ()
    assert caption_requests(site) == []


def test_a_refusal_puts_captions_off_and_costs_nothing_else(
    site: FixtureSite,
    source: YouTubeSource,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for video in site.videos:
        video.captions = Captions(heard={"en": ENGLISH}, refused=True)
    caplog.set_level(logging.INFO, "tubeseek.sources.youtube.captions")
    for i in range(3):
        media = fetch(source, site, i, tmp_path / str(i))
        assert media.thumbnail.exists()
        assert media.passages == ()
        assert media.captions_owed
    assert len(caption_requests(site)) == 1, "once refused, it asks for no more"
    [record] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert "HTTP 429" in record.getMessage()
    assert [record.levelno for record in caplog.records].count(logging.INFO) == 2
    assert ADDRESS not in caplog.text, "the address of captions is signed"


def test_captions_are_requested_again_after_a_while(site: FixtureSite) -> None:
    video = site.videos[0]
    video.captions = Captions(heard={"en": ENGLISH}, refused=True)
    info = {"id": video.id, **tracks(site.url, video.id, video.captions)}
    fetcher = CaptionFetcher(quiet_seconds=0)
    with SessionPool(RateLimiter(HASTY), SessionOptions()).borrow() as session:
        none, owed = fetcher.fetch(session, info, "v")
        assert (none, "HTTP 429" in owed) == ((), True)
        video.captions.refused = False
        [passage], owed = fetcher.fetch(session, info, "v")
        assert owed == ""
        session.close()
    assert passage.text == words(ENGLISH)
    assert len(caption_requests(site)) == 2


@pytest.mark.parametrize(
    "raw", [b"", b"<html>sorry</html>", b'{"events": [', b"WEBVTT\n\nx --> y\n"]
)
def test_a_broken_answer_costs_a_warning(
    site: FixtureSite,
    source: YouTubeSource,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    raw: bytes,
) -> None:
    site.videos[0].captions = Captions(heard={"en": ENGLISH}, raw=raw)
    site.videos[1].captions = Captions(heard={"en": ENGLISH})
    media = fetch(source, site, 0, tmp_path / "0")
    assert (media.passages, media.captions_owed) == ((), "")
    [record] = caplog.records
    assert site.videos[0].id in record.getMessage()
    assert texts(fetch(source, site, 1, tmp_path / "1")) == [words(ENGLISH)]


def test_a_fault_of_the_server_costs_a_warning(
    site: FixtureSite, source: YouTubeSource, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site.videos[0].captions = Captions(heard={"en": ENGLISH})
    site.broken_paths.add(f"{ADDRESS}?v=shape00000A&lang=en&kind=asr&fmt=json3")
    media = fetch(source, site, 0, tmp_path)
    assert media.thumbnail.exists()
    assert media.passages == ()
    assert "HTTP 500" in caplog.text
    assert "HTTP 500" in media.captions_owed
    site.broken_paths.clear()
    [passage], owed = source.captions(media.video)
    assert (passage.text, owed) == (words(ENGLISH), "")
