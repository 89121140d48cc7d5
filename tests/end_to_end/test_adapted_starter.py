"""From `train` to `search` with the starter, as a user calls them."""

import json
from pathlib import Path

import pytest

from tests.helpers.command import Command
from tests.helpers.training_data import paint_pairs

PICTURES = 28


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paint_pairs(tmp_path_factory.mktemp("data") / "painted", count=PICTURES)


def test_an_adapter_makes_an_index_of_its_own_that_searches_are_answered_from(
    data: Path, tmp_path: Path
) -> None:
    tubeseek = Command(tmp_path / "library")
    assert tubeseek.json("add", str(data))["counts"]["new"] == PICTURES
    assert tubeseek.run("index", "--encoder", "starter").returncode == 0
    before = tubeseek.json("search", "red beside blue")
    printed = tubeseek.json("train", "--encoder", "starter", "--epochs", "3", "--lr", "0.01")
    assert printed["split"]["train"] > printed["split"]["test"] > 0
    assert [step["step"] for step in printed["curves"]["steps"]] == [1, 2, 3]
    adapter = next((tmp_path / "library" / "adapters").iterdir())
    facts = json.loads((adapter / "training.json").read_text("utf-8"))
    assert facts == printed
    assert tubeseek.run("index", "--adapter", str(adapter)).returncode == 0
    after = tubeseek.json("search", "red beside blue")
    answering = [set(answer["encoder"].split(" + ")) for answer in (before, after)]
    assert answering == [{"starter", "sentences"}, {f"starter+{adapter.name}", "sentences"}]
    assert [hit["score"] for hit in after["hits"]] != [hit["score"] for hit in before["hits"]]
    again = tubeseek.json("search", "red beside blue", "--encoder", "starter")
    assert again["encoder"] == "starter"


def test_what_cannot_be_trained_says_what_to_do(data: Path, tmp_path: Path) -> None:
    tubeseek = Command(tmp_path / "library")
    alone = tubeseek.run("train", "--encoder", "starter", "--data", str(data), "--batch", "1")
    assert alone.returncode == 2
    assert "--batch 2" in alone.stderr
    empty = tubeseek.run("train", "--encoder", "starter")
    assert empty.returncode == 2
    assert "library" in empty.stderr
