"""A hub that is far away, silent, closed, or not needed: each said plainly and in time."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

LIMIT_SECONDS = 15.0
SCRIPT = """
import sys, time
from tubeseek.encoders.hub import model_folder
from tubeseek.core.errors import ModelUnavailableError
started = time.monotonic()
try:
    print(f"{time.monotonic() - started:.1f}", model_folder(sys.argv[1]))
except ModelUnavailableError as error:
    print(f"{time.monotonic() - started:.1f}", error)
"""


def ask(model: str, home: Path, **variables: str) -> tuple[float, str]:
    """Seconds until the folder or the error, and which, in a process with another environment."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "TRANSFORMERS_"))}
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, model],
        env={**kept, "HF_HOME": str(home), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    seconds, _, message = result.stdout.partition(" ")
    return float(seconds), message


@pytest.fixture
def silent_server() -> Iterator[str]:
    """Takes connections and says nothing, as behind some firewalls."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_hub_that_cannot_be_reached(tmp_path: Path) -> None:
    seconds, message = ask("openai/clip-vit-base-patch32", tmp_path, HF_ENDPOINT=closed_port())

    assert seconds < LIMIT_SECONDS
    assert "openai/clip-vit-base-patch32 is not in the local cache" in message
    assert "hub cannot be reached" in message
    assert "--encoder starter" in message
    assert "folder" in message


def test_a_hub_that_never_answers(tmp_path: Path, silent_server: str) -> None:
    seconds, message = ask("openai/clip-vit-base-patch32", tmp_path, HF_ENDPOINT=silent_server)

    assert seconds < LIMIT_SECONDS
    assert "hub cannot be reached" in message
    assert "--encoder starter" in message


def test_offline_mode_is_respected(tmp_path: Path, silent_server: str) -> None:
    seconds, message = ask("a/b", tmp_path, HF_ENDPOINT=silent_server, HF_HUB_OFFLINE="1")

    assert seconds < 2
    assert "HF_HUB_OFFLINE forbids" in message
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
def test_what_cannot_be_on_the_hub_is_not_asked_for(
    model: str, message: str, tmp_path: Path, silent_server: str
) -> None:
    seconds, answer = ask(model, tmp_path, HF_ENDPOINT=silent_server)

    assert seconds < 2
    assert message in answer


def test_what_the_cache_holds_needs_no_hub(tmp_path: Path, silent_server: str) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    repository = tmp_path / "hub" / "models--someone--model"
    snapshot = repository / "snapshots" / commit
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit, "ascii")
    (snapshot / "config.json").write_text("{}", "ascii")

    _, incomplete = ask("someone/model", tmp_path, HF_ENDPOINT=silent_server, HF_HUB_OFFLINE="1")
    (snapshot / "model.safetensors").touch()
    seconds, complete = ask("someone/model", tmp_path, HF_ENDPOINT=silent_server)

    assert "not in the local cache" in incomplete
    assert complete.strip() == str(snapshot)
    assert seconds < 2
