"""The script that Streamlit's cloud runs: it starts a server and draws the app."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.helpers.painted_library import paint_dataset
from tests.helpers.palette_encoder import PALETTE
from tubeseek import open_library
from tubeseek.ui import texts


def test_the_script_draws_the_app_over_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "library"
    with open_library(library) as opened:
        opened.add(paint_dataset(tmp_path / "data", {colour: colour for colour in PALETTE}))
        opened.index(encoder="starter")
    monkeypatch.setenv("TUBESEEK_LIBRARY", str(library))
    page = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120)
    page.query_params["q"] = "red"
    page.run()
    assert not page.exception
    assert not page.error
    assert texts.video.MORE_LIKE_THIS.en in {button.label for button in page.button}
