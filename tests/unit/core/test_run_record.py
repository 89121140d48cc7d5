"""Records of training runs: those of commit d432067, those of other versions, and damaged ones."""

import json

import pytest

from tubeseek.core.errors import InputError
from tubeseek.core.schemas import RunState
from tubeseek.core.schemas.run_record import RunRecord, read_run_record
from tubeseek.evaluation.report.training import read_learned, read_training
from tubeseek.training.run_folder import FACTS, STANDING, WORK, Runs

RUN = """{"started": "2026-11-24T15:45:17+00:00", "finished": true, "name": "lora",
 "base_model": "openai/clip-vit-base-patch32", "base_fingerprint": "f93e5ee0407f090b",
 "method": {"method": "lora", "rank": 2, "alpha": 16.0, "targets": "q_proj v_proj",
  "towers": "both", "full_heads": false, "dropout": 0.25, "dtype": "float32"},
 "config": {"epochs": 2, "batch": 5, "lr": 0.01, "weight_decay": 0.01, "dropout": 0.25,
  "patience": 2, "temperature": null, "seed": 3, "warmup": 0.1, "loss": "contrastive",
  "learn_temperature": false, "alignment_weight": 1.0, "uniformity_weight": 1.0,
  "within_pictures": 2.0, "within_texts": 0.5, "accumulate": 1, "chunk": null,
  "validation": 0.1, "test": 0.2, "refit": false, "checkpoint_steps": 1},
 "code": {"tubeseek": "0.1.0", "commit": "4df120b49d1a31d9236959dff920227efab11c9f"},
 "data": {"name": "painted", "digest": "9fde82b4311b344f", "pairs": 56, "left_out": 13},
 "split": {"seed": 3, "train": 28, "validation": 7, "test": 8},
 "metrics": {"test": {"before": {"recall@1": 0.0385, "recall@5": 0.2308, "recall@10": 0.3462,
  "recall@10_interval": [0.1538, 0.5385], "mrr": 0.1292, "texts": 26, "pictures": 26}}},
 "steps": 12}"""
TRAINING = """{"name": "lora", "base_model": "openai/clip-vit-base-patch32",
 "base_fingerprint": "f93e5ee0407f090b",
 "method": {"method": "lora", "rank": 2, "alpha": 16.0, "targets": "q_proj v_proj",
  "towers": "both", "full_heads": false, "dropout": 0.25, "dtype": "float32"},
 "config": {"epochs": 2, "batch": 5, "lr": 0.01, "temperature": null, "seed": 3},
 "code": {"tubeseek": "0.1.0", "commit": "4df120b49d1a31d9236959dff920227efab11c9f"},
 "data": {"name": "painted", "digest": "9fde82b4311b344f", "pairs": 56, "left_out": 13},
 "split": {"seed": 3, "train": 28, "validation": 7, "test": 8},
 "best_epoch": 1, "epochs_run": 2,
 "metrics": {"test": {
  "before": {"recall@1": 0.0385, "recall@5": 0.2308, "recall@10": 0.3462,
   "recall@10_interval": [0.1538, 0.5385], "mrr": 0.1292, "texts": 26, "pictures": 26},
  "after": {"recall@1": 0.0385, "recall@5": 0.2692, "recall@10": 0.4231,
   "recall@10_interval": [0.2308, 0.6154], "mrr": 0.1648, "texts": 26, "pictures": 26},
  "gain": {"value": 0.07692307692307693, "low": -0.15384615384615385,
   "high": 0.3076923076923077, "p_value": 0.7508249175082492}}},
 "warnings": ["test has 8 pictures"],
 "curves": {"steps": [
  {"step": 1, "epoch": 1, "loss": 6.555018424987793, "alignment": -2.4460701942443848,
   "uniformity": 4.3595404624938965, "within_texts": 0.2640342712402344,
   "within_pictures": 2.254765510559082, "lr": 0.01, "gradient": 17.39724349975586,
   "temperature": 0.07000420599610377},
  {"step": 7, "epoch": 2, "loss": 4.51862096786499, "alignment": -0.5495157837867737,
   "uniformity": 1.9570326805114746, "within_texts": 0.37922096252441406,
   "within_pictures": 1.4607467651367188, "lr": 0.005711574191366427,
   "gradient": 11.306690216064453, "temperature": 0.07000420599610377}],
  "epochs": [{"epoch": 0.0, "recall@10": 1.0, "mrr": 0.35986394557823126},
   {"epoch": 1.0, "recall@10": 0.9, "mrr": 0.4217687074829932},
   {"epoch": 2.0, "recall@10": 0.8, "mrr": 0.36802721088435375}]},
 "ids": {"train": ["v1", "v3@2.5"], "validation": ["v7"], "test": ["v4"]}}"""


@pytest.mark.parametrize("content", [RUN, TRAINING])
def test_a_record_is_written_as_it_was_read(tmp_path, content):
    (tmp_path / FACTS).write_text(content)
    record = read_run_record(tmp_path / FACTS)
    assert json.loads(record.to_json()) == json.loads(content)
    assert list(record.to_dict()["method"]) == list(json.loads(content)["method"])


def test_an_old_run_is_listed_and_reported(tmp_path):
    folder = tmp_path / "lora"
    (folder / WORK).mkdir(parents=True)
    (folder / FACTS).write_text(TRAINING)
    (folder / WORK / STANDING).write_text(RUN)
    runs = Runs(tmp_path)
    (short,), run = runs.all(), runs.run("lora")
    assert short.state is run.state is RunState.FINISHED
    assert (run.encoder, run.method, run.seed) == ("openai/clip-vit-base-patch32", "lora", 3)
    assert (run.started.hour, run.steps, run.best_epoch) == (15, 12, 1)
    assert (run.pairs, run.split) == (56, {"train": 28, "validation": 7, "test": 8})
    assert run.settings["temperature"] is None
    assert run.settings["lr"] == 0.01
    (scores,) = run.measured
    assert (scores.before.low, scores.after.value, scores.p_value) == (
        0.1538,
        0.4231,
        0.7508249175082492,
    )
    loss, recall = [6.555018424987793, 4.51862096786499], [1.0, 0.9, 0.8]
    curves = {curve.name: curve for curve in run.curves}
    assert (curves["loss"].steps, curves["loss"].values) == ((1, 7), tuple(loss))
    assert curves["validation_recall"].steps == (0, 1, 7)
    assert curves["validation_recall"].values == tuple(recall)
    reported = read_training(folder).curves
    assert reported["loss"] == ([1, 7], loss)
    assert reported["validation_recall"] == ([0, 1, 7], recall)
    assert read_learned(folder) == {"v1", "v3", "v3@2.5", "v7"}


def test_unknown_keys_are_kept_and_missing_ones_have_defaults(tmp_path):
    content = {
        "base_model": "starter",
        "data": {"name": "x", "digest": "d", "pairs": 2, "licence": "CC0"},
        "host": {"cores": 8},
    }
    (tmp_path / FACTS).write_text(json.dumps(content))
    record = read_run_record(tmp_path / FACTS)
    assert record.to_dict() == content
    assert (record.data.left_out, record.best_epoch, record.curves.rows()) == (0, None, [])
    with pytest.raises(InputError, match="split"):
        record.require("data", "split")


def test_a_newer_record_adds_to_an_older_one():
    older = RunRecord(finished=False, steps=7, name="a")
    record = older.updated(RunRecord(finished=True, best_epoch=0))
    assert record.to_dict() == {"finished": True, "steps": 7, "name": "a", "best_epoch": 0}


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ('{"data": 7}', "data"),
        ('{"split": {"seed": 1}}', "split.train"),
        ('{"metrics": {"test": {"before": {"texts": 1, "pictures": 1}}}}', "test.before.recall@10"),
        ('{"curves": {"steps": [{"loss": 1}]}}', "curves.steps.0.step"),
    ],
)
def test_damage_is_named_by_its_place(tmp_path, content, place):
    (tmp_path / FACTS).write_text(content)
    with pytest.raises(InputError, match=place):
        read_run_record(tmp_path / FACTS)


@pytest.mark.parametrize("content", ["", "[]", "null", "[" * 100_000])
def test_a_file_of_another_form_is_an_input_error(tmp_path, content):
    (tmp_path / FACTS).write_text(content)
    with pytest.raises(InputError):
        read_run_record(tmp_path / FACTS)


def test_a_damaged_run_costs_only_itself(tmp_path):
    for name, content in (("whole", TRAINING), ("broken", TRAINING[:-50])):
        (tmp_path / name).mkdir()
        (tmp_path / name / FACTS).write_text(content)
    states = {run.name: run.state for run in Runs(tmp_path).all()}
    assert states == {"whole": RunState.FINISHED, "broken": RunState.UNREADABLE}


def test_a_missing_file_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match=FACTS):
        read_run_record(tmp_path / FACTS)
