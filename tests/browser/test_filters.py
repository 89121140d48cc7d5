"""The filters that stay out of sight until one of them is used."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.helpers.app_pages import WORD_JOINER, card_named, cards, settle, titles
from tests.helpers.app_process import RunningApp, server_of
from tests.helpers.made_video_files import NAME, PLAIN_NAME, SHOT_SECONDS
from tubeseek.core.schemas import Boost, Scope, SearchRequest
from tubeseek.ui import texts

pytestmark = pytest.mark.browser

WORDS = "red fruit"


def write(page: Page, box: Locator, text: str) -> None:
    settle(page)
    box.fill(text)
    box.press("Enter")


def press(page: Page, button: Locator) -> None:
    settle(page)
    button.click()


def score(page: Page) -> str:
    """The score on the card of the painted video."""
    return card_named(page, "results", NAME).locator(".ts-score").inner_text()


def test_times_thumbnails_and_boosts_are_chosen_and_cleared(
    page: Page, video_app: RunningApp
) -> None:
    server = server_of(video_app.library)
    request = SearchRequest(text=WORDS, using=Scope.PICTURES)
    most_replayed = request.model_copy(update={"boost": (Boost.MOST_REPLAYED,)})
    usual, raised = (
        next(f"{hit.score:.3f}" for hit in server.search(search).hits if hit.title == NAME)
        for search in (request, most_replayed)
    )
    assert usual != raised
    sidebar = page.get_by_test_id("stSidebar")
    after, before = (
        sidebar.get_by_label(label.en, exact=True)
        for label in (texts.filters.MOMENTS_FROM, texts.filters.MOMENTS_BEFORE)
    )
    clear = sidebar.get_by_role("button", name=texts.filters.CLEAR_FILTERS.en)

    page.goto(f"{video_app.url}/?q={WORDS}&using=pictures")
    assert titles(page, "results", 2) == [NAME, PLAIN_NAME]
    assert score(page) == usual
    expect(after).not_to_be_visible()
    expect(clear).to_have_count(0)

    press(page, sidebar.get_by_text(texts.filters.MORE_FILTERS.en))
    write(page, after, "soon")
    expect(sidebar.get_by_role("alert")).to_have_text(texts.filters.NO_TIME.en)
    write(page, after, "0:04")
    expect(page).to_have_url(re.compile("moment_after=4"))
    write(page, before, "8")
    expect(page).to_have_url(re.compile("moment_before=8"))
    assert titles(page, "results", 1) == [NAME]  # the other ends before
    expect(before).to_have_value("0:08")
    strip = card_named(page, "results", NAME).locator('[class*="-ts-strip"]').get_by_role("button")
    times = [text.replace(WORD_JOINER, "") for text in strip.all_inner_texts()]
    assert times
    assert all(SHOT_SECONDS <= int(time.removeprefix("0:")) < 8 for time in times), times

    write(page, after, "9")  # no moment is after it and before the other
    expect(page).to_have_url(re.compile(r"^(?!.*moment_before).*moment_after=9"))
    press(page, clear)
    expect(page).to_have_url(re.compile(r"^(?!.*moment_)"))
    assert titles(page, "results", 2) == [NAME, PLAIN_NAME]

    press(page, sidebar.get_by_text(texts.filters.HONEST_ONLY.en))
    assert titles(page, "results", 1) == [PLAIN_NAME]
    press(page, sidebar.get_by_text(texts.filters.HONEST_ONLY.en))
    cards(page, "results", 2)
    press(page, sidebar.get_by_text(texts.filters.HONEST_FIRST.en))
    expect(page.get_by_text(texts.search.FOUND_HONEST.written("en", n=2))).to_be_visible()
    assert titles(page, "results", 2) == [PLAIN_NAME, NAME]
    press(page, sidebar.get_by_text(texts.filters.MOST_REPLAYED.en))
    expect(page).to_have_url(re.compile(r"honest=first&boost=most-replayed"))
    page.reload()
    assert titles(page, "results", 2) == [PLAIN_NAME, NAME]
    expect(after).to_be_visible()
    assert score(page) == raised

    press(page, clear)
    expect(clear).to_have_count(0)
    assert titles(page, "results", 2) == [NAME, PLAIN_NAME]
    assert page.url.endswith("using=pictures")
