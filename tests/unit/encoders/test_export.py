"""Exports: what transformers and PEFT load from them gives the vectors of the adapted encoder."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from peft import PeftModel
from transformers import AutoModel, AutoTokenizer

from tests.helpers.made_adapters import TRAINING, save_heads, save_lora
from tests.helpers.small_disk import small_disk
from tests.helpers.tiny_models import (
    TEXT_POSITIONS,
    save_tiny_clip,
    save_tiny_siglip,
    save_tiny_xclip,
)
from tubeseek.core.errors import InputError, ModelUnavailableError, SharingError
from tubeseek.core.export_request import ExportRequest
from tubeseek.core.settings import Settings
from tubeseek.encoders.adapters import open_adapter
from tubeseek.encoders.dual.preprocess import load_preprocessor
from tubeseek.encoders.export.export import export
from tubeseek.encoders.export.form import Form
from tubeseek.encoders.factory import open_encoder, with_adapter
from tubeseek.encoders.starter.encoder import StarterEncoder

SETTINGS = Settings(threads=1, dtype="float32", backend="torch", device="cpu")
TEXTS = ["a red car", "고양이"]
NUMBERS = np.random.default_rng(0)

pytestmark = pytest.mark.filterwarnings(  # between peft and transformers
    "ignore:.*is_gradient_checkpointing:FutureWarning"
)
each_family = pytest.mark.parametrize(
    "save", [save_tiny_clip, save_tiny_siglip, save_tiny_xclip], ids=["clip", "siglip", "xclip"]
)


def read_by_transformers(model: object, folder: Path, padding: str) -> np.ndarray:
    """Text vectors with nothing of ours, from the tokenizer in the folder."""
    tokens = AutoTokenizer.from_pretrained(folder)(
        TEXTS, padding=padding, max_length=TEXT_POSITIONS, truncation=True, return_tensors="pt"
    )
    with torch.inference_mode():
        rows = model.get_text_features(**tokens).pooler_output
    return torch.nn.functional.normalize(rows, dim=-1).numpy()


@each_family
def test_a_merged_export_is_the_adapted_encoder(tmp_path: Path, save: Callable) -> None:
    base = save(tmp_path / "base")
    lora = save_lora(tmp_path / "lora", base)
    made = export(ExportRequest(str(lora), tmp_path / "out", merge=True))
    assert made.form is Form.MERGED
    adapted = open_encoder(with_adapter(None, str(lora)), SETTINGS)
    plain = open_encoder(str(base), SETTINGS)
    padding = "max_length" if save is save_tiny_siglip else "longest"

    model = AutoModel.from_pretrained(made.folder).eval()
    vectors = read_by_transformers(model, made.folder, padding)
    np.testing.assert_allclose(vectors, adapted.encode_texts(TEXTS), atol=1e-4)
    assert np.abs(vectors - plain.encode_texts(TEXTS)).max() > 1e-3

    frames = adapted.spec.frames
    clips = [NUMBERS.integers(0, 256, (frames, 90, 160, 3), dtype=np.uint8) for _ in range(2)]
    served = open_encoder(str(made.folder), SETTINGS)
    np.testing.assert_allclose(served.encode_clips(clips), adapted.encode_clips(clips), atol=1e-4)
    pixels = load_preprocessor(made.folder, 1)(list(clips[0]))["pixel_values"]
    with torch.inference_mode():
        pictures = (
            model.get_video_features(pixels[None])
            if frames > 1
            else model.get_image_features(pixels)
        ).pooler_output
    unit = torch.nn.functional.normalize(pictures, dim=-1).numpy()
    np.testing.assert_allclose(unit, adapted.encode_clips(clips[:1]), atol=1e-4)


@each_family
def test_an_adapter_is_loaded_by_peft(tmp_path: Path, save: Callable) -> None:
    base = save(tmp_path / "base")
    lora = save_lora(tmp_path / "lora", base)
    made = export(ExportRequest(str(lora), tmp_path / "out"))
    assert made.form is Form.ADAPTER
    model = PeftModel.from_pretrained(AutoModel.from_pretrained(base), made.folder).eval()
    padding = "max_length" if save is save_tiny_siglip else "longest"
    adapted = open_encoder(with_adapter(None, str(lora)), SETTINGS)
    np.testing.assert_allclose(
        read_by_transformers(model, base, padding), adapted.encode_texts(TEXTS), atol=1e-4
    )


def test_an_adapter_names_its_base_as_others_know_it(tmp_path: Path) -> None:
    base = save_tiny_clip(tmp_path / "base")
    lora = save_lora(tmp_path / "lora", base)
    first = export(ExportRequest(str(lora), tmp_path / "one"))
    assert any("--base-model" in notice for notice in first.notices)
    assert open_adapter(str(first.folder)).base == "./base"
    second = export(ExportRequest(str(lora), tmp_path / "two", base_model="ann/clip"))
    assert second.notices == ()
    assert open_adapter(str(second.folder)).base == "ann/clip"


def test_a_plain_model_is_copied(tmp_path: Path) -> None:
    base = save_tiny_clip(tmp_path / "base")
    made = export(ExportRequest(str(base), tmp_path / "out"))
    assert made.form is Form.MODEL
    original, exported = (open_encoder(str(folder), SETTINGS) for folder in (base, made.folder))
    np.testing.assert_array_equal(original.encode_texts(TEXTS), exported.encode_texts(TEXTS))


def test_heads_of_the_starter(tmp_path: Path) -> None:
    heads = save_heads(tmp_path / "heads", TRAINING)
    made = export(ExportRequest(str(heads), tmp_path / "out"))
    assert made.form is Form.HEADS
    original, exported = (StarterEncoder(1, open_adapter(str(f))) for f in (heads, made.folder))
    np.testing.assert_array_equal(original.encode_texts(TEXTS), exported.encode_texts(TEXTS))


def test_nothing_of_this_machine_is_handed_on(tmp_path: Path) -> None:
    base = save_tiny_clip(tmp_path / "base")
    tokenizer = json.loads((base / "tokenizer_config.json").read_text())
    tokenizer["name_or_path"] = str(base)
    (base / "tokenizer_config.json").write_text(json.dumps(tokenizer))
    lora = save_lora(tmp_path / "lora", base, TRAINING)
    for merge in (False, True):
        made = export(ExportRequest(str(lora), tmp_path / f"out{merge}", merge=merge))
        for path in made.folder.iterdir():
            content = path.read_bytes()
            for private in (str(tmp_path), "/home/", "annika", "secret-video"):
                assert private.encode() not in content or path.suffix == ".safetensors", path
    assert json.loads((made.folder / "training.json").read_text())["split"]["seed"] == 7


@pytest.mark.parametrize(
    ("encoder", "merge", "value"),
    [
        ("starter", False, "starter"),
        ("pooled:clip", False, "pooled:clip"),
        ("sentences", False, "sentences"),
        ("BASE", True, "--merge"),
        ("HEADS", True, "--merge"),
    ],
)
def test_what_cannot_be_exported(tmp_path: Path, encoder: str, merge: bool, value: str) -> None:
    folders = {
        "BASE": lambda: save_tiny_clip(tmp_path / "base"),
        "HEADS": lambda: save_heads(tmp_path / "heads"),
    }
    name = str(folders[encoder]()) if encoder in folders else encoder
    with pytest.raises(InputError, match=value):
        export(ExportRequest(name, tmp_path / "out", merge=merge))
    assert not (tmp_path / "out").exists()


def test_a_folder_is_replaced_only_if_it_is_an_export_and_with_force(tmp_path: Path) -> None:
    heads = save_heads(tmp_path / "heads")
    out = tmp_path / "out"
    out.mkdir()
    export(ExportRequest(str(heads), out))  # an empty folder is free
    (out / "old").touch()
    with pytest.raises(InputError, match="--force"):
        export(ExportRequest(str(heads), out))
    assert (out / "old").exists()
    export(ExportRequest(str(heads), out, force=True))
    assert not (out / "old").exists()
    mine = tmp_path / "letters"
    mine.mkdir()
    (mine / "letter.txt").touch()
    with pytest.raises(InputError):
        export(ExportRequest(str(heads), mine, force=True))
    for near in (heads, tmp_path, heads / "inside"):
        with pytest.raises(InputError):
            export(ExportRequest(str(heads), near, force=True))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["heads", "letters", "out"]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    """The adapter is of a wider model, which comes out only when it is merged."""
    base = save_tiny_clip(tmp_path / "base")
    other = save_lora(tmp_path / "other", save_tiny_siglip(tmp_path / "wider"))
    out = tmp_path / "out"
    export(ExportRequest(str(base), out))
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(ModelUnavailableError):
        export(ExportRequest(f"{base}+adapter:{other}", out, merge=True, force=True))
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


KILLED = """
import os, signal, sys
from pathlib import Path
from tubeseek.encoders.export.folder import new_folder
with new_folder(Path(sys.argv[1]), force=True) as part:
    (part / "README.md").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_export_leaves_no_half_folder(tmp_path: Path) -> None:
    heads = save_heads(tmp_path / "heads")
    out = tmp_path / "out"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(out)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not out.exists()
    export(ExportRequest(str(heads), out))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["heads", "out"]


def test_what_was_there_comes_back_if_a_killed_run_had_moved_it(tmp_path: Path) -> None:
    heads = save_heads(tmp_path / "heads")
    out = tmp_path / "out"
    export(ExportRequest(str(heads), out))
    out.rename(tmp_path / ".out.before")  # as a kill in the middle of --force leaves it
    with pytest.raises(InputError, match="--force"):
        export(ExportRequest(str(heads), out))
    assert (out / "adapter_config.json").is_file()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    heads = save_heads(tmp_path / "heads")
    (tmp_path / "file").touch()
    with pytest.raises(SharingError):
        export(ExportRequest(str(heads), tmp_path / "file" / "out"))


def test_a_disk_that_fills_up_leaves_nothing_half_done(tmp_path: Path) -> None:
    base = save_tiny_clip(tmp_path / "base")
    lora = save_lora(tmp_path / "lora", base)
    with small_disk(20_000), pytest.raises(SharingError):
        export(ExportRequest(str(lora), tmp_path / "out", merge=True))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base", "lora"]


@pytest.mark.parametrize("merge", [False, True])
def test_who_reads_the_card_reads_the_weights(tmp_path: Path, *, merge: bool) -> None:
    lora = save_lora(tmp_path / "lora", save_tiny_clip(tmp_path / "base"))
    export(ExportRequest(str(lora), tmp_path / "out", merge=merge))
    assert len({path.stat().st_mode for path in (tmp_path / "out").iterdir()}) == 1
