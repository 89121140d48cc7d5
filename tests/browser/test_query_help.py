"""The app explains the query language, and says where a query is wrong."""

import pytest
from playwright.sync_api import Page, expect

from tests.helpers.app_pages import search_for, settle, titles
from tests.helpers.app_process import RunningApp
from tubeseek.ui import texts

pytestmark = pytest.mark.browser


def test_the_search_box_explains_the_query_language(page: Page, app: RunningApp) -> None:
    page.goto(app.url)
    settle(page)
    page.get_by_role("button", name=texts.search.HELP.en).click()
    for _, meaning in texts.search.SYNTAX:
        expect(page.get_by_text(meaning.en, exact=True)).to_be_visible()


def test_an_error_in_a_query_is_shown_with_its_column(page: Page, app: RunningApp) -> None:
    page.goto(app.url)
    search_for(page, 'red "circle')
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("column 5")
    search_for(page, '"circles 1" -red')
    assert set(titles(page, "results", 2)) == {"Blue circles 1", "Green circles 1"}
