"""`tubeseek eval` as a user calls it, on a small library that the starter has read."""

import json
from dataclasses import replace

import pytest

from tests.helpers.command import Command
from tests.helpers.made_library import make_dataset


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("eval")
    return folder, make_dataset(folder / "pictures")


@pytest.fixture(scope="module")
def tubeseek(made):
    folder, _ = made
    command = Command(folder / "library", {"TUBESEEK_THREADS": "1"})
    command.ok("add", str(folder / "pictures"))
    command.ok("index", "--encoder", "starter")
    return command


@pytest.fixture(scope="module")
def judgements(made):
    folder, videos = made
    path = folder / "judgements.jsonl"
    facts = [{"query": v.title, "video_id": v.id, "group": v.title.split()[0]} for v in videos[:18]]
    path.write_text("\n".join(map(json.dumps, facts)))
    return path


def check_refusal(tubeseek, *arguments, names):
    """The command ends with 2, and its message names an option or a value."""
    done = tubeseek.run("eval", *arguments)
    assert done.returncode == 2, done.stderr
    assert names in " ".join(done.stderr.split())


def test_titles_by_default_and_by_category(tubeseek, made):
    report = tubeseek.json("eval")
    assert report["queries"] == len(made[1])
    assert list(report["systems"]) == ["pictures"]
    figures = report["systems"]["pictures"]
    recall = [figures["overall"]["recall"][k]["value"] for k in ("1", "5", "10")]
    assert recall == sorted(recall)
    assert recall[2] >= 10 / 19 * 0.8  # chance is 10 of 19, and the starter reads colours
    by_category = figures["by"]["category"]
    assert {name: part["queries"] for name, part in by_category.items()} == {
        "circles": 7,
        "squares": 6,
        "stripes": 6,
    }
    parts = sum(part["mrr"]["value"] * part["queries"] for part in by_category.values())
    assert parts / report["queries"] == pytest.approx(figures["overall"]["mrr"]["value"])


def test_words_know_their_titles_and_the_fused_search_loses_little(tubeseek, judgements):
    systems = tubeseek.json("eval", str(judgements))["systems"]
    best = {name: system["overall"]["recall"]["5"]["value"] for name, system in systems.items()}
    assert set(best) == {"all", "pictures", "words"}
    assert best["words"] == 1
    assert best["all"] >= 0.95
    assert set(systems["all"]["by"]["group"]) == {"Red", "Green", "Blue"}


def test_tables_are_written_for_people(tubeseek, judgements):
    output = tubeseek.ok("eval", str(judgements), "--using", "words", "--by", "group")
    assert "recall@10" in output
    assert "1.000 [1.000, 1.000]" in output
    assert "group, words" in output


def test_weights_are_tuned_and_the_line_to_set_them_is_printed(tubeseek, judgements, tmp_path):
    settings = tmp_path / "home"
    (settings / "tubeseek").mkdir(parents=True)
    (settings / "tubeseek" / "tubeseek.toml").write_text(
        "weights = { words = 0, sentences = 0, starter = 1 }\n"
    )
    misled = replace(
        tubeseek, environment=dict(tubeseek.environment, XDG_CONFIG_HOME=str(settings))
    )
    output = misled.ok("eval", str(judgements), "--tune")
    line = next(line for line in output.splitlines() if line.startswith("weights = "))
    (settings / "tubeseek" / "tubeseek.toml").write_text(line + "\n")
    assert misled.json("eval", str(judgements), "--using", "all")["systems"]["all"]["overall"][
        "mrr"
    ]["value"] == pytest.approx(1, abs=0.05)


def test_options_that_do_not_fit_together_are_refused(tubeseek, judgements, tmp_path):
    check_refusal(tubeseek, "--moments", names="--moments")
    check_refusal(tubeseek, "--qrels", "x", names="--topics")
    check_refusal(tubeseek, str(tmp_path / "absent"), names="absent")
    check_refusal(tubeseek, "--compare", "starter", "clip", names="'clip'")
    check_refusal(tubeseek, "--compare", "a", "b", "--tune", names="--compare")
    both = ("--using", "words", "--using", "pictures")
    check_refusal(tubeseek, "--compare", "a", "b", *both, names="--using")
    check_refusal(tubeseek, "--tune", "--encoder", "starter", names="--tune")
    check_refusal(tubeseek, str(judgements), "--moments", "--by", "group", names="--by")
    other = tmp_path / "other.jsonl"
    other.write_text('{"query": "a", "video_id": "elsewhere"}\n')
    check_refusal(tubeseek, str(other), names="'elsewhere'")
    check_refusal(Command(tmp_path / "empty"), names="tubeseek add")


def test_two_systems_are_compared_by_category_too(tubeseek):
    output = tubeseek.ok("eval", "--compare", "starter", "starter", "--by", "category")
    assert output.count("category, starter") == 2
    assert "gain" in output


def test_moments_of_videos_that_were_trained_on_are_not_measured(
    tubeseek, judgements, made, tmp_path
):
    learned = [video.id for video in made[1][:15]]
    ids = {"train": learned[:10], "validation": learned[10:], "test": []}
    (tmp_path / "training.json").write_text(json.dumps({"ids": ids}))
    systems = tubeseek.json("eval", str(judgements), "--moments", "--training", str(tmp_path))
    assert {system["queries"] for system in systems.values()} == {3}
