"""Makes the moving picture of the README: a query is typed, its moments appear, and one plays.

    tubeseek demo --no-app
    python -m scripts.make_tour                     # writes docs/images/tour.webp
    python -m scripts.make_tour --look              # single frames into tour-frames/ too

Needs Playwright and Chromium, as the tests of the app do, and the library of `tubeseek demo`;
TUBESEEK_DEMO names its folder where it is not the usual one.
"""

import argparse
import os
import shutil
import tempfile
from io import BytesIO
from pathlib import Path

import platformdirs
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.helpers.app_pages import TITLE, search_field, settle
from tests.helpers.app_process import running_app

QUERY = "a truck that puts out fires"
WINDOW = {"width": 1200, "height": 750}
SIZE = (880, 550)  # of the picture, in pixels
QUALITY = 72
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
TYPED_AT_ONCE = 3  # characters between two frames
PLAYED_SECONDS, PLAYED_STEP_SECONDS = 3.0, 0.25
WAIT_MS = 180_000  # busy cores load the app slowly


class Recorder:
    """Collects frames, each with the milliseconds that it is shown."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.frames: list[tuple[Image.Image, int]] = []

    def shoot(self, shown_ms: int) -> None:
        """Add what the page shows now."""
        with Image.open(BytesIO(self._page.screenshot())) as picture:
            frame = picture.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)
        self.frames.append((frame, shown_ms))


def record(page: Page, url: str) -> Recorder:
    """Walk through the app as a user does, and return the frames."""
    recorder = Recorder(page)
    page.goto(url)
    settle(page)
    recorder.shoot(1200)
    field = search_field(page)
    field.click()
    for start in range(0, len(QUERY), TYPED_AT_ONCE):
        field.press_sequentially(QUERY[start : start + TYPED_AT_ONCE])
        recorder.shoot(150)
    field.press("Enter")
    page.wait_for_url("**q=**")
    page.locator(TITLE).first.wait_for()
    settle(page)
    page.wait_for_timeout(1000)  # what fades in
    recorder.shoot(2500)
    page.locator(TITLE).first.click()
    player = page.locator(".player video").element_handle()
    page.wait_for_function("video => video.readyState >= 2", arg=player)
    settle(page)
    player.evaluate("video => video.pause()")
    recorder.shoot(1200)
    begin = player.evaluate("video => video.currentTime")
    for step in range(1, round(PLAYED_SECONDS / PLAYED_STEP_SECONDS) + 1):
        player.evaluate(
            """async (video, seconds) => {
                video.currentTime = seconds;
                await new Promise(done => video.addEventListener('seeked', done, {once: true}));
            }""",
            begin + step * PLAYED_STEP_SECONDS,
        )
        recorder.shoot(round(PLAYED_STEP_SECONDS * 1000))
    recorder.frames[-1] = (recorder.frames[-1][0], 1500)
    return recorder


def main() -> None:
    """Record the tour and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs", "images", "tour.webp"))
    parser.add_argument("--look", action="store_true")
    options = parser.parse_args()
    place = os.environ.get("TUBESEEK_DEMO") or Path(platformdirs.user_cache_dir("tubeseek"), "demo")
    program = os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, PROGRAMS)))
    with (
        tempfile.TemporaryDirectory() as scratch,
        running_app(Path(place) / "library", Path(scratch) / "app.log") as app,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--headless"]
        )
        context = browser.new_context(locale="en-US", viewport=WINDOW, color_scheme="light")
        context.set_default_timeout(WAIT_MS)
        recorder = record(context.new_page(), app.url)
        browser.close()
    pictures, times = zip(*recorder.frames, strict=True)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    pictures[0].save(
        options.out,
        save_all=True,
        append_images=pictures[1:],
        duration=list(times),
        loop=0,
        quality=QUALITY,
        method=6,
    )
    if options.look:
        folder = Path("tour-frames")
        folder.mkdir(exist_ok=True)
        for number, picture in enumerate(pictures):
            picture.save(folder / f"{number:02}.png")
    print(f"{options.out}: {len(pictures)} frames, {options.out.stat().st_size / 1000:.0f} kB")  # noqa: T201


if __name__ == "__main__":
    main()
