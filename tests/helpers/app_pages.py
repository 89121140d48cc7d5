"""Finds the parts of a page of the app, once the page has come to rest.

Streamlit draws a page piece by piece: a card may be there before its neighbour to the left, without
its title, or still be that of the search before. So a test settles a page before it reads anything
that it goes on to use, and it clicks what belongs to what it has read.
"""

import re
from contextlib import suppress
from itertools import count

from playwright.sync_api import Error, Locator, Page, expect

from tubeseek.ui import texts

WORD_JOINER = "⁠"
QUIET_MS = 500
OPENING_MS = 3_000
TRIES = 10
CARD = ".card:not(.skeleton)"
TITLE = ".open .title"

# True once the script has ended, nothing waits to be drawn, and nothing has changed for a while.
# Each wait has its own number, so that quiet time before it does not count.
_AT_REST = """([number, quietMs]) => {
    if (window.watched?.number !== number) {
        window.watched?.observer.disconnect();
        const watched = {number, since: performance.now()};
        watched.observer = new MutationObserver(() => { watched.since = performance.now(); });
        watched.observer.observe(document,
            {subtree: true, childList: true, attributes: true, characterData: true});
        window.watched = watched;
        return false;
    }
    const app = document.querySelector('[data-testid="stApp"]');
    const unfinished = '[data-testid="stSkeleton"], [data-testid="stSkeletonElement"], '
        + '[data-testid="stAppSkeleton"], [data-testid="stSpinner"], [data-stale="true"]';
    const busy = app?.dataset.testScriptState !== 'notRunning'
        || app.dataset.testConnectionState !== 'CONNECTED'
        || document.querySelector(unfinished)
        || document.fonts.status !== 'loaded'
        || [...document.images].some(picture => !picture.complete);
    if (busy) window.watched.since = performance.now();
    return performance.now() - window.watched.since >= quietMs;
}"""
_waits = count(1)


def settle(page: Page) -> None:
    """Wait until the page has come to rest: drawn in full, after the last click."""
    page.wait_for_function(_AT_REST, arg=[next(_waits), QUIET_MS])


def cards(page: Page, grid: str, number: int) -> Locator:
    """The cards of a grid, best first, once the page is at rest and there are so many."""
    all_cards = page.locator(f".st-key-ts-grid-{grid}").locator(CARD)
    expect(all_cards.locator(TITLE)).to_have_count(number)
    settle(page)
    expect(all_cards.locator(TITLE)).to_have_count(number)  # not those of the page before
    return all_cards


def title(card: Locator) -> Locator:
    """The title of a card; the whole card is the link to its video."""
    return card.locator(TITLE)


def titles(page: Page, grid: str, number: int) -> list[str]:
    """The titles of `number` cards, also of those that are folded away."""
    shown = cards(page, grid, number).locator(TITLE).all_text_contents()
    return [" ".join(text.split()) for text in shown]


def card_named(page: Page, grid: str, name: str) -> Locator:
    """The card whose title says this."""
    heading = page.locator(TITLE).get_by_text(name, exact=True)
    return page.locator(f".st-key-ts-grid-{grid}").locator(CARD).filter(has=heading)


def shown_card(page: Page, grid: str, name: str) -> Locator:
    """The card whose title says this, once the page is at rest."""
    card = card_named(page, grid, name)
    expect(card.locator(TITLE)).to_have_count(1)
    settle(page)
    return card


def search_field(page: Page) -> Locator:
    """The search field in the header."""
    return page.locator(".st-key-ts-header").get_by_role("searchbox")


def search_for(page: Page, words: str) -> None:
    """Types into the search box and presses Enter."""
    settle(page)
    box = search_field(page)
    box.fill(words)
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"[?&]q="))


def choose(page: Page, box: Locator, option: str | re.Pattern[str]) -> None:
    """Chooses one option of a select box.

    Its list may stay closed at the first click: the field that had the focus before takes it.
    """
    settle(page)
    choice = page.get_by_role("option", name=option)
    for _ in range(TRIES):
        box.press("ArrowDown")
        with suppress(Error):
            choice.wait_for(timeout=OPENING_MS)
            break
    choice.click()


def open_nearest(page: Page) -> None:
    """Unfolds what is only near the search."""
    page.get_by_text(texts.search.NEAREST.en).click()


def filter_sheet(page: Page) -> Locator:
    """Opens the sheet of filters."""
    settle(page)
    page.locator(".st-key-ts-filters button.open").click()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    return sheet


def apply(sheet: Locator) -> None:
    """Searches with what the sheet of filters holds."""
    sheet.locator(".apply").click()
    expect(sheet).not_to_be_visible()


def click_at(page: Page, mark: Locator) -> None:
    """A click on the middle of what is drawn there, whatever lies over it."""
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def wait_for_time(page: Page, start: float, end: float = float("inf")) -> None:
    """Wait until the player shows a time from `start` on, and before `end`."""
    player = page.locator(".player video").element_handle()
    page.wait_for_function(
        "([video, start, end]) => !video.seeking && start <= video.currentTime"
        " && video.currentTime < (end ?? Infinity)",
        arg=[player, start, None if end == float("inf") else end],
    )
