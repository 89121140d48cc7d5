"""Uploads with the real huggingface_hub to a stand-in for the hub.

A process each, as huggingface_hub reads its environment when it is imported.
"""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.made_adapters import TRAINING, save_heads
from tests.helpers.stand_in_hub import TOKEN, stand_in_hub

pytestmark = pytest.mark.slow  # each test starts the command

PUSH = """
import sys
from pathlib import Path
from tubeseek.core.errors import TubeseekError
from tubeseek.encoders.export.push import check_push, push
try:
    check_push(sys.argv[2])
    print(push(Path(sys.argv[1]), sys.argv[2], private=len(sys.argv) > 3))
except TubeseekError as error:
    print(type(error).__name__, error)
"""


def run(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Python with these arguments, and nothing of the caller's own settings for the hub."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "TUBESEEK_"))}
    return subprocess.run(
        [sys.executable, *arguments],
        env={**kept, "HF_HOME": str(home), "HF_HUB_DISABLE_XET": "1", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def pushed(tmp_path: Path, repo: str, *private: str, **environment: str) -> str:
    """What is said when a small folder is pushed."""
    folder = tmp_path / "export"
    folder.mkdir(exist_ok=True)
    (folder / "README.md").write_text("a card")
    done = run(tmp_path / "home", "-c", PUSH, str(folder), repo, *private, **environment)
    assert done.returncode == 0, done.stderr
    assert TOKEN not in done.stdout + done.stderr
    return done.stdout.strip()


def test_export_and_push(tmp_path: Path) -> None:
    """The whole command, on a stand-in, not the hub. Of Xet nothing is shown."""
    heads = save_heads(tmp_path / "heads", TRAINING)
    out = tmp_path / "out"
    with stand_in_hub() as hub:
        done = run(
            tmp_path / "home",
            *("-m", "tubeseek", "--library", str(tmp_path / "library"), "-vv"),
            *("export", str(heads), "--out", str(out), "--push", "annika/cats", "--private"),
            HF_ENDPOINT=hub.url,
            HF_TOKEN=TOKEN,
        )
    assert done.returncode == 0, done.stderr
    assert f"{hub.url}/annika/cats" in done.stdout
    assert hub.created == {"name": "cats", "organization": "annika", "visibility": "private"}
    assert hub.files == {path.name: path.read_bytes() for path in out.iterdir()}
    assert "--adapter annika/cats" in hub.files["README.md"].decode()
    assert TOKEN not in done.stdout + done.stderr
    assert not [p for p in tmp_path.rglob("*") if p.is_file() and TOKEN.encode() in p.read_bytes()]


def test_a_public_repository_is_not_taken_for_a_private_one(tmp_path: Path) -> None:
    with stand_in_hub(public="annika/cats") as hub:
        output = pushed(tmp_path, "annika/cats", "private", HF_ENDPOINT=hub.url, HF_TOKEN=TOKEN)
        assert "public" in output
        assert hub.files == {}
        assert pushed(tmp_path, "annika/cats", HF_ENDPOINT=hub.url, HF_TOKEN=TOKEN) == (
            f"{hub.url}/annika/cats"
        )
        assert hub.files == {"README.md": b"a card"}


@pytest.mark.parametrize(
    ("status", "message"),
    [(401, "does not know your token"), (403, "may not write to annika/cats"), (500, "later")],
)
def test_a_hub_that_refuses(tmp_path: Path, status: int, message: str) -> None:
    with stand_in_hub(refuse=status) as hub:
        output = pushed(tmp_path, "annika/cats", HF_ENDPOINT=hub.url, HF_TOKEN=TOKEN)
    assert output.startswith("SharingError")
    assert message in output
    assert "--force" in output  # the export is made; only the upload is missing


def test_what_is_known_without_a_request(tmp_path: Path) -> None:
    with stand_in_hub() as hub:
        assert "hf auth login" in pushed(tmp_path, "annika/cats", HF_ENDPOINT=hub.url)
        offline = {"HF_ENDPOINT": hub.url, "HF_TOKEN": TOKEN, "HF_HUB_OFFLINE": "1"}
        assert "HF_HUB_OFFLINE" in pushed(tmp_path, "annika/cats", **offline)
        output = pushed(tmp_path, "cats", HF_ENDPOINT=hub.url, HF_TOKEN=TOKEN)
        assert output.startswith("InputError")
        assert not [call for call in hub.calls if "agent-harnesses" not in call]


def test_a_hub_that_cannot_be_reached(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = f"http://127.0.0.1:{server.getsockname()[1]}"
    output = pushed(tmp_path, "annika/cats", HF_ENDPOINT=closed, HF_TOKEN=TOKEN)
    assert output.startswith("SharingError")
    assert "HF_ENDPOINT" in output
