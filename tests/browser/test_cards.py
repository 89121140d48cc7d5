"""The cards of the results: their moments, how well they fit, and the way there and back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_moments import colour_of, near
from tests.helpers.app_pages import (
    apply,
    card_named,
    cards,
    filter_sheet,
    settle,
    shown_card,
    title,
    titles,
    wait_for_time,
)
from tests.helpers.app_process import RunningApp, server_of
from tests.helpers.made_video_files import BLUE, GREEN, NAME, RED, SHOT_SECONDS, SPOKEN
from tubeseek.core.schemas import Scope, SearchRequest
from tubeseek.core.schemas.search import Fit
from tubeseek.ui import texts
from tubeseek.ui.components.results import FIT_TEXTS

pytestmark = pytest.mark.browser

ALL = 19  # videos of the dataset


def test_a_card_shows_the_moment_that_was_found_and_plays_from_it(
    page: Page, video_app: RunningApp
) -> None:
    page.goto(f"{video_app.url}/?q=meadow&using=words")
    card = shown_card(page, "results", NAME)
    expect(card.locator(".at")).to_have_text("▶ 0:04")
    assert near(colour_of(card.locator(".picture img"), 0.5), GREEN)
    expect(card.locator(".thumb")).to_be_visible()
    title(card).click()
    expect(page).to_have_url(re.compile(r"^(?=.*[?&]t=4\.01(&|$))(?=.*q=meadow)(?=.*using=words)"))
    wait_for_time(page, 4)


def test_under_the_mouse_a_card_plays_the_pictures_of_its_moments(
    page: Page, video_app: RunningApp
) -> None:
    # a sum is not graded, so that all moments are shown, not only those that fit
    page.goto(f"{video_app.url}/?q=blue+water+%2B+green+meadow&using=pictures")
    cards(page, "results", 2)
    card = card_named(page, "results", NAME)
    steps = card.locator(".steps i")
    expect(steps).to_have_count(0)
    card.locator(".picture").hover()
    expect(steps).not_to_have_count(0)
    times = set()
    for lit in range(1, steps.count() + 1):
        expect(card.locator(".steps .on")).to_have_count(lit)
        time = card.locator(".at").inner_text().removeprefix("▶ ")
        shown = colour_of(card.locator(".picture img").first, 0.5)
        assert near(shown, (RED, GREEN, BLUE)[int(time[2:]) // SHOT_SECONDS]), (time, shown)
        times.add(time)
    assert len(times) >= 3
    page.mouse.move(0, 0)
    expect(steps).to_have_count(0)


def test_each_card_and_its_page_say_how_well_the_video_fits(
    page: Page, video_app: RunningApp
) -> None:
    hits = server_of(video_app.library).search(SearchRequest(text="gardens")).hits
    assert {hit.fit for hit in hits} == {Fit.STRONG, Fit.NONE}  # words, and pictures only
    page.goto(f"{video_app.url}/?q=gardens")
    cards(page, "results", len(hits))
    for hit in hits:
        assert hit.fit is not None
        fit = card_named(page, "results", hit.title).locator(".fit")
        expect(fit).to_have_text(FIT_TEXTS[hit.fit].en)
        expect(fit).to_have_attribute("title", re.compile(rf"\b{hit.relevance}\b"))
    weak = card_named(page, "results", next(hit.title for hit in hits if hit.fit is Fit.NONE))
    expect(weak).not_to_be_visible()  # folded until somebody wants to see it
    page.get_by_text(texts.search.NEAREST.en).click()
    expect(weak).to_be_visible()
    page.get_by_role("switch", name=texts.filters.ONLY_FITS.en).click()
    expect(page).to_have_url(re.compile("fits=1"))
    title(cards(page, "results", 1)).click()
    expect(page.locator(".facts .fit")).to_have_text(FIT_TEXTS[Fit.STRONG].en)


def test_a_card_quotes_speech_with_its_words_marked(page: Page, video_app: RunningApp) -> None:
    page.goto(f"{video_app.url}/?q=the+garden+-car&using=words")
    quote = shown_card(page, "results", NAME).locator(".quote")
    expect(quote).to_have_text(SPOKEN)
    expect(quote.locator("mark")).to_have_text(["gardens"])  # "the" is too common to mark
    expect(quote.locator("img, b, strong")).to_have_count(0)


def test_what_words_are_looked_up_in_is_chosen_and_stays_in_the_address(
    page: Page, video_app: RunningApp
) -> None:
    server = server_of(video_app.library)
    everywhere, in_words = (
        [hit.title for hit in server.search(SearchRequest(text="ocean", using=using)).hits]
        for using in (Scope.ALL, Scope.WORDS)
    )
    page.goto(f"{video_app.url}/?q=ocean")
    assert titles(page, "results", len(everywhere)) == everywhere
    sheet = filter_sheet(page)
    sheet.get_by_role("checkbox", name=texts.search.USING_WORDS.en).check()
    with page.expect_request(re.compile("/v1/search.*using=words")):
        apply(sheet)
    expect(page).to_have_url(re.compile("using=words"))
    assert titles(page, "results", len(in_words)) == in_words
    page.reload()
    assert titles(page, "results", len(in_words)) == in_words
    page.get_by_role("link", name=re.compile(texts.search.USING_WORDS.en)).click()
    expect(page).not_to_have_url(re.compile("using="))
    assert titles(page, "results", len(everywhere)) == everywhere


def test_a_card_without_channel_or_views_has_no_blank_lines(
    page: Page, video_app: RunningApp
) -> None:
    page.goto(f"{video_app.url}/?q=gardens")
    for card in cards(page, "results", 2).all():
        assert all(text.strip() for text in card.locator(".facts").all_text_contents())


def test_a_card_is_a_link_that_opens_in_a_tab_of_its_own(page: Page, app: RunningApp) -> None:
    page.goto(f"{app.url}/?q=stripes")
    first = cards(page, "results", ALL).first
    name = title(first).inner_text()
    with page.context.expect_page() as opened:
        title(first).click(modifiers=["ControlOrMeta"])
    tab = opened.value
    expect(tab.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("q=stripes"))


def test_the_way_back_keeps_cards_and_scroll_without_asking_the_server_again(
    visit: Callable[..., Page], app: RunningApp
) -> None:
    page = visit("en-US", viewport={"width": 500, "height": 600})
    page.goto(f"{app.url}/?q=stripes")
    all_cards = cards(page, "results", ALL)
    if page.get_by_text(texts.search.NEAREST.en).is_visible():
        page.get_by_text(texts.search.NEAREST.en).click()
    card = all_cards.nth(8)
    card.scroll_into_view_if_needed()
    settle(page)
    main = page.get_by_test_id("stMain")
    before = main.evaluate("main => main.scrollTop")
    assert before > 500
    searches: list[str] = []
    page.on("request", lambda request: searches.append(request.url))
    title(card).click()
    expect(page).to_have_url(re.compile("video="))
    settle(page)
    page.go_back()
    expect(page).not_to_have_url(re.compile("video="))
    cards(page, "results", ALL)
    page.wait_for_function(
        "top => Math.abs(document.querySelector('[data-testid=stMain]').scrollTop - top) < 40",
        arg=before,
    )
    assert not [url for url in searches if "/v1/search" in url and "like=" not in url]


def test_the_keyboard_moves_between_cards_and_reaches_the_search_field(
    page: Page, app: RunningApp
) -> None:
    page.goto(f"{app.url}/?q=stripes")
    links = cards(page, "results", ALL).locator("a.open")
    links.first.focus()
    page.keyboard.press("ArrowRight")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(links.first).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox").first).to_be_focused()


def test_a_click_copies_the_link_to_the_moment(
    visit: Callable[..., Page], video_app: RunningApp
) -> None:
    page = visit("en-US", permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{video_app.url}/?q=meadow&using=words")
    card = shown_card(page, "results", NAME)
    card.get_by_role("button", name=texts.video.COPY_LINK.en).click()
    expect(page.get_by_text(texts.video.COPIED.en)).to_be_visible()
    assert re.search(r"[?&]t=4\.01", page.evaluate("navigator.clipboard.readText()"))


def test_a_search_that_fails_says_so_and_can_be_tried_again(page: Page, app: RunningApp) -> None:
    page.route(re.compile("/v1/search"), lambda route: route.abort())
    page.goto(f"{app.url}/?q=stripes")
    expect(page.get_by_text(texts.errors.NOT_REACHED.en)).to_be_visible()
    page.unroute(re.compile("/v1/search"))
    page.get_by_role("button", name=texts.errors.TRY_AGAIN.en).click()
    cards(page, "results", ALL)


def test_on_a_phone_what_one_touches_is_large_enough_and_nothing_sticks_out(
    visit: Callable[..., Page], app: RunningApp
) -> None:
    page = visit("ko-KR", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto(f"{app.url}/?q=빨간+원&channel=Red+channel")
    cards(page, "results", 6)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    field = page.get_by_role("searchbox").first.bounding_box()
    assert field is not None
    assert field["width"] > 350
    small = page.locator(".stMain :is(button, a, select):visible:not(.open)").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).filter(b => b.height < 44).length"
    )
    assert small == 0
    sheet = filter_sheet(page)
    box = sheet.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
