"""The moments of a result: the pictures of their seconds, their words, and playing from there."""

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.app_process import RunningApp, running_app, tubeseek
from tests.browser.looking import WORD_JOINER, card_named, cards, settle, title, titles
from tests.made_videos import BLUE, GREEN, GREY, RED, Colour, make_video

pytestmark = pytest.mark.browser

SHOT_SECONDS = 4
NAME = "Three pictures"
SAID = "and the <img src=x onerror=alert(1)> **gardens** of the &lt;b&gt; sea"
TOLERANCE = 40  # of 255: video and JPEG change colours a little, and neighbours are far apart
COLOUR_AT = """([picture, part]) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
    const drawing = canvas.getContext('2d');
    drawing.drawImage(picture, 0, 0);
    return [...drawing.getImageData(canvas.width * part, canvas.height / 2, 1, 1).data];
}"""


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """A video of three shots with chapters and captions, and one that says nothing."""
    folder = tmp_path_factory.mktemp("films")
    make_video(folder / "colours.mp4", [RED, GREEN, BLUE], seconds_each=SHOT_SECONDS)
    make_video(folder / "plain.mp4", [GREY], seconds_each=SHOT_SECONDS)
    names = ("Apple", "Meadow", "Ocean")
    chapters = [
        {"title": name, "start_time": SHOT_SECONDS * i, "end_time": SHOT_SECONDS * (i + 1)}
        for i, name in enumerate(names)
    ]
    info = {"id": "colours", "title": NAME, "chapters": chapters}
    (folder / "colours.info.json").write_text(json.dumps(info))
    cue = SAID.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    (folder / "colours.en.vtt").write_text(
        f"WEBVTT\n\n00:00:08.500 --> 00:00:11.500\n{cue}\n", encoding="utf-8"
    )
    library = tmp_path_factory.mktemp("moments") / "library"
    tubeseek(library, "add", str(folder))
    tubeseek(library, "index", "--encoder", "starter")
    with running_app(library, library.parent / "app.log") as running:
        yield running


def strip(page: Page, found: int) -> Locator:
    """The strip of the painted film, once so many videos are found and drawn."""
    cards(page, "results", found)
    return card_named(page, "results", NAME).locator('[class*="-ts-strip"]')


def colour_of(picture: Locator, part: float) -> list[int]:
    """What a picture shows at this part of its width, at half its height."""
    expect(picture).to_be_visible()
    handle = picture.element_handle()
    picture.page.wait_for_function("p => p.complete && p.naturalWidth > 0", arg=handle)
    colour: list[int] = picture.page.evaluate(COLOUR_AT, [handle, part])
    return colour[:3]


def near(colour: list[int], wanted: Colour) -> bool:
    return max(abs(a - b) for a, b in zip(colour, wanted, strict=True)) < TOLERANCE


def test_a_strip_shows_the_moment_and_plays_from_it(page: Page, films: RunningApp) -> None:
    page.goto(f"{films.url}/?q=meadow&using=words")
    moments = strip(page, 1)
    moment = moments.get_by_role("button")
    expect(moment).to_have_count(1)
    assert moment.inner_text().replace(WORD_JOINER, "") == "0:04"
    assert near(colour_of(moments.locator("img"), 0.5), GREEN)
    moment.hover()
    expect(page.get_by_test_id("stTooltipContent")).to_contain_text("Chapter")
    moment.click()
    expect(page).to_have_url(re.compile(r"[?&]t=4&q=meadow&using=words"))
    page.wait_for_function("document.querySelector('video')?.currentTime >= 4")


def test_a_strip_of_frames_has_the_picture_of_each_time(page: Page, films: RunningApp) -> None:
    page.goto(f"{films.url}/?q=blue+water&using=pictures")
    moments = strip(page, 2)
    buttons = moments.get_by_role("button").all_inner_texts()
    times = [time.replace(WORD_JOINER, "") for time in buttons]
    assert len(times) >= 3
    for at, time in enumerate(times):
        shown = colour_of(moments.locator("img"), (at + 0.5) / len(times))
        assert near(shown, (RED, GREEN, BLUE)[int(time[2:]) // SHOT_SECONDS]), (time, shown)


def test_the_player_has_the_moments_beside_it_with_the_words_marked(
    page: Page, films: RunningApp
) -> None:
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    page.goto(f"{films.url}/?q=garden&using=words")
    title(cards(page, "results", 1)).click()
    expect(page.get_by_role("heading", name="Matching moments")).to_be_visible()
    settle(page)
    words = page.locator(".ts-words")
    expect(words).to_have_text(SAID)
    expect(words.locator("mark")).to_have_text("gardens")
    expect(words.locator("img, b, strong")).to_have_count(0)
    row = page.locator(".st-key-ts-found-0")
    assert near(colour_of(row.locator("img"), 0.5), BLUE)
    page.get_by_role("button", name="Apple").click()
    expect(page).to_have_url(re.compile(r"^(?!.*[?&]t=).*q=garden"))
    settle(page)
    row.get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"[?&]t=8&q=garden"))
    page.wait_for_function("document.querySelector('video')?.currentTime >= 8")
    assert not alerts


def test_what_words_are_looked_up_in_is_chosen_and_stays_in_the_address(
    page: Page, films: RunningApp
) -> None:
    page.goto(f"{films.url}/?q=ocean")
    cards(page, "results", 2)  # pictures rank every video
    page.get_by_text("Said and written").click()
    expect(page).to_have_url(re.compile("using=words"))
    assert titles(page, "results", 1) == [NAME]
    page.reload()
    assert titles(page, "results", 1) == [NAME]
    page.get_by_text("All", exact=True).click()
    expect(page).not_to_have_url(re.compile("using="))
    cards(page, "results", 2)
