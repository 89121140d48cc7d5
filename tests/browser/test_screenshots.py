"""The pictures of the README: `TUBESEEK_SCREENSHOTS=docs/images pytest -k screenshots`.

They show the library of `tubeseek demo`, which has to be there; TUBESEEK_DEMO names its folder when
it is not where the demo puts it.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import platformdirs
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.conftest import ROOT
from tests.helpers.app_pages import cards, settle, title, wait_for_time
from tests.helpers.app_process import RunningApp, running_app

pytestmark = pytest.mark.browser

COLOURS = 256  # of the pictures; a third of the bytes, and nobody sees it
SHOWN = 24  # the first results of many
WINDOW = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def folder() -> Path:
    named = os.environ.get("TUBESEEK_SCREENSHOTS")
    if not named:
        pytest.skip("writes pictures; set TUBESEEK_SCREENSHOTS=docs/images to have it do so")
    path = ROOT / named
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture(scope="module")
def demo(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    place = os.environ.get("TUBESEEK_DEMO") or Path(platformdirs.user_cache_dir("tubeseek"), "demo")
    library = Path(place) / "library"
    if not library.is_dir():
        pytest.skip(f"no demo library at {library}; run `tubeseek demo --no-app` first")
    with running_app(library, tmp_path_factory.mktemp("screenshots") / "app.log") as running:
        yield running


def save(page: Page, path: Path) -> None:
    """Photographs the window once the page is at rest."""
    settle(page)
    page.wait_for_timeout(1000)  # what fades in
    page.screenshot(path=path)
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(COLOURS)
    small.save(path, optimize=True)
    assert path.stat().st_size > 20_000  # an empty page makes a smaller file


@pytest.mark.parametrize(
    ("language", "scheme", "words", "name"),
    [
        ("en-US", "light", "wild animal", "search.png"),
        ("ko-KR", "dark", "동물", "search-ko.png"),
    ],
)
def test_screenshots_of_a_search_and_a_video(
    visit: Callable[..., Page],
    demo: RunningApp,
    folder: Path,
    language: str,
    scheme: str,
    words: str,
    name: str,
) -> None:
    page = visit(language, color_scheme=scheme, viewport=WINDOW)
    page.goto(f"{demo.url}/?q={words}")
    first = cards(page, "results", SHOWN).first
    save(page, folder / name)
    title(first).click()
    wait_for_time(page, 0)
    save(page, folder / name.replace("search", "video"))


def test_screenshots_of_the_library(
    visit: Callable[..., Page], demo: RunningApp, folder: Path
) -> None:
    page = visit("en-US", viewport=WINDOW)
    page.goto(f"{demo.url}/?view=library")
    expect(page.get_by_test_id("stMetric")).to_have_count(4)
    save(page, folder / "library.png")
