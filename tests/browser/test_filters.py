"""The filters that stay out of sight until one of them is used."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.helpers.app_pages import apply, card_named, cards, filter_sheet, titles
from tests.helpers.app_process import RunningApp, server_of
from tests.helpers.made_video_files import NAME, PLAIN_NAME, SHOT_SECONDS
from tubeseek.core.schemas import Boost, Scope, SearchRequest
from tubeseek.ui import texts

pytestmark = pytest.mark.browser

WORDS = "red fruit"


def fields(sheet: Locator) -> tuple[Locator, Locator]:
    """The fields for the times of moments."""
    after, before = (
        sheet.get_by_label(label.en)
        for label in (texts.filters.MOMENTS_FROM, texts.filters.MOMENTS_BEFORE)
    )
    return after, before


def score(page: Page) -> str:
    """How well the painted video fits, in the tooltip on its card."""
    fit = card_named(page, "results", NAME).locator(".fit")
    return fit.get_attribute("title") or ""


def test_times_thumbnails_and_orders_are_chosen_and_cleared(
    page: Page, video_app: RunningApp
) -> None:
    page.goto(f"{video_app.url}/?q={WORDS}&using=pictures")
    assert titles(page, "results", 2) == [NAME, PLAIN_NAME]
    share = re.compile(r"\d+%")
    warning = card_named(page, "results", NAME).locator(".warning")
    expect(warning).to_have_text(texts.video.MISLEADING.en)
    expect(warning).to_have_attribute("title", share)

    sheet = filter_sheet(page)
    after, before = fields(sheet)
    after.fill("soon")
    sheet.locator(".apply").click()
    assert (
        after.evaluate("field => !field.validity.valid && field.title") == texts.filters.NO_TIME.en
    )
    after.fill("0:04")
    before.fill("8")
    apply(sheet)
    expect(page).to_have_url(re.compile("moment_after=4&moment_before=8"))
    assert titles(page, "results", 1) == [NAME]  # the other ends before
    time = card_named(page, "results", NAME).locator(".at").text_content() or ""
    assert SHOT_SECONDS <= int(time.removeprefix("▶ 0:")) < 8

    sheet = filter_sheet(page)
    after, before = fields(sheet)
    expect(before).to_have_value("0:08")
    after.fill("9")  # no moment is after it and before the other
    apply(sheet)
    expect(page).to_have_url(re.compile(r"^(?!.*moment_before).*moment_after=9"))
    page.get_by_role("link", name=f"{texts.filters.MOMENTS_FROM.en} 0:09").click()
    expect(page).to_have_url(re.compile(r"^(?!.*moment_)"))
    assert titles(page, "results", 2) == [NAME, PLAIN_NAME]

    sheet = filter_sheet(page)
    sheet.get_by_role("checkbox", name=texts.filters.HONEST_ONLY.en).check()
    apply(sheet)
    assert titles(page, "results", 1) == [PLAIN_NAME]
    page.get_by_role("link", name=re.compile(texts.filters.HONEST_ONLY.en)).click()
    cards(page, "results", 2)
    order = page.get_by_label(texts.filters.SORT.en)
    order.select_option(texts.filters.HONEST_FIRST.en)
    assert titles(page, "results", 2) == [PLAIN_NAME, NAME]
    sheet = filter_sheet(page)
    sheet.get_by_role("checkbox", name=texts.filters.MOST_REPLAYED.en).check()
    apply(sheet)
    expect(page).to_have_url(re.compile(r"boost=most-replayed"))
    page.reload()
    cards(page, "results", 2)

    filter_sheet(page).locator(".clear").click()
    expect(page).to_have_url(re.compile(r"^(?!.*(boost|honest|moment|using))"))
    cards(page, "results", 2)


def test_a_boost_changes_the_request_to_the_server(page: Page, video_app: RunningApp) -> None:
    with page.expect_request(re.compile("/v1/search")) as usual:
        page.goto(f"{video_app.url}/?q={WORDS}&using=pictures&boost=most-replayed")
    assert "boost=most-replayed" in usual.value.url
    request = SearchRequest(text=WORDS, using=Scope.PICTURES, boost=(Boost.MOST_REPLAYED,))
    hits = server_of(video_app.library).search(request).hits
    assert titles(page, "results", 2) == [hit.title for hit in hits]
    best = next(hit for hit in hits if hit.title == NAME)
    assert str(best.relevance) in score(page)
