"""The page of a video: its player at all widths, its timeline, its transcript, hostile words."""

import json
import re
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.helpers.app_pages import settle, wait_for_time
from tests.helpers.app_process import RunningApp, running_app, server_of, tubeseek
from tests.helpers.made_video_files import (
    LONG_LINES,
    NAME,
    OCEAN,
    STREAM,
    make_odd_files,
    make_video_files,
)
from tubeseek.ui import texts

pytestmark = pytest.mark.browser

WIDTHS = (390, 768, 1280, 1920)
BLOCKS = (".player", ".timeline", "h1", ".facts", ".actions", ".description", ".aside")
TOUCH_PIXELS = 44
EMBED = "https://www.youtube-nocookie.com/**"
# What YouTube's player answers, as far as the page listens: it remembers what it was asked.
STUB = """<!doctype html><title>A stub of a player</title><script>
window.messages = [];
const answer = (message) => parent.postMessage(JSON.stringify(message), "*");
addEventListener("message", (event) => {
  const message = JSON.parse(event.data);
  messages.push({...message, origin: event.origin});
  if (message.event === "listening") answer({event: "onReady"});
  const info = message.func === "seekTo" && {currentTime: message.args[0]};
  if (info) answer({event: "infoDelivery", info});
});
</script>"""


@pytest.fixture(scope="module")
def odd_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    folder = tmp_path_factory.mktemp("odd-videos")
    make_video_files(folder)
    make_odd_files(folder)
    library = tmp_path_factory.mktemp("odd-app") / "library"
    tubeseek(library, "add", str(folder))
    tubeseek(library, "index", "--encoder", "starter")
    with running_app(library, library.parent / "app.log") as running:
        yield running


@pytest.fixture(scope="module")
def ids(odd_app: RunningApp) -> dict[str, str]:
    """The ids of the videos, by their titles."""
    videos = server_of(odd_app.library).list(100, 0).videos
    return {re.sub(r"\W", "", video.title)[:5]: video.id for video in videos}


@pytest.fixture
def alerts(page: Page) -> list[str]:
    messages: list[str] = []
    page.on("dialog", lambda dialog: (messages.append(dialog.message), dialog.dismiss()))
    return messages


def open_video(page: Page, app: RunningApp, video_id: str, more: str = "") -> None:
    page.goto(f"{app.url}/?video={video_id}{more}")
    expect(page.locator(".watch h1")).not_to_be_empty()


def stub_youtube(page: Page) -> None:
    def answer(route: Route) -> None:
        route.fulfill(body=STUB, content_type="text/html")

    page.route(EMBED, answer)


def box(block: Locator) -> dict[str, float]:
    bounds = block.bounding_box()
    assert bounds is not None
    return dict(bounds)


def overlap(first: dict[str, float], second: dict[str, float]) -> bool:
    """Whether two boxes share more than half a pixel."""
    return all(
        first[at] + first[size] - 0.5 > second[at] and second[at] + second[size] - 0.5 > first[at]
        for at, size in (("x", "width"), ("y", "height"))
    )


@pytest.mark.parametrize("name", ["Three", "Strea", "old"])
def test_the_player_keeps_its_shape_and_nothing_overlaps(
    page: Page, odd_app: RunningApp, ids: dict[str, str], name: str
) -> None:
    stub_youtube(page)
    open_video(page, odd_app, ids[name], "&q=gardens&t=4.01")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        settle(page)
        player = box(page.locator(".player"))
        assert player["width"] / player["height"] == pytest.approx(16 / 9, abs=0.02), width
        assert player["width"] >= min(width * 0.55, 1000), width
        inside = box(page.locator(".player > *"))
        assert inside == pytest.approx(player, abs=0.5)
        shown = [page.locator(f".watch {block}") for block in BLOCKS]
        boxes = [box(block) for block in shown if block.is_visible()]
        assert len(boxes) >= 5
        assert not [pair for pair in combinations(boxes, 2) if overlap(*pair)], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_phone_all_that_is_touched_is_large_enough(
    visit: Callable[..., Page], odd_app: RunningApp, ids: dict[str, str]
) -> None:
    page = visit("en-US", viewport={"width": 390, "height": 800})
    open_video(page, odd_app, ids["Three"], "&q=gardens")
    settle(page)
    touched = page.locator(".watch :is(button, input):visible, .actions a, section a:visible")
    heights = [round(box(target)["height"]) for target in touched.all()]
    assert len(heights) > 6
    assert min(heights) >= TOUCH_PIXELS
    assert page.get_by_test_id("stSidebar").count() == 0


def test_a_file_plays_from_a_fraction_of_a_second_with_its_captions(
    page: Page, odd_app: RunningApp, ids: dict[str, str]
) -> None:
    open_video(page, odd_app, ids["Three"], "&t=4.01")
    expect(page).to_have_title(f"{NAME} · tubeseek")
    wait_for_time(page, 4.01)
    video = page.locator("video")
    first = video.evaluate("video => video.played.start(0)")
    assert first == pytest.approx(4.01, abs=0.001)
    assert video.evaluate("video => !video.paused")
    captions = video.locator("track[kind=captions]")
    expect(captions).to_have_attribute("src", re.compile(r"/v1/videos/.+/captions$"))
    page.wait_for_function("track => track.track.cues?.length === 1", arg=captions.element_handle())


def test_youtube_is_led_by_messages_and_its_time_is_followed(
    page: Page, odd_app: RunningApp, ids: dict[str, str]
) -> None:
    stub_youtube(page)
    open_video(page, odd_app, ids["Strea"], "&t=61.5")
    frame = page.locator("iframe")
    address = urlsplit(frame.get_attribute("src") or "")
    assert address.path == f"/embed/{STREAM}"
    parameters = dict(parse_qsl(address.query))
    assert parameters["origin"] == odd_app.url
    assert (parameters["enablejsapi"], parameters["start"]) == ("1", "61")
    expect(page.locator(".now")).to_have_text("1:01 / 10:00")
    page.get_by_role("link", name="Middle").click()
    expect(page).to_have_url(re.compile(r"[?&]t=300\.51"))
    expect(page.locator(".now")).to_have_text("5:00 / 10:00 · Middle")
    embedded = next(frame for frame in page.frames if "/embed/" in frame.url)
    messages = embedded.evaluate("messages")
    assert {message["origin"] for message in messages} == {odd_app.url}
    seeks = [message["args"][0] for message in messages if message.get("func") == "seekTo"]
    assert seeks == [61.5, 300.51]
    link = page.get_by_role("link", name=texts.video.OPEN_ON_SITE.en)
    link.focus()
    expect(link).to_have_attribute("href", f"https://youtu.be/{STREAM}?t=300")
    embedded.evaluate("answer({event: 'infoDelivery', info: {currentTime: 42}})")
    expect(page.locator(".now")).to_have_text("0:42 / 10:00")
    forged = json.dumps({"event": "infoDelivery", "info": {"currentTime": 7}})
    page.evaluate("message => postMessage(message, '*')", forged)
    expect(page.locator(".now")).to_have_text("0:42 / 10:00")  # nobody else leads the page
    embedded.evaluate("answer({event: 'onError', info: 150})")
    expect(page.locator(".sentence")).to_have_text(texts.video.REFUSED_BY_YOUTUBE.en)


def test_keys_and_buttons_step_through_moments_without_running_the_script(
    page: Page, odd_app: RunningApp, ids: dict[str, str]
) -> None:
    frames: list[Any] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: frames.append(frame)))
    # a sum is not graded, so that all moments are shown, not only those that fit
    open_video(page, odd_app, ids["Three"], "&q=blue+water+%2B+red+apple&using=pictures")
    settle(page)
    moments = page.locator(".moments a")
    count = moments.count()
    assert count >= 2
    times = [float(moment.get_attribute("data-seek") or "") for moment in moments.all()]
    assert times == sorted(times)
    sent = len(frames)
    page.locator("video").evaluate("video => { video.pause(); video.currentTime = 0; }")
    for key, at in (("j", 1), ("j", min(2, count - 1)), ("k", min(1, count - 2))):
        page.keyboard.press(key)
        expect(moments.nth(at)).to_have_attribute("aria-current", "true")
        wait_for_time(page, times[at])
    page.get_by_role("button", name=texts.video.PREVIOUS_MOMENT.en).click()
    expect(moments.first).to_have_attribute("aria-current", "true")
    page.get_by_role("searchbox", name=texts.search.SEARCH_BOX.en).press_sequentially("jk")
    expect(moments.first).to_have_attribute("aria-current", "true")  # letters in a field are words
    assert len(frames) == sent


def test_the_strip_is_led_by_keys_and_its_ticks_differ(
    page: Page, odd_app: RunningApp, ids: dict[str, str]
) -> None:
    open_video(page, odd_app, ids["Three"])
    page.locator("video").evaluate("video => video.pause()")
    strip = page.get_by_role("slider", name=texts.video.TIMELINE.en)
    strip.press("Home")
    wait_for_time(page, 0, 1)
    page.locator("video").evaluate("video => video.pause()")
    strip.press("ArrowRight")
    wait_for_time(page, 5, 8)
    strip.press("PageUp")
    strip.press("End")
    expect(strip).to_have_attribute("aria-valuetext", re.compile(r"0:1[12]"))
    for name in ("Three", "long", "Strea"):
        open_video(page, odd_app, ids[name])
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            settle(page)
            ticks = page.locator(".ticks span")
            labels = ticks.all_inner_texts()
            assert len(labels) == len(set(labels)) >= 2
            boxes = [box(tick) for tick in ticks.all()]
            assert not [pair for pair in combinations(boxes, 2) if overlap(*pair)], labels


def test_a_transcript_of_three_hours_is_searched_and_followed(
    page: Page, odd_app: RunningApp, ids: dict[str, str]
) -> None:
    open_video(page, odd_app, ids["long"], "&t=6000.5")
    lines = page.locator(".transcript li")
    expect(lines).to_have_count(LONG_LINES)
    current = page.locator(".transcript [aria-current]")
    expect(current).to_contain_text(re.compile("line 300[0-9]"))
    expect(current).to_be_in_viewport()
    search = page.get_by_role("searchbox", name=texts.video.SEARCH_TRANSCRIPT.en)
    search.fill("LINE 1234")
    expect(page.locator(".transcript .head p")).to_have_text(
        texts.video.LINES_OF.written("en", n=1, total=LONG_LINES)
    )
    line = page.locator(".transcript li:visible")
    expect(line.locator("mark")).to_have_text("line 1234")
    line.click()
    wait_for_time(page, 2468, 2480)
    expect(page).to_have_url(re.compile(r"[?&]t=2468"))
    search.fill("4000번째")
    search.press("Enter")
    wait_for_time(page, 8000, 8010)
    search.fill("")
    expect(current).to_be_in_viewport()
    current.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    wait_for_time(page, 8002, 8012)


def test_what_a_browser_cannot_play_is_a_picture_with_a_sentence(
    page: Page, odd_app: RunningApp, ids: dict[str, str]
) -> None:
    open_video(page, odd_app, ids["old"], "&t=5")
    expect(page.locator(".sentence")).to_have_text(
        texts.video.FORMAT_UNKNOWN.written("en", ending="AVI")
    )
    still = page.locator(".player img")
    expect(still).to_have_attribute("src", re.compile(r"/still\?seconds=5$"))
    open_video(page, odd_app, ids["movin"])
    expect(page.locator(".player img")).to_have_attribute("src", re.compile("/file"))
    page.wait_for_function("p => p.naturalWidth === 160", arg=still.element_handle())
    expect(page.locator(".sentence")).to_be_hidden()


def test_hostile_words_are_words(
    page: Page, odd_app: RunningApp, ids: dict[str, str], alerts: list[str]
) -> None:
    open_video(page, odd_app, ids["Abfil"])
    title = page.locator("h1")
    expect(title).to_have_text("A <b>film</b> <img src=x onerror=alert(3)>")
    expect(page).to_have_title(re.compile("^A <b>"))
    expect(page.locator(".watch :is(b, script, i:not(.marks *))")).to_have_count(0)
    expect(page.locator(".facts")).to_contain_text("<i>x</i>")
    expect(page.locator(".chapters")).to_contain_text("<img src=x onerror=alert(3)>")
    description = page.locator(".description p")
    expect(description).to_contain_text("javascript:alert(4) <script>alert(5)</script>")
    links = description.locator("a")
    assert links.all_inner_texts() == ["0:02", "0:03", "https://example.org/a?b=c"]
    expect(links.last).to_have_attribute("href", "https://example.org/a?b=c")
    description.get_by_role("link", name="0:02").click()
    expect(page).to_have_url(re.compile(r"[?&]t=2$"))
    wait_for_time(page, 2)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page.locator(".watch").inner_text())
    assert not alerts


@pytest.mark.parametrize("time", ["nan", "-1", "1e999", "99999", "x"])
def test_a_time_that_is_not_in_the_video_is_a_sentence(
    page: Page, odd_app: RunningApp, ids: dict[str, str], time: str
) -> None:
    open_video(page, odd_app, ids["Three"], f"&t={time}")
    sentence = texts.video.NO_TIME.en
    if time == "99999":
        sentence = texts.video.AFTER_END.written("en", time="27:46:39", end="0:12")
    expect(page.locator(".sentence")).to_have_text(sentence)
    wait_for_time(page, 0, 11)


def test_a_link_to_this_moment_is_copied(
    visit: Callable[..., Page], odd_app: RunningApp, ids: dict[str, str]
) -> None:
    page = visit("ko-KR", permissions=["clipboard-read", "clipboard-write"])
    open_video(page, odd_app, ids["Three"], "&q=ocean")
    page.get_by_role("tab", name=texts.video.CHAPTERS.ko).click()
    page.get_by_role("link", name=OCEAN).click()
    wait_for_time(page, 8)
    page.locator("video").evaluate("video => { video.pause(); video.currentTime = 9.25; }")
    wait_for_time(page, 9.25)
    page.get_by_role("button", name=texts.video.COPY_LINK.ko, exact=True).click()
    expect(page.get_by_role("button", name=texts.video.COPIED.ko)).to_be_visible()
    address = page.evaluate("navigator.clipboard.readText()")
    assert address == f"{odd_app.url}/?video={ids['Three']}&q=ocean&t=9.25"
    page.goto(address)
    wait_for_time(page, 9.25)
