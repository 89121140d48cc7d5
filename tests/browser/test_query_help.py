"""The app explains the query language, and says where a query is wrong."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.app_process import RunningApp

pytestmark = pytest.mark.browser


def test_the_search_box_explains_what_can_be_asked(page: Page, app: RunningApp) -> None:
    page.goto(app.url)
    page.locator(".st-key-ts-search-row [data-testid=stTooltipIcon]").hover()
    expect(page.get_by_text("exactly these")).to_be_visible()


def test_a_query_that_is_not_understood_is_told_with_its_column(
    page: Page, app: RunningApp
) -> None:
    page.goto(app.url)
    box = page.locator(".st-key-search_box input")
    box.fill('red "circle')
    box.press("Enter")
    expect(page.get_by_text(re.compile("column 5.*this quote is never closed"))).to_be_visible()
    box.fill('"circles 1" -red')
    box.press("Enter")
    expect(page.get_by_text("Blue circles 1")).to_be_visible()
    expect(page.get_by_text("Red circles 1")).to_have_count(0)
