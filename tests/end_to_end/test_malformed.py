"""Damaged media and captions cost one message each, and nothing else anything."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.helpers.command import Command
from tests.helpers.malformed import LINES, DamagedFile, make_folder

SEED = 20261122
PREFIX = re.compile(r"failed: |tubeseek\.sources\.local\.media: Captions left out: ")
NEXT = "Next: `tubeseek index` makes them searchable."


@pytest.mark.slow
def test_a_hundred_malformed_files_cost_a_message_each(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "videos", SEED)
    assert len(folder.bad) == 100
    tubeseek = Command(tmp_path / "library", {"TUBESEEK_THREADS": "1"})

    added = tubeseek.run("add", str(folder.path))
    indexed = tubeseek.run("index", "--encoder", "starter")

    assert (added.returncode, indexed.returncode) == (1, 1)  # some items failed, nothing else did
    [all_of_add] = (tmp_path / "library" / "messages").iterdir()  # where many are equal
    lines = [*all_of_add.read_text("utf-8").splitlines(), *indexed.stderr.splitlines()]
    messages = Counter(_blamed(line, folder.bad) for line in lines if line and line != NEXT)
    assert [path for path, count in messages.items() if count > 1] == []
    assert [bad.path for bad in folder.bad if bad.hopeless and not messages[bad.path]] == []
    assert 20 < sum(not bad.hopeless and messages[bad.path] > 0 for bad in folder.bad) < 60

    status = tubeseek.json("status")
    failed = {failure["video_id"] for failure in status["failures"]}
    listed = {v["id"]: v["title"] for v in tubeseek.json("list", "-n", "1000")["videos"]}
    searchable = [title for video_id, title in listed.items() if video_id not in failed]
    assert set(searchable) >= {video.stem for video in folder.good}
    assert status["indexes"][0]["videos"] == len(searchable)

    hits = tubeseek.json("search", LINES[1][2], "--using", "words", "-n", "100")["hits"]
    assert {hit["title"] for hit in hits} >= {video.stem for video in folder.with_words}
    again = tubeseek.run("index")
    assert (again.returncode, again.stderr) == (0, "")  # each has had its message


def _blamed(line: str, bad: Sequence[DamagedFile]) -> Path:
    """Return the one damaged file that a message is about."""
    message = PREFIX.sub("", line, count=1)
    [path] = [file.path for file in bad if message.startswith(f"{file.path}: ")]
    return path
