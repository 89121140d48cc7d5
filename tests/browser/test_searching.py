"""Searching in the app: by words in two languages, by a picture, for more like one, filtered."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.helpers.app_pages import (
    apply,
    card_named,
    cards,
    filter_sheet,
    search_field,
    search_for,
    settle,
    title,
    titles,
)
from tests.helpers.app_process import RunningApp
from tests.helpers.made_library import MALICIOUS_ID, MALICIOUS_TITLE, MadeVideo
from tubeseek.core.schemas import SearchRequest, Where
from tubeseek.core.schemas.search import Fit
from tubeseek.library.remote import RemoteLibrary
from tubeseek.ui import texts

pytestmark = pytest.mark.browser

SHOWN = 24
ALL = 19  # videos of the dataset
RED = 6  # of which are of the red channel
DELAY_MS = 3_000  # long enough for the server to answer; shorter, the test would miss a defect


@pytest.mark.parametrize("words", ["red circle", "파란 줄무늬"])
def test_enter_searches_and_shows_what_the_server_answers_in_its_order(
    page: Page, app: RunningApp, server: RemoteLibrary, words: str
) -> None:
    page.goto(app.url)
    search_for(page, words)
    answer = server.search(SearchRequest(text=words, limit=SHOWN))
    assert len(answer.hits) == len({hit.title for hit in answer.hits}) > 10
    fits = sum(hit.fit is not Fit.NONE for hit in answer.hits)
    summary = texts.search.COUNTS.written("en", fits=fits, nearest=len(answer.hits) - fits)
    expect(page.get_by_text(summary)).to_be_visible()
    assert titles(page, "results", len(answer.hits)) == [hit.title for hit in answer.hits]
    assert f"q={quote(words)}" in page.url.replace("+", "%20")


def test_back_leads_to_the_search_before(page: Page, app: RunningApp) -> None:
    page.goto(app.url)
    search_for(page, "circle")
    before = titles(page, "results", ALL)
    title(cards(page, "results", ALL).first).click()
    expect(page).to_have_url(re.compile("video="))
    expect(page.get_by_role("heading", name=texts.video.MORE_LIKE_THIS.en)).to_be_visible()
    settle(page)
    page.go_back()
    expect(search_field(page)).to_have_value("circle")
    assert titles(page, "results", ALL) == before


def test_filters_narrow_the_search_and_stand_in_the_address(
    page: Page, app: RunningApp, dataset: tuple[Path, list[MadeVideo]]
) -> None:
    page.goto(f"{app.url}/?q=stripes")
    cards(page, "results", ALL)
    sheet = filter_sheet(page)
    sheet.get_by_role("checkbox", name="Red channel").check()
    apply(sheet)
    expect(page).to_have_url(re.compile(r"channel=Red"))
    red = {video.title for video in dataset[1] if video.channel == "Red channel"}
    assert set(titles(page, "results", len(red))) == red
    sheet = filter_sheet(page)
    sheet.get_by_role("checkbox", name=texts.filters.OVER_20.en).check()
    apply(sheet)
    long = {video.title for video in dataset[1] if video.title.startswith("Red stripes")}
    assert set(titles(page, "results", len(long))) == long
    page.reload()
    assert set(titles(page, "results", len(long))) == long
    page.get_by_role("link", name=re.compile(texts.filters.OVER_20.en)).click()
    assert set(titles(page, "results", len(red))) == red
    filter_sheet(page).locator(".clear").click()
    cards(page, "results", ALL)


def test_filters_that_leave_nothing_are_named_as_the_reason(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/?q=circle&channel=Green+channel&views=1000000")
    expect(page.get_by_text(texts.search.NOTHING_PASSES.en)).to_be_visible()


def test_more_like_this_shows_the_neighbours_of_that_video(
    page: Page, app: RunningApp, server: RemoteLibrary
) -> None:
    page.goto(f"{app.url}/?q=stripes&channel=Red+channel")
    name = titles(page, "results", RED)[0]
    more = card_named(page, "results", name).get_by_role("link", name=texts.video.MORE_LIKE_THIS.en)
    expect(more).to_have_count(1)
    more.click()
    expect(page.get_by_text(texts.search.LIKE_VIDEO.written("en", title=name))).to_be_visible()
    video_id = page.url.split("like=")[1].split("&")[0]
    request = SearchRequest(like=video_id, limit=SHOWN, where=Where(channel=("Red channel",)))
    hits = server.search(request).hits
    assert len(hits) == RED - 1
    assert titles(page, "results", RED - 1) == [hit.title for hit in hits]
    assert name not in {hit.title for hit in hits}


def test_a_card_never_leads_to_the_video_that_takes_its_place(page: Page, app: RunningApp) -> None:
    """What the server has drawn anew is held back on its way, and the card from before clicked."""
    delayed: list[str | bytes] = []
    delaying = False

    def relay(to_page: WebSocketRoute) -> None:
        def arrived(message: str | bytes) -> None:
            delayed.append(message)
            if not delaying:
                release()

        def release() -> None:
            while delayed:
                to_page.send(delayed.pop(0))

        to_page.connect_to_server().on_message(arrived)
        releases.append(release)

    releases: list[Callable[[], None]] = []
    page.route_web_socket(re.compile("stream"), relay)
    page.goto(f"{app.url}/?q=stripes&channel=Red+channel")
    first = cards(page, "results", RED).first
    clicked, title_button = titles(page, "results", RED)[0], title(first)
    delaying = True
    first.get_by_role("link", name=texts.video.MORE_LIKE_THIS.en).click()
    page.wait_for_timeout(DELAY_MS)
    expect(title_button).to_have_text(clicked)
    title_button.click()
    page.wait_for_timeout(DELAY_MS)
    delaying = False
    releases[-1]()
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(clicked)


def test_an_uploaded_picture_finds_the_video_that_it_is_of(
    page: Page, app: RunningApp, dataset: tuple[Path, list[MadeVideo]]
) -> None:
    folder, videos = dataset
    painted = videos[7]
    page.goto(app.url)
    settle(page)
    picture = folder / "images" / f"{painted.id}.jpg"
    heading = texts.search.LIKE_PICTURE.written("en", name=picture.name)
    page.locator('input[type="file"]').set_input_files(picture)
    expect(page).to_have_url(re.compile("picture="))
    expect(page.get_by_text(heading)).to_be_visible()
    assert titles(page, "results", ALL)[0] == painted.title


def test_an_upload_that_is_no_picture_is_named_in_a_message(page: Page, app: RunningApp) -> None:
    page.goto(app.url)
    settle(page)
    file = {"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"not a picture at all"}
    page.locator('input[type="file"]').set_input_files(file)
    expect(page.get_by_test_id("stToast")).to_contain_text("notes.jpg")
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_a_malicious_title_is_shown_as_it_is_written(page: Page, app: RunningApp) -> None:
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.goto(f"{app.url}/?q=circle&category=circles")
    shown = titles(page, "results", 7)
    assert " ".join(MALICIOUS_TITLE.split()) in shown
    made = page.locator(".st-key-ts-grid-results").locator(".title *, .facts *, .katex, code")
    expect(made).to_have_count(0)
    page.goto(f"{app.url}/?video={MALICIOUS_ID}")
    settle(page)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("onerror=alert(2)")
    expect(heading.locator("a, img, .katex, code, strong")).to_have_count(0)
    expect(page.locator(".watch .facts")).to_contain_text("<b>Channel</b>")
    assert not alerts


def test_every_picture_has_a_text_for_those_who_do_not_see_it(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/?q=red")
    pictures = cards(page, "results", ALL).locator(".picture img")
    expect(pictures).to_have_count(ALL)
    described = pictures.evaluate_all("all => all.map(picture => picture.alt)")
    assert len(described) == ALL
    assert all(described)


def test_the_keyboard_alone_opens_a_video(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/?q=red")
    first = cards(page, "results", ALL).first
    name = title(first).inner_text()
    first.get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
