"""Every page in both languages and themes: axe-core finds nothing, and nothing moves."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.helpers.app_pages import settle
from tests.helpers.app_process import RunningApp, server_of
from tests.helpers.made_video_files import NAME

axe = pytest.importorskip(
    "axe_playwright_python.base", reason="needs axe-core: pip install axe-playwright-python"
)

pytestmark = pytest.mark.browser

MOST_SHIFT = 0.1  # of the layout: what is "good" by https://web.dev/articles/cls
WATCH_SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => shifts.push(...list.getEntries()
    .filter((entry) => !entry.hadRecentInput)
    .map(({value, sources}) => [value, sources.map(({node}) => node?.className ?? "")])))
    .observe({type: "layout-shift", buffered: true});"""
RUN_AXE = """async () => (await axe.run({resultTypes: ["violations"]})).violations.flatMap(
    ({id, nodes}) => nodes.map((node) => [id, node.target.join(" "), node.failureSummary]))"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
def test_axe_finds_nothing_on_any_page_and_nothing_moves(
    visit: Callable[..., Page], video_app: RunningApp, locale: str, theme: str, width: int
) -> None:
    page = visit(locale, color_scheme=theme, viewport={"width": width, "height": 860})
    page.add_init_script(WATCH_SHIFTS)
    videos = server_of(video_app.library).list(10, 0).videos
    video_id = next(video.id for video in videos if video.title == NAME)
    addresses = (
        "",
        "?q=gardens",
        f"?video={video_id}&q=gardens",
        "?view=library",
        "?view=training",
    )
    faults: dict[str, Any] = {}
    for address in addresses:
        page.goto(f"{video_app.url}/{address}")
        expect(page.get_by_role("link", name="tubeseek")).to_be_visible()
        settle(page)
        shifts = page.evaluate("shifts")
        if sum(shift for shift, _ in shifts) >= MOST_SHIFT:
            faults[f"{address} moves"] = shifts
        page.evaluate(axe.AXE_SCRIPT)
        if violations := page.evaluate(RUN_AXE):
            faults[address] = violations
    assert not faults
