"""The moments of a result: the pictures of their seconds, their words, and playing from there."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.helpers.app_pages import (
    card_named,
    cards,
    click_at,
    settle,
    shown_card,
    title,
    wait_for_time,
)
from tests.helpers.app_process import RunningApp
from tests.helpers.made_video_files import NAME, OCEAN, SPOKEN
from tests.helpers.made_videos import BLUE, Colour
from tubeseek.ui import texts

pytestmark = pytest.mark.browser

TOLERANCE = 40  # of 255: video and JPEG change colours a little, and neighbours are far apart
COLOUR_AT = """([picture, part]) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
    const drawing = canvas.getContext('2d');
    drawing.drawImage(picture, 0, 0);
    return [...drawing.getImageData(canvas.width * part, canvas.height / 2, 1, 1).data];
}"""


def colour_of(picture: Locator, part: float) -> list[int]:
    """What a picture shows at this part of its width, at half its height."""
    expect(picture).to_be_visible()
    handle = picture.element_handle()
    picture.page.wait_for_function("p => p.complete && p.naturalWidth > 0", arg=handle)
    colour: list[int] = picture.page.evaluate(COLOUR_AT, [handle, part])
    return colour[:3]


def near(colour: list[int], expected: Colour) -> bool:
    return max(abs(a - b) for a, b in zip(colour, expected, strict=True)) < TOLERANCE


def test_the_player_has_the_moments_beside_it_with_the_words_marked(
    page: Page, video_app: RunningApp
) -> None:
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.goto(f"{video_app.url}/?q=garden&using=words")
    title(shown_card(page, "results", NAME)).click()
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
    page.get_by_role("link", name=NAME).click()
    expect(page.locator(".strip .replayed")).to_have_count(3)
    expect(page.locator(".legend")).to_have_text(texts.video.REPLAYED.en)
    expect(page.locator(".strip :is(.pictures, .speech)")).to_have_count(0)
    expect(page.locator(".marks .chapter")).to_have_count(2)
    page.get_by_role("tab", name=texts.video.CHAPTERS.en).click()
    page.get_by_role("link", name="Meadow").click()
    expect(page.locator(".now")).to_contain_text("Meadow")
    settle(page)
