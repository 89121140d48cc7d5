"""What more than one folder of tests needs."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# `make test` runs one process of tests on each core, so a process computes with one thread, and so
# does every program that a test starts. This stands before torch and numpy are imported, which
# read it once.
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real thumbnails, photos and clips, which is not part of the repository."""
    folder = Path(os.environ.get("TUBESEEK_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder}; set TUBESEEK_TEST_DATA to its folder")
    return folder
