"""A checkpoint that is being written is written to its end."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.conftest import ROOT
from tests.helpers.interrupted_checkpoint import INTERRUPTED
from tubeseek.training import checkpoint


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_waits_until_it_is_written(tmp_path: Path, number: int) -> None:
    """In a process of its own: this crashed one in which a test had used OpenVINO before."""
    program = [sys.executable, "-m", "tests.helpers.interrupted_checkpoint"]
    done = subprocess.run(
        [*program, str(tmp_path), str(int(number))], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == INTERRUPTED, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == [checkpoint.NAME]
    saved = torch.load(tmp_path / checkpoint.NAME, weights_only=True)
    assert saved["progress"]["step"] == 7
    torch.testing.assert_close(saved["weights"]["w"], torch.arange(3.0))
