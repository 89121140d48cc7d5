"""`torchrun -m tubeseek train`: two processes do what one does, and outlive being killed.

The run is planned so long that it cannot end while it is looked at, and only its first steps are
compared; how fast the machine is does not matter.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import IO

import numpy as np
import psutil
import pytest

from tests.conftest import ROOT
from tests.helpers.command import Command, heed_ctrl_c
from tests.helpers.tiny_models import save_tiny_clip
from tests.helpers.training_data import paint_pairs, tiny_training
from tubeseek.core.events import EventKind
from tubeseek.training import checkpoint
from tubeseek.training.run_folder import CURVES, WORK

EPOCHS, LR = 20_000, 1.0  # it rises in the first tenth: in the first steps it is about 1e-3
AGAIN = "un the same command again"  # how the last line begins depends on what ends a process
COMPARED = 24  # steps at most: differences in rounding grow with each
TIMEOUT_SECONDS = 300


@contextmanager
def torchrun(model: Path, data: Path, out: Path, log: IO[str]) -> Iterator[subprocess.Popen[str]]:
    """Two processes that train; none is left at the end."""
    options = {
        "--encoder": model,
        "--data": data,
        "--out": out,
        "--epochs": EPOCHS,
        "--patience": EPOCHS,
        "--lr": LR,
        "--batch": 6,
        "--dropout": 0,
        "--rank": 2,
        "--dtype": "float32",
        "--checkpoint-steps": 1,
    }
    arguments = [str(part) for option in options.items() for part in option]
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    environment = {"TUBESEEK_THREADS": "1", "OMP_NUM_THREADS": "1"}
    if sys.platform == "linux":
        environment["GLOO_SOCKET_IFNAME"] = "lo"
    with subprocess.Popen(
        [*launcher, "-m", "tubeseek", "train", *arguments],
        cwd=ROOT,
        env=Command(out.parent / "library", environment).surroundings(),
        preexec_fn=heed_ctrl_c,
        stdout=log,
        stderr=log,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            started = psutil.Process(process.pid).children() if process.poll() is None else []
            for child in (*started, process):
                child.kill()


def wait_for_losses(out: Path, count: int, process: subprocess.Popen[str], log: Path) -> None:
    """Until the run has told of so many steps."""
    until = monotonic() + TIMEOUT_SECONDS
    while len(losses(out)) < count:
        assert process.poll() is None, log.read_text("utf-8")
        assert monotonic() < until, log.read_text("utf-8")
        sleep(0.02)


def losses(out: Path) -> dict[int, float]:
    """By step; the last line may be half written."""
    path = out / WORK / CURVES
    whole, _, _ = path.read_text("utf-8").rpartition("\n") if path.is_file() else ("", "", "")
    rows = [json.loads(line) for line in whole.splitlines()]
    return {row["step"]: row["loss"] for row in rows if "loss" in row}


@pytest.mark.slow
def test_two_processes_do_what_one_does_and_outlive_being_killed(tmp_path: Path) -> None:
    model = save_tiny_clip(tmp_path / "clip")
    data, out, log = paint_pairs(tmp_path / "painted"), tmp_path / "out", tmp_path / "told.txt"

    with log.open("w") as file, torchrun(model, data, out, file) as process:
        wait_for_losses(out, 4, process, log)
        second = {
            child.environ().get("RANK"): child for child in psutil.Process(process.pid).children()
        }["1"]
        second.kill()
        assert process.wait(TIMEOUT_SECONDS) != 0
    output = log.read_text("utf-8")
    assert output.count("pairs to learn from") == 1  # only the first process speaks
    assert AGAIN in output  # it finds the other gone, or is ended too, whichever comes first
    assert (out / WORK / checkpoint.NAME).is_file()
    before = losses(out)

    with log.open("w") as file, torchrun(model, data, out, file) as process:
        wait_for_losses(out, len(before) + 2, process, log)
        process.send_signal(signal.SIGINT)
        assert process.wait(TIMEOUT_SECONDS) != 0
    output = log.read_text("utf-8")
    assert output.count("goes on after step") == 1
    assert AGAIN in output
    assert [path.name for path in (out / WORK).glob("process-*")] == []

    after = losses(out)
    compared = min(COMPARED, len(after))
    assert list(after)[:compared] == list(range(1, compared + 1))
    alone = tiny_training(
        model, data, tmp_path / "alone", dropout=0.0, epochs=EPOCHS, patience=EPOCHS, lr=LR, batch=6
    )
    events = alone.run()
    for event in events:
        if event.kind is EventKind.ADVANCED and len(losses(tmp_path / "alone")) >= compared:
            break
    events.close()
    expected = losses(tmp_path / "alone")
    for measured in (before, after):
        steps = range(1, min(compared, len(measured)) + 1)
        np.testing.assert_allclose(
            [measured[step] for step in steps], [expected[step] for step in steps], rtol=1e-4
        )
