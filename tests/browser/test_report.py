"""The report of `tubeseek eval --report`, opened as a file in a real Chromium."""

import json

import pytest

from tests.helpers.app_process import tubeseek
from tests.helpers.made_library import make_dataset
from tests.helpers.tiny_models import save_tiny_clip

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLOTS = {"recall", "categories", "training", "cosines", "alignment-uniformity", "map"}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Of a random model against the starter, with the curves of a made-up run."""
    folder = tmp_path_factory.mktemp("report")
    make_dataset(folder / "pictures")
    model = save_tiny_clip(folder / "tiny")
    library = folder / "library"
    tubeseek(library, "add", str(folder / "pictures"))
    tubeseek(library, "index", "--encoder", str(model))
    tubeseek(library, "index", "--encoder", "starter")
    steps = [{"step": step, "epoch": step, "loss": 3 - step / 10} for step in range(1, 5)]
    curves = {"steps": steps, "epochs": [{"epoch": at, "recall@10": at / 20} for at in range(5)]}
    ids = {"train": ["Rci10000000"], "validation": [], "test": []}
    (folder / "training.json").write_text(json.dumps({"curves": curves, "ids": ids}))
    arguments = ["--report", str(folder / "out"), "--training", str(folder)]
    tubeseek(library, "eval", "--compare", str(model), "starter", *arguments)
    return folder / "out" / "report.html"


def test_every_plot_and_picture_is_there_and_loads(page, report):
    urls = []
    page.on("request", lambda request: urls.append(request.url))
    page.goto(report.as_uri())
    page.wait_for_function("[...document.images].every(image => image.complete)")
    drawn = page.eval_on_selector_all(
        "img.plot", "all => all.map(image => [image.id, image.naturalWidth])"
    )
    assert {name for name, _ in drawn} == PLOTS
    assert all(width > 500 for _, width in drawn), drawn
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    assert page.locator(".video img").count() > 0
    assert [url for url in urls if not url.startswith(("file:", "data:"))] == []


def test_it_says_what_it_shows_and_fits_the_page(page, report):
    page.goto(report.as_uri())
    text = page.locator("body").inner_text()
    assert "18 queries" in text  # of 19, without the one that was learned from
    assert "18 videos that the training run did not learn from" in text
    assert "What starter has over tiny" in text
    assert "beyond chance" in text or "within chance" in text
    alts = page.eval_on_selector_all("img.plot", "all => all.map(image => image.alt)")
    assert all(len(alt) > 20 for alt in alts)
    for width in (1280, 400):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
