"""What Chromium's player shows at the link of a moment is the still that was found.

The videos are made as those of the demo, whose shots begin at known times between whole seconds.
`benchmarks/opened_frames.py` measures the same with the demo's own 60 queries.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from benchmarks.opened_frames import MOST_DIFFERENCE, compare, frames_of, open_at, write_page
from tests.helpers.demo_collection import paint_farm, paint_stamp
from tubeseek.cli.demo.material import make_demo
from tubeseek.core.schemas import AddRequest, IndexRequest, SearchRequest
from tubeseek.core.settings import Settings
from tubeseek.evaluation import read_judgements
from tubeseek.evaluation.moments import ranked_moments
from tubeseek.library.library import Library
from tubeseek.library.open import open_library

pytestmark = pytest.mark.browser

TOLERANCE_SECONDS = 0.1  # a frame of these videos lasts 0.08 s
FRUIT = {
    "apple": ((220, 20, 20), "사과"),
    "pear": ((120, 200, 40), "배"),
    "plum": ((90, 20, 120), "자두"),
    "fig": ((20, 60, 40), "무화과"),
}


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two videos of four shots each, described by `judgements.jsonl`."""
    folder = tmp_path_factory.mktemp("opened")
    stamps = paint_farm(folder / "stamps")
    for name, (colour, korean) in FRUIT.items():
        paint_stamp(stamps, f"food/fruit/{name}", colour, f"A {name}.", korean)
    list(make_demo(folder / "videos", folder / "unused", stamps=stamps))
    return folder / "videos"


@pytest.fixture(scope="module")
def library(videos: Path) -> Iterator[Library]:
    opened, ownership = open_library(Settings(library=videos.parent / "library"), "test")
    list(opened.run(AddRequest(locators=(str(videos),))))
    list(opened.run(IndexRequest(encoder="starter")))
    yield opened
    opened.close()
    if ownership is not None:
        ownership.release()


def test_each_link_shows_the_found_still_of_the_right_shot(
    page: Page, videos: Path, library: Library
) -> None:
    judgements = read_judgements(videos / "judgements.jsonl")
    assert any(judgement.start % 1 for judgement in judgements)  # or whole seconds would do
    page.goto(write_page(videos))
    for judgement in judgements:
        query = judgement.query
        video_id, moment = ranked_moments(library.search(SearchRequest(text=query)))[0]
        assert video_id == judgement.video_id
        assert judgement.start - TOLERANCE_SECONDS <= moment.start <= moment.seek
        assert moment.seek < moment.end <= judgement.end + TOLERANCE_SECONDS
        media = library.media(video_id)
        assert media is not None
        frames, expected = frames_of(media, moment)
        shown = compare(open_at(page, moment.url), frames, expected)
        assert shown.nearest == expected, (query, moment, shown)
        assert shown.difference < MOST_DIFFERENCE, (query, moment, shown)
        assert re.search(r"#t=\d+(\.\d+)?$", moment.url) or moment.seek == 0
