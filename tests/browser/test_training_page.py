"""Training runs in the app: followed as they run, what they changed, two indexes compared."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.helpers.app_pages import WORD_JOINER, choose, settle
from tests.helpers.app_process import RunningApp, running_app, server_of, tubeseek
from tests.helpers.tiny_models import save_tiny_clip
from tests.helpers.training_data import paint_pairs, tiny_training
from tubeseek.core.events import EventKind
from tubeseek.core.schemas import Scope, SearchRequest
from tubeseek.training.run_folder import ADAPTERS, FACTS, REPORT
from tubeseek.ui import texts

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ENCODER = "starter"
QUERY = "red beside blue"
SHOWN = 10  # videos on each side
CURVES = 4
WIDTH = "async picture => { await picture.decode().catch(() => {}); return picture.naturalWidth; }"
REPORT_PAGE = """<!doctype html>
<html lang="en"><head><title>Of a run</title></head><body><h1>How well it searches</h1>
<script>parent.document.title = 'ran'</script>
<img id="inside" alt="" src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACADs=">
<img id="outside" alt="" src="{picture}">
</body></html>
"""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """A library that the starter was trained on, with an index before and one after."""
    folder = tmp_path_factory.mktemp("trained")
    library = folder / "library"
    tubeseek(library, "add", str(paint_pairs(folder / "painted")))
    tubeseek(library, "index", "--encoder", ENCODER)
    tubeseek(library, "train", "--encoder", ENCODER, "--epochs", "6")
    tubeseek(library, "index", "--adapter", str(run_of(library)))
    with running_app(library, folder / "app.log") as running:
        yield running


def run_of(library: Path) -> Path:
    """The folder of its only run."""
    (folder,) = (library / ADAPTERS).iterdir()
    return folder


def curves(page: Page) -> Locator:
    """The charts of the curves."""
    return page.locator('[class*="st-key-ts-curve-"] [role="graphics-document"]')


def found_titles(page: Page, side: str) -> list[str]:
    buttons = page.locator(f'[class*="st-key-ts-side-open-{side}-"] button')
    expect(buttons).to_have_count(SHOWN)
    settle(page)
    return [text.replace(WORD_JOINER, "") for text in buttons.all_inner_texts()]


def test_a_run_is_followed_from_before_it_starts_to_its_end(
    page: Page, app: RunningApp, tmp_path: Path
) -> None:
    """The page is opened once; what it shows from then on comes by itself."""
    page.goto(f"{app.url}/?view=training")
    expect(page.get_by_text("tubeseek train --encoder starter")).to_be_visible()
    model, data = save_tiny_clip(tmp_path / "clip"), paint_pairs(tmp_path / "painted")
    within = {"within_texts": 1.0, "within_pictures": 1.0}
    training = tiny_training(model, data, app.library / ADAPTERS / "live", **within)
    try:
        events = training.run()
        steps = 0
        for event in events:
            if event.kind is EventKind.STARTED and event.message == "training":
                steps = event.total or 0
                break
        assert steps > 2
        expect(page.get_by_role("heading", name="live")).to_be_visible()
        expect(page.get_by_text(texts.training.RUN_RUNNING.en, exact=True)).to_be_visible()
        for step in (1, 2):
            assert any(event.kind is EventKind.ADVANCED for event in events)  # goes on to the next
            expect(
                page.get_by_text(texts.training.STEP_OF.written("en", step=step, steps=steps))
            ).to_be_visible()
            expect(curves(page)).to_have_count(CURVES + len(within))
        for name in (texts.training.WITHIN_TEXTS, texts.training.WITHIN_PICTURES):
            expect(page.get_by_text(f"{name.en} · {texts.training.LOWER.en}")).to_be_visible()
        for _ in events:
            pass
        expect(page.get_by_text(texts.training.RUN_FINISHED.en, exact=True)).to_be_visible()
        expect(
            page.get_by_text(texts.training.STEP_OF.written("en", step=2, steps=steps))
        ).to_have_count(0)
        gain = training.outcomes["test"].gain.gain
        expect(page.locator(".ts-measured tr").nth(1)).to_contain_text(f"{gain.value:+.3f} [")
    finally:
        shutil.rmtree(app.library / ADAPTERS)
    expect(page.get_by_text("tubeseek train --encoder starter")).to_be_visible()


def test_what_a_run_has_changed_is_shown_as_its_card_has_it(
    page: Page, trained: RunningApp
) -> None:
    card = json.loads((run_of(trained.library) / FACTS).read_text("utf-8"))
    page.goto(f"{trained.url}/?view=training")
    expect(page.get_by_role("heading", name=card["name"])).to_be_visible()
    expect(curves(page)).to_have_count(CURVES)
    settle(page)
    rows = page.locator(".ts-measured tr")
    expect(rows).to_have_count(3)
    for row, name in ((1, "test"), (2, "validation")):
        figures, expected = rows.nth(row).inner_text(), card["metrics"][name]
        for part in ("before", "after"):
            assert f"{expected[part]['recall@10']:.3f} [" in figures
        assert f"{expected['gain']['value']:+.3f} [{expected['gain']['low']:+.3f}, " in figures
    boxes = [curves(page).nth(place).bounding_box() for place in range(CURVES)]
    assert all(box is not None and box["width"] > 200 and box["height"] > 100 for box in boxes)


def test_one_query_of_two_indexes_side_by_side(page: Page, trained: RunningApp) -> None:
    server = server_of(trained.library)
    names = [index.encoder for index in server.status().indexes]
    adapted = next(name for name in names if name.startswith(f"{ENCODER}+"))
    expected = {}
    for side, name in (("left", ENCODER), ("right", adapted)):
        request = SearchRequest(text=QUERY, limit=SHOWN, encoder=name, using=Scope.PICTURES)
        expected[side] = [hit.title for hit in server.search(request).hits]
    assert expected["left"] != expected["right"]
    page.goto(f"{trained.url}/?view=training")
    box = page.locator(".st-key-side_box input")
    expect(box).to_be_visible()
    settle(page)
    box.fill(QUERY)
    box.press("Enter")
    assert {side: found_titles(page, side) for side in expected} == expected
    same = len({*expected["left"]} & {*expected["right"]})
    expect(
        page.get_by_text(texts.training.IN_BOTH.written("en", n=same, most=SHOWN))
    ).to_be_visible()
    choose(page, page.locator(".st-key-side_left").get_by_role("combobox"), f"{ENCODER} + ")
    expect(
        page.get_by_text(texts.training.IN_BOTH.written("en", n=SHOWN, most=SHOWN))
    ).to_be_visible()
    assert found_titles(page, "left") == expected["right"]
    page.reload()
    assert found_titles(page, "left") == expected["right"]


def test_a_report_is_shown_and_nothing_in_it_runs(page: Page, trained: RunningApp) -> None:
    server = server_of(trained.library)
    assert server.thumbnail("v0")  # a page without the policy would show it
    report = run_of(trained.library) / REPORT
    report.parent.mkdir()
    report.write_text(REPORT_PAGE.format(picture=server.thumbnail_url("v0")), "utf-8")
    page.goto(f"{trained.url}/?view=training")
    expect(page.get_by_text(texts.training.SHOW_REPORT.en)).to_be_visible()
    settle(page)
    page.get_by_text(texts.training.SHOW_REPORT.en).click()
    shown = page.frame_locator("iframe")
    expect(shown.get_by_role("heading", name="How well it searches")).to_be_visible()
    settle(page)
    assert page.title() != "ran"
    widths = [shown.locator(f"#{name}").evaluate(WIDTH) for name in ("inside", "outside")]
    assert widths == [1, 0]


def test_the_page_speaks_korean(page: Page, trained: RunningApp) -> None:
    page.goto(f"{trained.url}/?view=training&lang=ko")
    expect(page.get_by_role("heading", name=texts.training.CURVES.ko)).to_be_visible()
    expect(page.get_by_text(texts.training.RUN_FINISHED.ko, exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name=texts.training.SIDE_BY_SIDE.ko)).to_be_visible()
