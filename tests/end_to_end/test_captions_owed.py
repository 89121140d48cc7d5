"""Captions that a site refuses for a while are requested again by the next run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixture_site import FixtureSite
from tests.fixture_site.captions import Captions
from tests.helpers.command import Command

COUNT = 3
WORDS = "the quick brown fox of video {}"


@pytest.fixture
def site() -> Iterator[FixtureSite]:
    with FixtureSite(COUNT) as site:
        for number, video in enumerate(site.videos):
            line = (1.0, 4.0, WORDS.format(number))
            video.captions = Captions(heard={"en": (line,)}, refused=True)
        yield site


@pytest.mark.slow
def test_captions_come_with_a_later_run(site: FixtureSite, tmp_path: Path) -> None:
    tubeseek = Command(tmp_path / "library", site.environment())
    tubeseek.ok("add", site.channel_url)
    done = tubeseek.run("index", "--encoder", "starter", "--workers", "1")
    assert done.returncode == 0  # every video was indexed by its pictures
    assert done.stderr.count("HTTP 429") == 1
    failures = tubeseek.json("status")["failures"]
    assert {each["video_id"] for each in failures} == {video.library_id for video in site.videos}
    assert not any(each["final"] for each in failures)
    assert site.count("/api/timedtext") == 1

    tubeseek.ok("index")  # still refused: one request, and the others wait
    assert site.count("/api/timedtext") == 2
    assert len(tubeseek.json("status")["failures"]) == COUNT

    pictures = site.count("/vi/")
    for video in site.videos:
        video.captions.refused = False
    assert "3 captions" in tubeseek.ok("index")
    assert site.count("/vi/") == pictures
    assert tubeseek.json("status")["failures"] == []
    best = tubeseek.json("search", WORDS.format(1), "--using", "words")["hits"][0]
    assert best["video_id"] == site.videos[1].library_id
    assert best["moments"][0]["start"] == 1.0

    before = site.requests.total()
    tubeseek.ok("index")
    assert site.requests.total() == before
