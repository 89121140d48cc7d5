"""The app in both languages, its errors, and that Streamlit has nothing to complain about."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.helpers.app_pages import cards, search_field, settle
from tests.helpers.app_process import RunningApp
from tubeseek.ui import texts

pytestmark = pytest.mark.browser

ALL = 19  # videos of the dataset


def test_a_korean_browser_is_answered_in_korean(
    visit: Callable[..., Page], app: RunningApp
) -> None:
    page = visit("ko-KR")
    page.goto(f"{app.url}/?q=빨간+원")
    expect(page.get_by_role("link", name=texts.app.LIBRARY.ko)).to_be_visible()
    expect(page.get_by_text(re.compile(r"^맞는 동영상 \d+개"))).to_be_visible()
    cards(page, "results", ALL)
    expect(page.get_by_text("조회수 250만회")).to_have_count(6)


def test_the_switch_changes_the_language_and_stays_on_the_page(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/?q=circle")
    cards(page, "results", ALL)
    page.get_by_role("link", name=texts.app.OTHER_LANGUAGE.en).click()
    expect(page.get_by_role("button", name=texts.filters.FILTERS.ko)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(search_field(page)).to_have_value("circle")
    cards(page, "results", ALL)
    page.get_by_role("link", name=texts.app.LIBRARY.ko).click()
    expect(page.get_by_text(texts.library.SEARCHABLE.ko)).to_be_visible()
    settle(page)
    page.get_by_role("link", name=texts.app.OTHER_LANGUAGE.ko).click()
    expect(page.get_by_text(texts.library.SEARCHABLE.en)).to_be_visible()


@pytest.mark.parametrize("address", ["?video=nobody00000", "?like=nobody00000"])
def test_an_unknown_video_is_named_in_a_message(page: Page, app: RunningApp, address: str) -> None:
    page.goto(f"{app.url}/{address}")
    expect(page.get_by_test_id("stAlert").first).to_contain_text("nobody00000")
    settle(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_an_address_of_nonsense_is_no_error(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/?views=many&since=yesterday&duration=x&page=-1&channel=nobody&t=x&q=red")
    expect(page.get_by_text(texts.search.NOTHING_PASSES.en)).to_be_visible()


def test_streamlit_warned_of_nothing(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/?view=library")
    expect(page.get_by_test_id("stMetric")).to_have_count(4)
    settle(page)
    log = app.log.read_text()
    assert "The app is at" in log
    assert not re.search(r"deprecat|warning|traceback|error", log, re.IGNORECASE), log


def test_streamlit_offers_no_pages_of_its_own(page: Page, app: RunningApp) -> None:
    """It takes the files of a folder `pages` beside the script for some, unless told not to."""
    page.goto(f"{app.url}/?q=circle")
    cards(page, "results", ALL)
    expect(page.get_by_test_id("stSidebar")).to_have_count(0)
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)
