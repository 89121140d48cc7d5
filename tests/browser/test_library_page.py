"""An empty library in the app: what it says, adding a folder, progress, failures, removing."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.helpers.app_pages import cards, choose, settle
from tests.helpers.app_process import RunningApp, running_app, tubeseek
from tests.helpers.made_library import make_dataset, make_long_dataset
from tests.helpers.made_videos import BLUE, GREEN, RED, make_video

pytestmark = pytest.mark.browser

TOKEN = "a long secret"  # noqa: S105
CHANGES = re.compile("Add|Remove|Index|Look for")
LONG = 4000  # pictures: more than a machine embeds before somebody stops it
LOST = 1  # the row whose picture goes away between listing and indexing


def figure(page: Page, name: str) -> Locator:
    """A count at the head of the page."""
    return page.get_by_test_id("stMetric").filter(has_text=name)


@pytest.fixture(scope="module")
def empty_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    folder = tmp_path_factory.mktemp("empty")
    with running_app(folder / "library", folder / "app.log") as running:
        yield running


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two videos, one of them with chapters, and a file that only claims to be one."""
    folder = tmp_path_factory.mktemp("films")
    make_video(folder / "colours.mp4", [RED, GREEN, BLUE], seconds_each=4.0)
    make_video(folder / "two.mp4", [GREEN, RED])
    (folder / "broken.mp4").write_bytes(b"this is no video")
    info = {
        "id": "colours",
        "title": "Three colours",
        "description": "First red,\nthen green, then blue. <i>Really</i>",
        "channel": "Painter",
        "chapters": [
            {"title": "Red", "start_time": 0, "end_time": 4},
            {"title": "Green [x](y)", "start_time": 4, "end_time": 8},
            {"title": "Blue", "start_time": 8, "end_time": 12},
        ],
    }
    (folder / "colours.info.json").write_text(json.dumps(info))
    return folder


def test_an_empty_library_says_what_to_do_and_takes_a_folder_in(
    page: Page, empty_app: RunningApp, films: Path
) -> None:
    page.goto(empty_app.url)
    expect(page.get_by_text("Your library is empty")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Say first what to add.")).to_be_visible()
    settle(page)

    page.get_by_label("Channel, playlist, video or folder").fill(str(films))
    choose(page, page.get_by_role("combobox", name="Encoder"), re.compile("starter"))
    page.get_by_role("button", name="Add").click()
    expect(page).to_have_url(re.compile("view=library"))
    expect(page.get_by_text("Indexing · Done: 2 videos")).to_be_visible()
    settle(page)
    expect(figure(page, "Searchable")).to_contain_text("2")

    page.get_by_text("1 failed: why").click()
    expect(page.get_by_test_id("stExpanderDetails")).to_contain_text("broken.mp4")


def test_a_video_plays_from_its_file_and_chapters_lead_into_it(
    page: Page, empty_app: RunningApp
) -> None:
    page.goto(f"{empty_app.url}/?view=library")
    settle(page)
    page.get_by_role("button", name="Three colours").click()
    settle(page)
    player = page.locator("video")
    expect(player).to_have_attribute("src", re.compile(r"/v1/videos/.+/file"))
    expect(page.locator(".ts-description")).to_have_text(
        "First red,\nthen green, then blue. <i>Really</i>"
    )
    page.get_by_role("button", name="Green [x](y)").click()
    expect(page).to_have_url(re.compile(r"[?&]t=4"))
    page.wait_for_function("document.querySelector('video')?.currentTime >= 4")
    cards(page, "alike", 1)


def test_a_video_is_removed_after_asking(page: Page, empty_app: RunningApp) -> None:
    page.goto(f"{empty_app.url}/?view=library")
    row = page.locator('[class*="st-key-ts-row-"]').filter(has_text="two")
    settle(page)
    row.get_by_role("button", name="Remove").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Remove “two” from the library?")
    settle(page)
    dialog.get_by_role("button", name="Remove").click()
    expect(page.locator('[class*="st-key-ts-open-"]')).to_have_count(1)
    expect(page.get_by_role("button", name="Three colours")).to_be_visible()


def test_who_knows_the_token_indexes_and_sees_failures_with_their_reasons(
    page: Page, tmp_path: Path
) -> None:
    videos = make_dataset(tmp_path / "pictures")
    library = tmp_path / "library"
    tubeseek(library, "add", str(tmp_path / "pictures"))
    (tmp_path / "pictures" / "images" / f"{videos[LOST].id}.jpg").write_bytes(b"")
    with running_app(library, tmp_path / "app.log", TUBESEEK_TOKEN=TOKEN) as app:
        page.goto(f"{app.url}/?view=library")
        settle(page)
        expect(figure(page, "Waiting")).to_contain_text("19")
        expect(page.get_by_role("button", name=CHANGES)).to_have_count(0)
        page.get_by_text("Change this library").click()
        for told in ("a guess", TOKEN):
            page.get_by_label("Token of this library").fill(told)
            page.get_by_label("Token of this library").press("Enter")
            if told != TOKEN:
                expect(page.get_by_text("That is not the token.")).to_be_visible()
            settle(page)

        choose(page, page.get_by_role("combobox", name="Encoder").last, re.compile("starter"))
        page.get_by_role("button", name="Index what is waiting").click()
        expect(page.get_by_text(re.compile(r"Indexing · Done: \d+ videos"))).to_be_visible()
        settle(page)
        expect(figure(page, "Searchable")).to_contain_text("18")
        page.get_by_role("tab", name="Failures (1)").click()
        failure = page.get_by_role("tabpanel").filter(has_text=videos[LOST].title)
        expect(failure).to_contain_text(f"{videos[LOST].id}.jpg")


def test_a_long_job_shows_how_far_it_is_and_is_stopped(page: Page, tmp_path: Path) -> None:
    make_long_dataset(tmp_path / "pictures", LONG)
    library = tmp_path / "library"
    tubeseek(library, "add", str(tmp_path / "pictures"))
    with running_app(library, tmp_path / "app.log") as app:
        page.goto(f"{app.url}/?view=library")
        settle(page)
        choose(page, page.get_by_role("combobox", name="Encoder").last, re.compile("starter"))
        page.get_by_role("button", name="Index what is waiting").click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        expect(page.get_by_text(re.compile(rf"Indexing · [1-9]\d* of {LONG}"))).to_be_visible()
        page.get_by_role("button", name="Cancel").click()
        told = page.get_by_text(re.compile(r"Indexing · Stopped; \d+ videos are kept"))
        expect(told).to_be_visible()
        settle(page)
        kept = int(re.findall(r"\d+", told.inner_text())[0])
        there = int(figure(page, "Searchable").inner_text().split()[-1].replace(",", ""))
        assert 0 < kept <= there < LONG  # what was safe when the job heard of it is told
