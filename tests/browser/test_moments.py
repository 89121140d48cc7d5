"""The moments of a result: the pictures of their seconds, their words, and playing from there."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.helpers.app_pages import (
    WORD_JOINER,
    card_named,
    cards,
    click_at,
    settle,
    title,
    titles,
    wait_for_time,
)
from tests.helpers.app_process import RunningApp, server_of
from tests.helpers.made_video_files import NAME, OCEAN, SHOT_SECONDS, SPOKEN
from tests.helpers.made_videos import BLUE, GREEN, RED, Colour
from tubeseek.core.schemas import SearchRequest
from tubeseek.core.schemas.search import Fit
from tubeseek.ui import texts
from tubeseek.ui.components.results import FIT_TEXTS

pytestmark = pytest.mark.browser

TOLERANCE = 40  # of 255: video and JPEG change colours a little, and neighbours are far apart
COLOUR_AT = """([picture, part]) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
    const drawing = canvas.getContext('2d');
    drawing.drawImage(picture, 0, 0);
    return [...drawing.getImageData(canvas.width * part, canvas.height / 2, 1, 1).data];
}"""


def strip(page: Page, number: int) -> Locator:
    """The strip of the painted video, once so many videos are drawn."""
    cards(page, "results", number)
    return card_named(page, "results", NAME).locator('[class*="-ts-strip"]')


def colour_of(picture: Locator, part: float) -> list[int]:
    """What a picture shows at this part of its width, at half its height."""
    expect(picture).to_be_visible()
    handle = picture.element_handle()
    picture.page.wait_for_function("p => p.complete && p.naturalWidth > 0", arg=handle)
    colour: list[int] = picture.page.evaluate(COLOUR_AT, [handle, part])
    return colour[:3]


def near(colour: list[int], expected: Colour) -> bool:
    return max(abs(a - b) for a, b in zip(colour, expected, strict=True)) < TOLERANCE


def test_a_strip_shows_the_moment_and_plays_from_it(page: Page, video_app: RunningApp) -> None:
    page.goto(f"{video_app.url}/?q=meadow&using=words")
    moments = strip(page, 1)
    moment = moments.get_by_role("button")
    expect(moment).to_have_count(1)
    assert moment.inner_text().replace(WORD_JOINER, "") == "0:04"
    assert near(colour_of(moments.locator("img"), 0.5), GREEN)
    moment.hover()
    expect(page.get_by_test_id("stTooltipContent")).to_contain_text(texts.video.IN_CHAPTER.en)
    moment.click()
    expect(page).to_have_url(re.compile(r"[?&]t=4\.01&q=meadow&using=words"))
    wait_for_time(page, 4)


def test_a_strip_of_frames_has_the_picture_of_each_time(page: Page, video_app: RunningApp) -> None:
    # a sum is not graded, so that all moments are shown, not only those that fit
    page.goto(f"{video_app.url}/?q=blue+water+%2B+green+meadow&using=pictures")
    moments = strip(page, 2)
    buttons = moments.get_by_role("button").all_inner_texts()
    times = [time.replace(WORD_JOINER, "") for time in buttons]
    assert len(times) >= 3
    for at, time in enumerate(times):
        shown = colour_of(moments.locator("img"), (at + 0.5) / len(times))
        assert near(shown, (RED, GREEN, BLUE)[int(time[2:]) // SHOT_SECONDS]), (time, shown)


def test_the_player_has_the_moments_beside_it_with_the_words_marked(
    page: Page, video_app: RunningApp
) -> None:
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.goto(f"{video_app.url}/?q=garden&using=words")
    title(cards(page, "results", 1)).click()
    expect(page.get_by_role("tab", name=texts.video.MOMENTS.en)).to_be_visible()
    moment = page.locator(".moments li")
    words = moment.locator("q")
    expect(words).to_have_text(SPOKEN)
    expect(words.locator("mark")).to_have_text("gardens")
    expect(words.locator("img, b, strong")).to_have_count(0)
    expect(moment).to_contain_text(texts.video.SPEECH.en)
    assert near(colour_of(moment.locator("img"), 0.5), BLUE)
    page.get_by_role("tab", name=texts.video.CHAPTERS.en).click()
    page.get_by_role("link", name="Apple").click()
    expect(page).to_have_url(re.compile(r"^(?!.*[?&]t=).*q=garden"))
    page.get_by_role("tab", name=texts.video.MOMENTS.en).click()
    moment.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"[?&]q=garden.*&t=8\.51"))
    wait_for_time(page, 8.5)
    assert not alerts


def test_each_card_and_its_page_say_how_well_the_video_fits(
    page: Page, video_app: RunningApp
) -> None:
    hits = server_of(video_app.library).search(SearchRequest(text="gardens")).hits
    assert {hit.fit for hit in hits} == {
        Fit.STRONG,
        Fit.NONE,
    }  # one has the words, one only pictures
    page.goto(f"{video_app.url}/?q=gardens")
    cards(page, "results", len(hits))
    for hit in hits:
        assert hit.fit is not None
        expect(card_named(page, "results", hit.title).locator(".ts-fit")).to_have_text(
            FIT_TEXTS[hit.fit].en
        )
    title(card_named(page, "results", NAME)).click()
    expect(page.locator(".facts .fit")).to_have_text(FIT_TEXTS[Fit.STRONG].en)


def test_a_card_quotes_speech_with_the_words_of_the_query_marked(
    page: Page, video_app: RunningApp
) -> None:
    page.goto(f"{video_app.url}/?q=the+garden+-car&using=words")
    quote = cards(page, "results", 1).locator(".ts-quote")
    expect(quote).to_have_text(SPOKEN)
    expect(quote.locator("mark")).to_have_text(["gardens"])  # "the" is too common to mark
    expect(quote.locator("img, b, strong")).to_have_count(0)


def test_a_click_on_the_timeline_plays_from_there(page: Page, video_app: RunningApp) -> None:
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.goto(f"{video_app.url}/?q=gardens")
    cards(page, "results", 2)
    title(card_named(page, "results", NAME)).click()
    strip = page.get_by_role("slider", name=texts.video.TIMELINE.en)
    expect(page.locator(".strip .pictures")).not_to_have_count(0)
    spoken = page.locator(".strip .speech")
    expect(spoken).to_have_count(1)
    expect(page.locator(".marks .chapter")).to_have_count(2)  # between three
    click_at(page, spoken)
    expect(page).to_have_url(re.compile(r"[?&]q=gardens&t=(9\.9|10)"))  # the middle of 8.5 to 11.5
    wait_for_time(page, 9.9)
    expect(strip).to_have_attribute("aria-valuetext", re.compile(re.escape(OCEAN)))
    strip.press("Home")
    expect(page).to_have_url(re.compile(r"^(?!.*[?&]t=).*q=gardens"))
    wait_for_time(page, 0, 4)
    assert not alerts


def test_without_a_search_the_timeline_has_chapters_and_what_is_replayed(
    page: Page, video_app: RunningApp
) -> None:
    page.goto(f"{video_app.url}/?view=library")
    settle(page)
    page.get_by_role("button", name=NAME).click()
    expect(page.locator(".strip .replayed")).to_have_count(3)
    expect(page.locator(".legend")).to_have_text(texts.video.REPLAYED.en)
    expect(page.locator(".strip :is(.pictures, .speech)")).to_have_count(0)
    expect(page.locator(".marks .chapter")).to_have_count(2)
    page.get_by_role("tab", name=texts.video.CHAPTERS.en).click()
    page.get_by_role("link", name="Meadow").click()
    expect(page.locator(".now")).to_contain_text("Meadow")
    settle(page)


def test_what_words_are_looked_up_in_is_chosen_and_stays_in_the_address(
    page: Page, video_app: RunningApp
) -> None:
    page.goto(f"{video_app.url}/?q=ocean")
    cards(page, "results", 2)  # pictures rank every video
    page.get_by_text(texts.search.USING_WORDS.en).click()
    expect(page).to_have_url(re.compile("using=words"))
    assert titles(page, "results", 1) == [NAME]
    page.reload()
    assert titles(page, "results", 1) == [NAME]
    page.get_by_text(texts.search.USING_ALL.en, exact=True).click()
    expect(page).not_to_have_url(re.compile("using="))
    cards(page, "results", 2)
