"""A hub that is far away, silent, closed, or not needed: each said plainly and in time."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPT = """
import sys
from tubeseek.encoders.hub import model_folder
from tubeseek.core.errors import ModelUnavailableError
try:
    print(model_folder(sys.argv[1]))
except ModelUnavailableError as error:
    print(error)
"""


def ask(model: str, home: Path, **variables: str) -> str:
    """Return the folder or the error, in a process with another environment."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "TRANSFORMERS_"))}
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, model],
        env={**kept, "HF_HOME": str(home), **variables},
        capture_output=True,
        text=True,
        timeout=60,  # a hub that never answers must not hold the process
        check=True,
    )
    return result.stdout


@pytest.fixture
def silent_server() -> Iterator[str]:
    """Takes connections and says nothing, as behind some firewalls."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def unused_server() -> Iterator[str]:
    """A server that nobody may connect to."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_hub_that_cannot_be_reached(tmp_path: Path) -> None:
    message = ask("openai/clip-vit-base-patch32", tmp_path, HF_ENDPOINT=closed_port())

    assert message.startswith("openai/clip-vit-base-patch32 ")
    assert "--encoder starter" in message
    assert "folder" in message


def test_a_hub_that_never_answers(tmp_path: Path, silent_server: str) -> None:
    message = ask("openai/clip-vit-base-patch32", tmp_path, HF_ENDPOINT=silent_server)

    assert message.startswith("openai/clip-vit-base-patch32 ")
    assert "--encoder starter" in message


def test_offline_mode_is_respected(tmp_path: Path, unused_server: str) -> None:
    message = ask("a/b", tmp_path, HF_ENDPOINT=unused_server, HF_HUB_OFFLINE="1")

    assert "HF_HUB_OFFLINE" in message
    assert "--encoder starter" in message


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("/no/such/folder", "there is no folder /no/such/folder"),
        ("./models/clip", "there is no folder ./models/clip"),
        ("models/clip/final", "there is no folder models/clip/final"),
        ("two words", "neither a folder nor an id"),
    ],
)
def test_what_cannot_be_on_the_hub_is_not_requested(
    model: str, message: str, tmp_path: Path, unused_server: str
) -> None:
    answer = ask(model, tmp_path, HF_ENDPOINT=unused_server)

    assert message in answer


def test_what_the_cache_holds_needs_no_hub(tmp_path: Path, unused_server: str) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    repository = tmp_path / "hub" / "models--someone--model"
    snapshot = repository / "snapshots" / commit
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit, "ascii")
    (snapshot / "config.json").write_text("{}", "ascii")

    incomplete = ask("someone/model", tmp_path, HF_ENDPOINT=unused_server, HF_HUB_OFFLINE="1")
    (snapshot / "model.safetensors").touch()
    complete = ask("someone/model", tmp_path, HF_ENDPOINT=unused_server)

    assert incomplete.startswith("someone/model ")
    assert "HF_HUB_OFFLINE" in incomplete
    assert complete.strip() == str(snapshot)
