"""What a test looks for on a page of the app."""

import re

from playwright.sync_api import Locator, Page, expect

WORD_JOINER = "⁠"
CARD_TITLES = '[class*="st-key-ts-title-"] button'


def cards(page: Page, grid: str) -> Locator:
    """The titles of a grid's cards, best first."""
    return page.locator(f".st-key-ts-grid-{grid}").locator(CARD_TITLES)


def titles(page: Page, grid: str, count: int) -> list[str]:
    """What the titles say, once there are `count`; without what keeps Markdown apart."""
    found = cards(page, grid)
    expect(found).to_have_count(count)
    return [title.replace(WORD_JOINER, "") for title in found.all_inner_texts()]


def search_for(page: Page, words: str) -> None:
    """Types into the search box and presses Enter."""
    box = page.locator(".st-key-search_box input")
    box.fill(words)
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"[?&]q="))


def open_filters_option(page: Page, label: str, option: str) -> None:
    """Chooses one option of a multiselect in the sidebar."""
    page.get_by_test_id("stSidebar").get_by_label(label).click()
    page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")
