"""A real library behind the real app, seen in a real Chromium."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.app_process import RunningApp, running_app, tubeseek
from tests.browser.made_library import MadeVideo, make_dataset
from tubeseek.client import RemoteLibrary
from tubeseek.owner import current_owner

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
WAIT_MS = 20_000  # two busy cores load Streamlit's page slowly


@pytest.fixture(scope="module")
def chromium() -> Iterator["playwright.Browser"]:
    """One browser for each file of tests; each test opens a context of its own in it.

    Its driver keeps an event loop running in this thread, which no other test could bear.
    """
    program = os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, PROGRAMS)), "")
    if not program:
        pytest.skip("needs Chromium: apt-get install chromium fonts-noto-cjk, or CHROMIUM_PATH")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=CHROMIUM_ARGUMENTS)
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


@pytest.fixture
def server(app: RunningApp) -> RemoteLibrary:
    """The server behind the app: what it answers is what the app must show."""
    owner = current_owner(app.library)
    assert owner is not None
    return RemoteLibrary(owner.url)


@pytest.fixture
def page(chromium: "playwright.Browser") -> Iterator["playwright.Page"]:
    """A new visitor with an English browser."""
    context = chromium.new_context(locale="en-US", viewport={"width": 1280, "height": 860})
    context.set_default_timeout(WAIT_MS)
    playwright.expect.set_options(timeout=WAIT_MS)
    yield context.new_page()
    context.close()
