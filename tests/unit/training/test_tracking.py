"""Curves of a run: in its folder, and in trackers without a network."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from tubeseek.core.errors import ConfigError, TrainingError
from tubeseek.training.tracking import Curves, Reporter, ReportTo

# Reports two steps, is killed, and goes on after the first; says so on stdout and nothing else.
# A process that speaks to anyone outside it ends at once.
PROGRAM = """
import os
import sys
from pathlib import Path
from tubeseek.training.distributed import join_processes
from tubeseek.training.tracking import Curves, ReportTo, open_reporter

def refuse(event, args):
    if event in ("socket.connect", "socket.getaddrinfo") and sys.argv[1] != "wandb":
        os.write(2, f"{event} {args}".encode())
        os._exit(9)

join_processes("cpu")
sys.addaudithook(refuse)
folder, config = Path(sys.argv[2]), {"lr": 0.1, "chunk": None}
for begun, steps in ((0, (1, 2)), (1, (2, 3))):
    reporter = open_reporter(ReportTo(sys.argv[1]), "mine", folder, config, step=begun)
    curves = Curves(folder, reporter)
    for step in steps:
        curves.log({"planted_loss": begun + 1 / step}, step)
    curves.close()
print("done")
"""


def report_to(tracker: str, folder: Path) -> None:
    """Runs the program with a home of its own."""
    if find_spec(tracker) is None:
        pytest.skip(f"{tracker} is not installed; pip install {tracker}")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TRACKIO_", "HF_", "WANDB_", "XDG_"))
    }
    environment = {**kept, "WANDB_MODE": "offline", "HOME": str(folder / "home")}
    (folder / "home").mkdir()
    program = [sys.executable, "-c", PROGRAM, tracker, str(folder / "run")]
    done = subprocess.run(
        program, env=environment, capture_output=True, text=True, cwd=folder, check=False
    )
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def test_each_step_is_a_line_that_can_be_read_at_once(tmp_path: Path) -> None:
    curves = Curves(tmp_path / "run", None)
    curves.rewrite([{"step": 1, "loss": 3.0}])
    curves.log({"loss": 2.0}, 2)
    lines = (tmp_path / "run" / "curves.jsonl").read_text("utf-8").splitlines()  # before it ends
    assert [json.loads(line) for line in lines] == [
        {"step": 1, "loss": 3.0},
        {"step": 2, "loss": 2.0},
    ]
    curves.close()


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file stands here")
    with pytest.raises(TrainingError, match="--out"):
        Curves(tmp_path / "run", None)


def test_wandb_offline_keeps_what_was_logged(tmp_path: Path) -> None:
    report_to("wandb", tmp_path)
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("run/wandb/offline-run-*/*.wandb"))
    assert b"planted_loss" in kept
    assert b"chunk" not in kept


def test_tensorboard_shows_each_step_once(tmp_path: Path) -> None:
    report_to("tensorboard", tmp_path)
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(tmp_path / "run" / "mine"))
    events.Reload()
    curve = [(point.step, point.value) for point in events.Scalars("planted_loss")]
    assert curve == [(1, 1.0), (2, 1.5), (3, pytest.approx(1 + 1 / 3))]
    settings = next((tmp_path / "run" / "mine").glob("*/hparams.yml"))
    assert settings.read_text("utf-8") == "lr: 0.1\n"
    assert list((tmp_path / "home").iterdir()) == []


def test_trackio_keeps_one_run_where_its_dashboard_looks(tmp_path: Path) -> None:
    """Runs where somebody has installed it: it wants an older Pillow than users get."""
    report_to("trackio", tmp_path)
    kept = tmp_path / "home" / ".cache" / "huggingface" / "trackio"
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.parent for path in written} == {kept, tmp_path / "run"}
    with closing(sqlite3.connect(kept / "tubeseek.db")) as store:
        rows = store.execute("SELECT run_id, run_name, step, metrics FROM metrics ORDER BY id")
        reported = [(*row[:3], json.loads(row[3])["planted_loss"]) for row in rows]
        configs = [json.loads(row[0]) for row in store.execute("SELECT config FROM configs")]
    assert [row[1:] for row in reported] == [
        ("mine", 1, 1.0),
        ("mine", 2, 0.5),
        ("mine", 2, 1.5),
        ("mine", 3, pytest.approx(1 + 1 / 3)),
    ]
    assert len({row[0] for row in reported}) == 1
    assert len(configs) == 1
    assert {name for name in configs[0] if not name.startswith("_")} == {"lr"}


def test_errors_of_a_tracker_are_translated(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    class Broken:
        def start(self) -> None:
            print("a vendor speaks")
            raise OSError("nobody is logged in")

        def log(self, values: dict, step: int) -> None:
            raise OSError("nobody listens")

    reporter = Reporter(ReportTo.WANDB, Broken())
    with pytest.raises(ConfigError, match=r"--report-to wandb.*nobody is logged in"):
        reporter.start({})
    with pytest.raises(TrainingError, match=r"--report-to wandb.*nobody listens"):
        reporter.log({"loss": 1.0}, 1)
    output = capsys.readouterr()
    assert (output.out, output.err) == ("", "a vendor speaks\n")
