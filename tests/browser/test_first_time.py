"""What a first-time user does: add a folder, index, search, open a moment, pass its link on."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.helpers.app_pages import card_named, search_for, settle, title, wait_for_time
from tests.helpers.app_process import RunningApp, tubeseek
from tests.helpers.made_video_files import NAME, SHOT_SECONDS
from tubeseek.core.schemas import SearchAnswer
from tubeseek.ui import texts

pytestmark = pytest.mark.browser

QUERY = "Meadow"  # the name of the second of three shots


def test_a_moment_is_found_and_its_link_opens_it_elsewhere(
    visit: Callable[..., Page], video_app: RunningApp
) -> None:
    """The fixture has run `add FOLDER`, `index` and `app`, as the README says."""
    printed = tubeseek(video_app.library, "search", QUERY, "-n", "1", "--format", "json")
    (hit,) = SearchAnswer.model_validate_json(printed).hits
    seek = hit.moments[0].seek
    assert hit.title == NAME
    assert SHOT_SECONDS <= seek < 2 * SHOT_SECONDS
    (link,) = tubeseek(video_app.library, "search", QUERY, "-n", "1", "--format", "urls").split()
    assert urlsplit(link).fragment == f"t={seek:g}"

    page = visit("en-US", permissions=["clipboard-read", "clipboard-write"])
    page.goto(video_app.url)
    search_for(page, QUERY)
    settle(page)
    title(card_named(page, "results", NAME)).click()
    wait_for_time(page, seek)
    page.get_by_role("button", name=texts.video.COPY_LINK.en, exact=True).click()
    expect(page.get_by_role("button", name=texts.video.COPIED.en)).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(video_app.url)

    elsewhere = visit("ko-KR")
    elsewhere.goto(copied)
    expect(elsewhere.get_by_role("heading", name=NAME)).to_be_visible()
    wait_for_time(elsewhere, seek)
