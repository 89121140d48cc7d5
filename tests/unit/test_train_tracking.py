"""Curves of a run: in its folder, and in Weights & Biases without a network."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tubeseek.errors import TrainingError
from tubeseek.train.tracking import Curves

PROGRAM = """
import sys
from pathlib import Path
from tubeseek.train.processes import join_processes
from tubeseek.train.tracking import Curves, ReportTo, open_tracker

join_processes("cpu")
folder = Path(sys.argv[1])
curves = Curves(folder, open_tracker(ReportTo.WANDB, "mine", folder, {"lr": 0.1, "chunk": None}))
for step in (1, 2):
    curves.log({"planted_loss": 1 / step}, step)
curves.close()
"""


def test_each_step_is_a_line_that_can_be_read_at_once(tmp_path: Path) -> None:
    curves = Curves(tmp_path / "run", None)
    curves.again([{"step": 1, "loss": 3.0}])
    curves.log({"loss": 2.0}, 2)
    lines = (tmp_path / "run" / "curves.jsonl").read_text("utf-8").splitlines()  # before it ends
    assert [json.loads(line) for line in lines] == [
        {"step": 1, "loss": 3.0},
        {"step": 2, "loss": 2.0},
    ]
    curves.close()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file stands here")
    with pytest.raises(TrainingError, match="choose another --out"):
        Curves(tmp_path / "run", None)


@pytest.mark.skipif(find_spec("wandb") is None, reason="wandb is not installed")
def test_wandb_offline_keeps_what_was_logged(tmp_path: Path) -> None:
    environment = {**os.environ, "WANDB_MODE": "offline", "HOME": str(tmp_path)}
    program = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    subprocess.run(program, env=environment, check=True, capture_output=True)
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("wandb/offline-run-*/*.wandb"))
    assert b"planted_loss" in kept
    assert b"chunk" not in kept
