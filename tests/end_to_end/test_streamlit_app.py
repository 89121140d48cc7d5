"""The app in one process with its server, and the script that Streamlit's cloud runs."""

import runpy
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest
from streamlit.web.server.app_discovery import discover_asgi_app

from tests.conftest import ROOT
from tests.helpers.painted_library import paint_dataset
from tests.helpers.palette_encoder import PALETTE
from tubeseek import open_library
from tubeseek.ui import hosting

SCRIPT = ROOT / "streamlit_app.py"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """What the script serves, over a library of painted pictures."""
    folder = tmp_path_factory.mktemp("cloud")
    with open_library(folder / "library") as opened:
        opened.add(paint_dataset(folder / "data", {colour: colour for colour in PALETTE}))
        opened.index(encoder="starter")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TUBESEEK_LIBRARY", str(folder / "library"))
        served_by = runpy.run_path(str(SCRIPT))
        with TestClient(served_by["app"]) as client:
            yield client
        served_by["library"].close()


def test_streamlit_recognises_the_script_as_an_app() -> None:
    assert discover_asgi_app(SCRIPT).is_asgi_app


def test_pages_pictures_and_searches_share_one_origin(served: TestClient) -> None:
    page = served.get("/?lang=ko")
    assert '<html lang="ko"' in page.text
    assert "<title>tubeseek</title>" in page.text
    hit = served.get("/v1/search", params={"q": "red", "limit": 1}).json()["hits"][0]
    assert served.get(f"/v1/videos/{hit['video_id']}/thumbnail").status_code == 200
    assert served.get("/_stcore/health").text == "ok"
    assert served.get("/v1/health").json()["app"] is True


def test_the_page_of_a_search_is_drawn_without_an_error(served: TestClient) -> None:
    page = AppTest.from_file(str(hosting.SCRIPT), default_timeout=120)
    page.query_params["q"] = "red"
    page.run()
    assert not page.exception
    assert not page.error
    drawn = {component.key for component in page.get("bidi_component")}
    assert {"ts-header", "ts-filters", "ts-grid-results"} <= drawn
