"""What more than one folder of tests needs."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real thumbnails, photos and clips, which is not part of the repository."""
    folder = Path(os.environ.get("TUBESEEK_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder}; set TUBESEEK_TEST_DATA to its folder")
    return folder
