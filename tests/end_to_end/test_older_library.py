"""A library, an adapter and a training run made by an older tubeseek open, and answer as they did.

Scores, fits and the order of several indexes have changed since: see decision 10.

The older tubeseek is a commit of this repository, run in processes of its own.
"""

import io
import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.helpers.command import Command
from tests.helpers.made_video_files import make_video_files
from tests.helpers.training_data import paint_pairs

OLDER = "d4320673458b85cce75521b8f1fe5fc48a31bedb"
OLDER_IMPORTS = """
from tubeseek.app import connect
from tubeseek.messages import AddRequest, IndexRequest, SearchRequest, TimelineRequest
from tubeseek.settings import load_settings
"""
IMPORTS = """
from tubeseek.core.schemas import IndexRequest, SearchRequest, TimelineRequest
from tubeseek.core.settings import load_settings
from tubeseek.library.open import connect
"""
SEARCHES = ("searches", "like")
FACTS = ("url", "title", "channel", "published", "duration_seconds", "views", "honesty")
ONE_INDEX = (4, 10, 16)  # of the searches: the pictures of the starter alone
OPEN = """
import json, sys
from pathlib import Path
import tubeseek

folder, videos, adapter = sys.argv[1:]
library = connect(load_settings({"library": Path(folder)}), "test")
"""
FILL = """
list(library.run(AddRequest(locators=(videos,))))
list(library.run(IndexRequest(encoder="starter")))
list(library.run(IndexRequest(encoder=f"starter+adapter:{adapter}", beside=True)))
"""
ANSWER = """
searches = [
    SearchRequest(text=text, encoder=encoder, using=using)
    for text in ("gardens of the sea", "meadow", "three pictures -grey")
    for encoder in ("", "starter")
    for using in ("all", "pictures", "words")
]
runs = library.training_runs()
answers = {
    "searches": [library.search(request) for request in searches],
    "like": [library.search(SearchRequest(like="file-plain"))],
    "timeline": [library.timeline("file-colours", TimelineRequest(text="red"))],
    "videos": [library.list(10, 0)],
    "status": [library.status()],
    "runs": [runs, library.training_run(runs.runs[0].name)],
}
events = [event.counts for event in library.run(IndexRequest(beside=True)) if event.counts]
library.close()
plain = {name: [one.model_dump(mode="json") for one in all] for name, all in answers.items()}
print(json.dumps({"code": tubeseek.__file__, "answers": plain, "indexed again": events}))
"""


@pytest.fixture(scope="module")
def older_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    git = shutil.which("git")
    if git is None:
        pytest.skip("needs git to get at the older code")
    archive = subprocess.run([git, "archive", OLDER, "src"], cwd=ROOT, capture_output=True)
    if archive.returncode:
        pytest.skip(f"needs a full clone with commit {OLDER}: {archive.stderr.decode().strip()}")
    folder = tmp_path_factory.mktemp("older")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder / "src"


def test_what_an_older_tubeseek_made_answers_as_before(older_source: Path, tmp_path: Path) -> None:
    videos = tmp_path / "videos"
    videos.mkdir()
    make_video_files(videos)
    pairs = paint_pairs(tmp_path / "pairs")
    library = tmp_path / "library"
    older = Command(library, {"PYTHONPATH": str(older_source)}, own_interpreter=True)
    now = Command(library)
    training = ("--data", str(pairs), "--epochs", "1", "--lr", "0.01")
    older.ok("train", "--encoder", "starter", *training)
    (adapter,) = (library / "adapters").iterdir()

    def output_of(command: Command, program: str) -> Any:
        arguments = [sys.executable, "-c", program, library, videos, adapter]
        environment = command.surroundings()
        done = subprocess.run(arguments, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    before = output_of(older, OLDER_IMPORTS + OPEN + FILL + ANSWER)
    assert Path(before["code"]).is_relative_to(older_source)
    assert all(answer["hits"] for answer in before["answers"]["searches"])
    after = output_of(now, IMPORTS + OPEN + ANSWER)
    assert Path(after["code"]).is_relative_to(ROOT)
    for kind in SEARCHES:
        _assert_found_again(before["answers"].pop(kind), after["answers"].pop(kind))
    _assert_same(before["answers"], after["answers"])
    assert not any(number for counts in after["indexed again"] for number in counts.values())


def _assert_found_again(before: Any, after: Any) -> None:
    """Compare which videos were found, what is known of them, and the order of their cosines."""
    for number, (older_answer, answer) in enumerate(zip(before, after, strict=True)):
        assert answer["encoder"] == older_answer["encoder"]
        by_id = {hit["video_id"]: hit for hit in answer["hits"]}
        for older_hit in older_answer["hits"]:
            hit = by_id[older_hit["video_id"]]
            _assert_same({name: older_hit[name] for name in FACTS}, hit, f"/{number}")
        if number in ONE_INDEX:
            assert [*by_id] == [hit["video_id"] for hit in older_answer["hits"]]


def _assert_same(before: Any, after: Any, place: str = "") -> None:
    """Compares what was there before; an answer may have more fields now."""
    if isinstance(before, dict):
        for name, value in before.items():
            _assert_same(value, after[name], f"{place}/{name}")
    elif isinstance(before, list):
        assert len(before) == len(after), place
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            _assert_same(old, new, f"{place}/{number}")
    elif isinstance(before, float):
        assert after == pytest.approx(before, rel=1e-5, abs=1e-6), place
    else:
        assert after == before, place
