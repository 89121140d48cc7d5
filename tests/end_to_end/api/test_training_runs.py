"""A server shows the training runs of a library while they run and afterwards."""

import json

import numpy as np
import pytest

from tests.helpers.api_server import serving
from tests.helpers.painted_library import open_painted
from tests.helpers.raw_http import ask, refused
from tests.helpers.tiny_models import save_tiny_clip
from tests.helpers.training_data import paint_pairs, tiny_training
from tubeseek.api.app import create_api
from tubeseek.core.errors import QueryError, TrainingError
from tubeseek.core.events import EventKind
from tubeseek.core.schemas import RunState
from tubeseek.library.remote import RemoteLibrary
from tubeseek.training.run_folder import ADAPTERS, CURVES, FACTS, REPORT, WORK

EPOCHS = 2
WITHIN = {"within_texts": 0.5, "within_pictures": 2.0}
PAGE = "<!doctype html>\n<html><body><script>alert(1)</script>How well it searches</body></html>\n"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A library, one run in it that is over and one that was stopped, and its states meanwhile.

    Returns:
        The library, its server's client, and what the client got after each step.
    """
    folder = tmp_path_factory.mktemp("runs")
    model = save_tiny_clip(folder / "clip")
    data = paint_pairs(folder / "painted")
    library = open_painted(folder / "library")
    runs = folder / "library" / ADAPTERS
    with serving(create_api(library, loopback=True)) as url:
        remote = RemoteLibrary(url)
        assert remote.training_runs().runs == ()
        whole = tiny_training(model, data, runs / "whole", epochs=EPOCHS, **WITHIN)
        states = [
            (event.done, remote.training_run("whole"))
            for event in whole.run()
            if event.kind is EventKind.ADVANCED and (runs / "whole" / WORK / CURVES).is_file()
        ]
        stopped = tiny_training(model, data, runs / "half", epochs=EPOCHS, seed=3).run()
        for event in stopped:
            if event.kind is EventKind.ADVANCED and (runs / "half" / WORK / CURVES).is_file():
                break
        stopped.close()
        yield library, remote, states
    library.close()


def test_curves_grow_while_it_runs(trained):
    _, _, states = trained
    assert len(states) > EPOCHS
    for done, run in states:
        curves = {curve.name: curve for curve in run.curves}
        assert (run.state, run.step) == (RunState.RUNNING, done)
        assert curves["loss"].steps == tuple(range(1, done + 1))
        assert curves["validation_recall"].steps[0] == 0  # the encoder as it was
        assert run.steps >= done
        before = run.measured[0]
        assert (before.name, before.after, before.gain) == ("test", None, None)


def test_a_run_shows_what_was_trained(trained):
    library, remote, states = trained
    run = remote.training_run("whole")
    card = json.loads((library.folder / ADAPTERS / "whole" / FACTS).read_text("utf-8"))
    assert run == library.training_run("whole")
    assert (run.state, run.step, run.steps) == (
        RunState.FINISHED,
        states[-1][0],
        states[-1][1].steps,
    )
    assert (run.seed, run.data, run.digest) == (0, "painted", card["data"]["digest"])
    assert (run.pairs, {"seed": 0, **run.split}) == (56, card["split"])
    assert run.settings["lr"] == card["config"]["lr"]
    for part in run.measured:
        expected = card["metrics"][part.name]
        assert part.before.value == expected["before"]["recall@10"]
        assert part.after.value == expected["after"]["recall@10"]
        for measure in (part.before, part.after, part.gain):
            assert measure.low - 1e-4 <= measure.value <= measure.high + 1e-4
        # the three are rounded one by one
        np.testing.assert_allclose(part.after.value - part.before.value, part.gain.value, atol=2e-4)
    assert [part.name for part in run.measured] == ["test", "validation"]
    curves = {curve.name: curve for curve in run.curves}
    terms = {"alignment": 1.0, "uniformity": 1.0, **WITHIN}
    for name in ("loss", *terms):
        assert curves[name].values == tuple(step[name] for step in card["curves"]["steps"])
    added = [weight * np.array(curves[name].values) for name, weight in terms.items()]
    np.testing.assert_allclose(curves["loss"].values, np.sum(added, axis=0), rtol=1e-5)
    recall = curves["validation_recall"]
    assert recall.values == tuple(epoch["recall@10"] for epoch in card["curves"]["epochs"])
    assert recall.steps == tuple(run.steps * epoch // EPOCHS for epoch in range(EPOCHS + 1))


def test_a_stopped_run_has_its_state(trained):
    library, remote, _ = trained
    answer = remote.training_runs()
    assert answer == library.training_runs()
    assert {run.name: run.state for run in answer.runs} == {
        "half": RunState.STOPPED,
        "whole": RunState.FINISHED,
    }
    half = remote.training_run("half")
    assert (half.seed, half.step, half.measured[0].after) == (3, 1, None)


def test_one_folder_is_trained_into_by_one_process(trained, tmp_path, monkeypatch):
    monkeypatch.setattr("tubeseek.training.run_state.WAIT_SECONDS", 0)
    model, data = save_tiny_clip(tmp_path / "clip"), paint_pairs(tmp_path / "painted")
    first = tiny_training(model, data, tmp_path / "out").run()
    next(first)
    with pytest.raises(TrainingError, match="--out"):
        next(tiny_training(model, data, tmp_path / "out").run())
    first.close()
    next(tiny_training(model, data, tmp_path / "out").run())


def test_a_finished_run_needs_no_working_files(trained, tmp_path):
    library, _, _ = trained
    whole = library.folder / ADAPTERS / "whole"
    other = open_painted(tmp_path)
    (tmp_path / ADAPTERS / "moved").mkdir(parents=True)
    (tmp_path / ADAPTERS / "moved" / FACTS).write_bytes((whole / FACTS).read_bytes())
    moved, expected = other.training_run("moved"), library.training_run("whole")
    assert (moved.state, moved.curves, moved.measured) == (
        RunState.FINISHED,
        expected.curves,
        expected.measured,
    )
    other.close()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"name": "x"}', '{"metrics": 7, "data": [], "split": {}}']
)
def test_damaged_files_cost_one_run(tmp_path, content):
    library = open_painted(tmp_path)
    folder = tmp_path / ADAPTERS / "broken"
    folder.mkdir(parents=True)
    (folder / FACTS).write_text(content)
    (tmp_path / ADAPTERS / "no run").mkdir()
    runs = library.training_runs().runs
    assert [(run.name, run.state) for run in runs] == [("broken", RunState.UNREADABLE)]
    assert library.training_run("broken").state is RunState.UNREADABLE
    library.close()


def test_a_report_is_shown_and_nothing_in_it_runs(trained):
    library, remote, _ = trained
    path = library.folder / ADAPTERS / "whole" / REPORT
    assert remote.report("whole") is None
    assert not remote.training_run("whole").has_report
    path.parent.mkdir()
    path.write_text(PAGE, "utf-8")
    assert remote.training_run("whole").has_report
    assert remote.report("whole") == PAGE
    status, headers, _ = ask(remote.url, "GET", "/v1/training/whole/report")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    policy = headers["Content-Security-Policy"].split("; ")
    assert {"sandbox", "default-src 'none'"} <= set(policy)
    assert "script" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    path.unlink()
    path.symlink_to(library.folder / "catalog.sqlite")  # a link that leads out of the run's folder
    assert remote.report("whole") is None


@pytest.mark.parametrize(
    "name",
    [
        "nothing",
        "..",
        ".",
        "../catalog.sqlite",
        "%2e%2e",
        "..%2f..%2fetc",
        "%2fetc",
        "whole%2f..%2fhalf",
        "whole%00",
        "..%5c",
    ],
)
@pytest.mark.parametrize("ending", ["", "/report"])
def test_no_name_leads_out_of_the_runs(trained, name, ending):
    _, remote, _ = trained
    status, error, _ = refused(ask(remote.url, "GET", f"/v1/training/{name}{ending}"))
    assert (status, error) == (404, "QueryError")


def test_a_run_that_is_not_there_is_the_same_error_here_and_there(trained):
    library, remote, _ = trained
    for end in (library, remote):
        with pytest.raises(QueryError, match="nobody"):
            end.training_run("nobody")
