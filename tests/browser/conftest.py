"""A real library behind the real app, seen in a real Chromium."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.app_process import RunningApp, running_app, server_of, tubeseek
from tests.helpers.made_library import MadeVideo, make_dataset
from tests.helpers.made_video_files import make_video_files, rate_thumbnails
from tubeseek.library.remote import RemoteLibrary

playwright = pytest.importorskip(
    "playwright.sync_api", reason="needs Playwright: pip install playwright"
)

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_MS = 40_000  # nobody waits so long where all is well; busy cores load Streamlit slowly


@pytest.fixture(scope="module")
def chromium() -> Iterator["playwright.Browser"]:
    """One browser for each file of tests; each test opens a context of its own in it.

    Its driver keeps an event loop running in this thread, which no other test could bear.
    """
    program = os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, PROGRAMS)), "")
    if not program:
        pytest.skip("needs Chromium: apt-get install chromium fonts-noto-cjk, or CHROMIUM_PATH")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=program, args=CHROMIUM_ARGUMENTS, timeout=WAIT_MS
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[MadeVideo]]:
    folder = tmp_path_factory.mktemp("browser") / "pictures"
    return folder, make_dataset(folder)


@pytest.fixture(scope="session")
def app(
    dataset: tuple[Path, list[MadeVideo]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningApp]:
    """The app over the dataset, indexed with the starter encoder."""
    folder = tmp_path_factory.mktemp("app")
    library = folder / "library"
    tubeseek(library, "add", str(dataset[0]))
    tubeseek(library, "index", "--encoder", "starter")
    with running_app(library, folder / "app.log") as running:
        yield running


@pytest.fixture(scope="session")
def video_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """The app over two video files."""
    folder = tmp_path_factory.mktemp("videos")
    make_video_files(folder)
    library = tmp_path_factory.mktemp("video-app") / "library"
    tubeseek(library, "add", str(folder))
    tubeseek(library, "index", "--encoder", "starter")
    rate_thumbnails(library)
    with running_app(library, library.parent / "app.log") as running:
        yield running


@pytest.fixture
def server(app: RunningApp) -> RemoteLibrary:
    """The server behind the app: what it answers is what the app must show."""
    return server_of(app.library)


@pytest.fixture
def visit(chromium: "playwright.Browser") -> Iterator[Callable[..., "playwright.Page"]]:
    """Opens the browser of a new visitor: its language, and whatever else a context can have."""
    playwright.expect.set_options(timeout=WAIT_MS)
    with ExitStack() as visits:

        def open_page(locale: str, **more: Any) -> "playwright.Page":
            look = {"viewport": {"width": 1280, "height": 860}} | more
            context = chromium.new_context(locale=locale, **look)
            visits.callback(context.close)
            context.set_default_timeout(WAIT_MS)
            return context.new_page()

        yield open_page


@pytest.fixture
def page(visit: Callable[..., "playwright.Page"]) -> "playwright.Page":
    """A new visitor with an English browser."""
    return visit("en-US")
