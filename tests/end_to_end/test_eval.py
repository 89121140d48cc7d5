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


def refused(tubeseek, *arguments, told):
    done = tubeseek.run("eval", *arguments)
    assert done.returncode == 2, done.stderr
    assert told in " ".join(done.stderr.split())


def test_titles_by_default_and_by_category(tubeseek, made):
    found = tubeseek.json("eval")
    assert found["queries"] == len(made[1])
    assert list(found["systems"]) == ["pictures"]
    figures = found["systems"]["pictures"]
    recall = [figures["overall"]["recall"][k]["value"] for k in ("1", "5", "10")]
    assert recall == sorted(recall)
    assert recall[2] >= 10 / 19 * 0.8  # chance is 10 of 19, and the starter reads colours
    by_category = figures["by"]["category"]
    assert {name: one["queries"] for name, one in by_category.items()} == {
        "circles": 7,
        "squares": 6,
        "stripes": 6,
    }
    parts = sum(one["mrr"]["value"] * one["queries"] for one in by_category.values())
    assert parts / found["queries"] == pytest.approx(figures["overall"]["mrr"]["value"])


def test_words_know_their_titles_and_the_fused_search_loses_little(tubeseek, judgements):
    found = tubeseek.json("eval", str(judgements))["systems"]
    best = {name: one["overall"]["recall"]["5"]["value"] for name, one in found.items()}
    assert set(best) == {"all", "pictures", "words"}
    assert best["words"] == 1
    assert best["all"] >= 0.95
    assert set(found["all"]["by"]["group"]) == {"Red", "Green", "Blue"}


def test_tables_are_written_for_people(tubeseek, judgements):
    told = tubeseek.ok("eval", str(judgements), "--using", "words", "--by", "group")
    assert "recall@10" in told
    assert "1.000 [1.000, 1.000]" in told
    assert "group, words" in told


def test_weights_are_tuned_and_the_line_to_set_them_is_told(tubeseek, judgements, tmp_path):
    settings = tmp_path / "home"
    (settings / "tubeseek").mkdir(parents=True)
    (settings / "tubeseek" / "tubeseek.toml").write_text("weights = { words = 0, starter = 1 }\n")
    misled = replace(
        tubeseek, environment=dict(tubeseek.environment, XDG_CONFIG_HOME=str(settings))
    )
    told = misled.ok("eval", str(judgements), "--tune")
    line = next(line for line in told.splitlines() if line.startswith("weights = "))
    (settings / "tubeseek" / "tubeseek.toml").write_text(line + "\n")
    assert misled.json("eval", str(judgements), "--using", "all")["systems"]["all"]["overall"][
        "mrr"
    ]["value"] == pytest.approx(1, abs=0.05)


def test_what_cannot_be_meant_says_what_to_do(tubeseek, judgements, tmp_path):
    refused(tubeseek, "--moments", told="needs a file of judgements")
    refused(tubeseek, "--qrels", "x", told="--qrels with --topics")
    refused(tubeseek, str(tmp_path / "absent"), told="cannot be read")
    refused(tubeseek, "--compare", "starter", "clip", told="'clip'")
    refused(tubeseek, "--compare", "a", "b", "--tune", told="--compare")
    both = ("--using", "words", "--using", "pictures")
    refused(tubeseek, "--compare", "a", "b", *both, told="give --using once")
    refused(tubeseek, "--tune", "--encoder", "starter", told="--tune weighs all indexes")
    refused(tubeseek, str(judgements), "--moments", "--by", "group", told="--by")
    other = tmp_path / "other.jsonl"
    other.write_text('{"query": "a", "video_id": "elsewhere"}\n')
    refused(tubeseek, str(other), told="not in this library, such as 'elsewhere'")
    empty = Command(tmp_path / "empty")
    refused(empty, told="this library is empty")


def test_two_systems_are_compared_by_category_too(tubeseek):
    told = tubeseek.ok("eval", "--compare", "starter", "starter", "--by", "category")
    assert told.count("category, starter") == 2
    assert "gain" in told


def test_moments_of_what_was_learned_are_not_asked(tubeseek, judgements, made, tmp_path):
    learned = [video.id for video in made[1][:15]]
    ids = {"train": learned[:10], "validation": learned[10:], "test": []}
    (tmp_path / "training.json").write_text(json.dumps({"ids": ids}))
    found = tubeseek.json("eval", str(judgements), "--moments", "--training", str(tmp_path))
    assert {one["queries"] for one in found.values()} == {3}
