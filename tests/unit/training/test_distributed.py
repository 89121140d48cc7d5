"""Two processes with half a batch each get the gradients of one process with all of it."""

import os
import subprocess
import sys

import pytest
import torch

from tests.conftest import ROOT
from tests.unit.training.test_grad_cache import batch, gradients, towers
from tubeseek.training.distributed import Processes, average_gradients, broadcast_from_main, gather

pytestmark = pytest.mark.slow  # two processes import torch

PROCESSES = 2


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Return the results of each process, by rank."""
    folder = tmp_path_factory.mktemp("processes")
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    started = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.helpers.gather_process",
                str(rank),
                str(PROCESSES),
                folder,
            ],
            cwd=ROOT,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(PROCESSES)
    ]
    try:
        errors = [process.communicate(timeout=300)[1] for process in started]
    finally:
        for process in started:
            process.kill()
    assert [process.returncode for process in started] == [0] * PROCESSES, errors
    return [torch.load(folder / f"{rank}.pt") for rank in range(PROCESSES)]


@pytest.mark.parametrize("way", ["averaged", "cached", "wrapped"])
def test_gradients_equal_those_of_one_process(results, way):
    alone = towers()
    alone.loss(*alone(batch(8))).backward()
    expected = gradients(alone)
    for result in results:
        for name, grad in result[way].items():
            torch.testing.assert_close(grad, expected[name], atol=1e-12, rtol=1e-10)


def test_uneven_shares_are_refused_in_every_process(results):
    assert all("(1, 2), (2, 2)" in result["uneven"] for result in results)


def test_all_processes_get_the_numbers_of_the_main_process(results):
    assert [result["main"] for result in results] == [[0.1, 0]] * PROCESSES


def test_a_lost_process_is_a_training_error(results):
    assert results[0]["gone"]


def test_processes_of_one_machine_share_its_threads():
    cores = os.cpu_count()
    alone, of_many = (Processes(n, 0, torch.device("cpu"), local_count=n) for n in (1, 2 * cores))
    assert (alone.threads(None), of_many.threads(None), of_many.threads(3)) == (cores, 1, 3)


def test_one_process_gathers_nothing():
    x = torch.ones(2, 3)
    assert gather(x) is x
    assert broadcast_from_main([0.1], x.device) == [0.1]
    model = towers()
    model.loss(*model(batch(4))).backward()
    before = {name: grad.clone() for name, grad in gradients(model).items()}
    average_gradients(model.parameters())
    torch.testing.assert_close(gradients(model), before)
