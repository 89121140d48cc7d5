"""An empty library in the app: what it says, adding a folder, progress, failures, removing."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.helpers.app_pages import cards, choose, settle, wait_for_time
from tests.helpers.app_process import RunningApp, running_app, tubeseek
from tests.helpers.made_library import MadeVideo, make_dataset, make_long_dataset
from tests.helpers.made_videos import BLUE, GREEN, RED, make_video
from tubeseek.ui import texts

pytestmark = pytest.mark.browser

TOKEN = "a long secret"  # noqa: S105
CHANGES = re.compile(
    "|".join(
        text.en
        for text in (
            texts.library.ADD,
            texts.library.REMOVE,
            texts.library.INDEX_NOW,
            texts.library.SYNC_NOW,
        )
    )
)
INDEXING = texts.library.JOB_INDEX.en
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
def video_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two videos, one of them with chapters, and a file that only claims to be one."""
    folder = tmp_path_factory.mktemp("videos")
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
    page: Page, empty_app: RunningApp, video_folder: Path
) -> None:
    page.goto(empty_app.url)
    expect(page.get_by_text(texts.library.EMPTY_TITLE.en)).to_be_visible()
    settle(page)
    page.get_by_role("button", name=texts.library.ADD.en).click()
    expect(page.get_by_text(texts.library.ADD_EMPTY.en)).to_be_visible()
    settle(page)

    page.get_by_label(texts.library.ADD_BOX.en).fill(str(video_folder))
    choose(page, page.get_by_role("combobox", name=texts.library.ENCODER.en), re.compile("starter"))
    page.get_by_role("button", name=texts.library.ADD.en).click()
    expect(page).to_have_url(re.compile("view=library"))
    expect(
        page.get_by_text(f"{INDEXING} · {texts.library.JOB_DONE.written('en', n=2)}")
    ).to_be_visible(timeout=120_000)  # loads both encoders and learns how they score
    settle(page)
    expect(figure(page, texts.library.SEARCHABLE.en)).to_contain_text("2")

    page.get_by_text(texts.library.JOB_REASONS.written("en", n=1)).click()
    expect(page.get_by_test_id("stExpanderDetails")).to_contain_text("broken.mp4")


def test_a_video_plays_from_its_file_and_chapters_lead_into_it(
    page: Page, empty_app: RunningApp
) -> None:
    page.goto(f"{empty_app.url}/?view=library")
    settle(page)
    page.get_by_role("link", name="Three colours").click()
    settle(page)
    player = page.locator("video")
    expect(player).to_have_attribute("src", re.compile(r"/v1/videos/.+/file"))
    expect(page.locator(".description p")).to_have_text(
        "First red,\nthen green, then blue. <i>Really</i>"
    )
    page.get_by_role("link", name="Green [x](y)").click()
    expect(page).to_have_url(re.compile(r"[?&]t=4\.01"))
    wait_for_time(page, 4)
    cards(page, "alike", 1)


def test_a_video_is_removed_after_asking(page: Page, empty_app: RunningApp) -> None:
    page.goto(f"{empty_app.url}/?view=library")
    rows = page.locator(".row")
    expect(rows).to_have_count(2)
    row = rows.filter(has_text="two")
    settle(page)
    row.get_by_role("button", name=texts.library.REMOVE.en).click()
    dialog = page.get_by_test_id("stDialog")
    expect(dialog).to_contain_text("“two”")
    settle(page)
    dialog.get_by_role("button", name=texts.library.KEEP.en).click()
    expect(dialog).to_have_count(0)
    expect(rows).to_have_count(2)
    settle(page)
    row.get_by_role("checkbox").check()
    page.get_by_role("button", name=texts.library.REMOVE_CHOSEN.en).click()
    dialog.get_by_role("button", name=texts.library.REMOVE.en).click()
    expect(rows).to_have_count(1)
    expect(page.get_by_role("link", name="Three colours")).to_be_visible()


def test_the_list_is_searched_sorted_and_never_past_its_end(
    page: Page, app: RunningApp, dataset: tuple[Path, list[MadeVideo]]
) -> None:
    page.goto(f"{app.url}/?view=library&page=99")
    rows = page.locator(".row")
    expect(rows).to_have_count(len(dataset[1]))
    settle(page)
    field = page.get_by_role("searchbox", name=texts.library.FIND.en)
    field.fill("red STRIPES")
    field.press("Enter")
    expect(page).to_have_url(re.compile("find="))
    expect(rows).to_have_count(sum(v.title.startswith("Red stripes") for v in dataset[1]))
    page.get_by_label(texts.filters.SORT.en).select_option(texts.library.BY_TITLE.en)
    expect(page).to_have_url(re.compile("sort=title"))
    settle(page)
    names = rows.locator(".title").all_text_contents()
    assert names == sorted(names, key=str.casefold)


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
        expect(figure(page, texts.library.WAITING.en)).to_contain_text("19")
        expect(page.get_by_role("button", name=CHANGES)).to_have_count(0)
        page.get_by_text(texts.library.LOCKED.en).click()
        for guess in ("a guess", TOKEN):
            page.get_by_label(texts.library.TOKEN_BOX.en).fill(guess)
            page.get_by_label(texts.library.TOKEN_BOX.en).press("Enter")
            if guess != TOKEN:
                expect(page.get_by_text(texts.library.TOKEN_WRONG.en)).to_be_visible()
            settle(page)

        choose(
            page,
            page.get_by_role("combobox", name=texts.library.ENCODER.en).last,
            re.compile("starter"),
        )
        page.get_by_role("button", name=texts.library.INDEX_NOW.en).click()
        expect(page.get_by_text(re.compile(rf"{INDEXING} · Done: \d+ videos"))).to_be_visible()
        settle(page)
        expect(figure(page, texts.library.SEARCHABLE.en)).to_contain_text("18")
        page.get_by_role("tab", name=f"{texts.library.FAILURES.en} (1)").click()
        failure = page.get_by_role("tabpanel").filter(has_text=videos[LOST].title)
        expect(failure).to_contain_text(f"{videos[LOST].id}.jpg")


def test_a_long_job_shows_how_far_it_is_and_is_stopped(page: Page, tmp_path: Path) -> None:
    make_long_dataset(tmp_path / "pictures", LONG)
    library = tmp_path / "library"
    tubeseek(library, "add", str(tmp_path / "pictures"))
    with running_app(library, tmp_path / "app.log") as app:
        page.goto(f"{app.url}/?view=library")
        settle(page)
        choose(
            page,
            page.get_by_role("combobox", name=texts.library.ENCODER.en).last,
            re.compile("starter"),
        )
        page.get_by_role("button", name=texts.library.INDEX_NOW.en).click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        expect(page.get_by_text(re.compile(rf"{INDEXING} · [1-9]\d* of {LONG}"))).to_be_visible()
        page.get_by_role("button", name=texts.library.CANCEL.en).click()
        summary = page.get_by_text(re.compile(rf"{INDEXING} · Stopped; \d+ video"))
        expect(summary).to_be_visible()
        settle(page)
        kept = int(re.findall(r"\d+", summary.inner_text())[0])
        there = int(
            figure(page, texts.library.SEARCHABLE.en).inner_text().split()[-1].replace(",", "")
        )
        assert (
            0 < kept <= there < LONG
        )  # the message counts what was stored when the job was told to stop
