"""The fingerprint changes with everything that changes vectors, and with nothing else."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from tests.helpers.tiny_models import save_tiny_clip
from tubeseek.core.errors import ModelUnavailableError
from tubeseek.encoders.fingerprint import STRIDE_BYTES, fingerprint


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return save_tiny_clip(tmp_path / "model")


def of(folder: Path) -> str:
    return fingerprint(folder, adapter_version="test 1")


def test_a_copy_is_the_same_model(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "copy")

    assert of(tmp_path / "copy") == of(folder)
    assert len(of(folder)) == 16


def test_a_readme_changes_nothing(folder: Path) -> None:
    before = of(folder)
    (folder / "README.md").write_text("# New words", "utf-8")

    assert of(folder) == before


@pytest.mark.parametrize(
    "name", ["config.json", "preprocessor_config.json", "tokenizer_config.json", "tokenizer.json"]
)
def test_each_setting_counts(folder: Path, name: str) -> None:
    before = of(folder)
    with (folder / name).open("a") as file:
        file.write("\n")

    assert of(folder) != before


def test_the_version_of_our_code_counts(folder: Path) -> None:
    assert of(folder) != fingerprint(folder, adapter_version="test 2")


def test_every_tensor_counts(folder: Path) -> None:
    """A training step moves all numbers of a tensor; so does this, one tensor at a time."""
    path = folder / "model.safetensors"
    tensors = {name: np.asarray(tensor) for name, tensor in load_file(path).items()}
    fingerprints = {of(folder)}
    for name, tensor in tensors.items():
        save_file({**tensors, name: np.asarray(tensor + np.float32(1e-3))}, path, {"format": "pt"})
        fingerprints.add(of(folder))

    assert len(fingerprints) == 1 + len(tensors)


def test_every_part_of_a_large_tensor_counts(tmp_path: Path) -> None:
    numbers = np.zeros(3 * STRIDE_BYTES // 4, np.float32)
    path = tmp_path / "model.safetensors"
    fingerprints = set()
    for third in range(3):
        changed = numbers.reshape(3, -1).copy()
        changed[third] = 1
        save_file({"a": changed.reshape(-1)}, path)
        fingerprints.add(of(tmp_path))

    assert len(fingerprints) == 3


def test_pickled_weights_count(tmp_path: Path) -> None:
    path = tmp_path / "pytorch_model.bin"
    path.write_bytes(bytes(1000))
    before = of(tmp_path)
    path.write_bytes(b"\1" * 1000)

    assert of(tmp_path) != before


@pytest.mark.parametrize("damage", [b"", b"\xff" * 8, (20).to_bytes(8, "little") + b'{"a": 1}' * 4])
def test_a_damaged_file_says_so(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "model.safetensors").write_bytes(damage)

    with pytest.raises(ModelUnavailableError, match=r"model\.safetensors"):
        of(tmp_path)


def test_of_hundreds_of_megabytes_a_sample_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As large as ViT-B/32, in as many tensors; sparse on disk."""
    path = tmp_path / "model.safetensors"
    save_file({f"layer {i:03d}": np.zeros(1024, np.float32) for i in range(400)}, path)
    header = path.read_bytes()[: 8 + int.from_bytes(path.read_bytes()[:8], "little")]
    stretched = header.replace(b"[1024]", b"[9999]")  # the size of a tensor is not looked at
    with path.open("wb") as file:
        file.write(stretched)
        file.truncate(600_000_000)
    hashed: list[int] = []  # bytes

    class Recorder:
        def __init__(self, data: bytes) -> None:
            self.update(data)

        def update(self, data: bytes) -> None:
            hashed.append(len(data))

        def hexdigest(self) -> str:
            return ""

    monkeypatch.setattr("tubeseek.encoders.fingerprint.hashlib", SimpleNamespace(sha256=Recorder))
    of(tmp_path)

    assert 100_000 < sum(hashed) < 1_000_000
