"""What every page owes its visitors: accessibility, a still layout, its language and its name."""

import re
from collections.abc import Callable
from importlib.resources import files
from importlib.util import find_spec

import pytest
from playwright.sync_api import Page, expect

from tests.helpers.app_pages import cards, settle
from tests.helpers.app_process import RunningApp
from tubeseek.ui import texts

pytestmark = pytest.mark.browser

ALL = 19  # videos of the dataset
LARGEST_SHIFT = 0.1  # cumulative; what web.dev calls good
# Streamlit's own link "Skip to main content" stands before all landmarks.
BY_STREAMLIT = "a[href='#stMain']"
STILL = ("", "?q=stripes")  # drawn by us from top to bottom; Streamlit loads others part by part
RECORD_SHIFTS = """
    window.shift = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => {
        if (!entry.hadRecentInput) window.shift += entry.value;
    })).observe({type: 'layout-shift', buffered: true});
"""
PAGES = {
    "": "tubeseek",
    "?q=stripes": "stripes · tubeseek",
    "?view=library": f"{texts.app.LIBRARY.en} · tubeseek",
    "?view=training": f"{texts.training.TRAINING.en} · tubeseek",
    "?video=Rst10000000": " · tubeseek",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_accessibility(
    visit: Callable[..., Page], app: RunningApp, scheme: str
) -> None:
    if find_spec("axe_playwright_python") is None:
        pytest.skip("needs axe: pip install axe-playwright-python")
    axe = (files("axe_playwright_python") / "axe.min.js").read_text()
    page = visit("en-US", color_scheme=scheme)
    for address in PAGES:
        page.goto(f"{app.url}/{address}")
        settle(page)
        if address in ("", "?q=stripes"):
            expect(page.locator(".card:not(.skeleton)").first).to_be_attached()
        page.evaluate(axe)
        context = {"exclude": [[BY_STREAMLIT]]}
        violations = page.evaluate("context => axe.run(context)", context)["violations"]
        reasons = [
            (rule["id"], node["target"], node["failureSummary"])
            for rule in violations
            for node in rule["nodes"]
        ]
        assert not reasons, (address, reasons)


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_name_themselves_and_nothing_moves_while_they_are_drawn(
    visit: Callable[..., Page], app: RunningApp, width: int
) -> None:
    page = visit("en-US", viewport={"width": width, "height": 860})
    page.add_init_script(RECORD_SHIFTS)
    for address, name in PAGES.items():
        page.goto(f"{app.url}/{address}")
        settle(page)
        assert page.title().endswith(name)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        if address in STILL:
            assert page.evaluate("window.shift") < LARGEST_SHIFT, address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def test_the_field_has_the_focus_at_home_and_examples_lead_to_results(
    page: Page, app: RunningApp
) -> None:
    page.goto(app.url)
    settle(page)
    expect(page.get_by_role("searchbox").first).to_be_focused()
    expect(page.get_by_text(re.compile(rf"{ALL} videos of \d+ channels"))).to_be_visible()
    example = page.get_by_role("navigation", name=texts.search.TRY.en).get_by_role("link").first
    query = example.inner_text().strip()
    example.click()
    expect(page.get_by_role("searchbox").first).to_have_value(query)
    cards(page, "results", ALL)


def test_a_picture_of_an_earlier_visit_is_named_as_gone(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/?picture=0123456789ab")
    expect(page.get_by_text(texts.search.PICTURE_GONE.en)).to_be_visible()
