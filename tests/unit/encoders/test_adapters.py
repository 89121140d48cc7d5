"""Adapters: an encoder with one, against the same computed by hand or by PEFT itself."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import peft
import pytest
import torch
from safetensors.numpy import save_file
from transformers import AutoModel

from tests.helpers.tiny_models import save_tiny_clip
from tubeseek.core.encoder_names import adapted_name
from tubeseek.core.errors import ModelUnavailableError
from tubeseek.core.settings import Settings
from tubeseek.encoders.adapters import CONFIG, WEIGHTS, open_adapter
from tubeseek.encoders.dual.encoder import DualEncoder
from tubeseek.encoders.factory import open_encoder, with_adapter
from tubeseek.encoders.starter.encoder import StarterEncoder

TEXTS = ["a red car", "고양이"]
PICTURE = np.random.default_rng(0).integers(0, 256, (1, 90, 160, 3), dtype=np.uint8)


def heads(folder: Path, text: np.ndarray, picture: np.ndarray) -> Path:
    folder.mkdir()
    config = {"base_model_name_or_path": "starter", "peft_type": "STARTER_HEADS"}
    (folder / CONFIG).write_text(json.dumps(config))
    save_file({"text_head": text, "picture_head": picture}, folder / WEIGHTS)
    return folder


@pytest.mark.slow
def test_zero_heads_change_nothing_but_the_fingerprint(tmp_path: Path) -> None:
    folder = heads(tmp_path / "none", *(np.zeros((n, 384), np.float32) for n in (1024, 1280)))
    plain, adapted = StarterEncoder(1), StarterEncoder(1, open_adapter(str(folder)))
    np.testing.assert_allclose(adapted.encode_texts(TEXTS), plain.encode_texts(TEXTS), atol=1e-6)
    np.testing.assert_allclose(
        adapted.encode_clips([PICTURE]), plain.encode_clips([PICTURE]), atol=1e-6
    )
    assert adapted.spec.fingerprint != plain.spec.fingerprint
    assert (adapted.spec.name, adapted.spec.dim) == ("starter+none", plain.spec.dim)


@pytest.mark.slow
def test_heads_that_outweigh_the_starter_decide_where_things_lie(tmp_path: Path) -> None:
    to_first = np.zeros((1024, 384), np.float32)
    to_first[:, 0] = 1e6  # whatever is read goes to the first axis, this way or that
    folder = heads(tmp_path / "far", to_first, np.zeros((1280, 384), np.float32))
    encoder = StarterEncoder(1, open_adapter(str(folder)))
    vectors = encoder.encode_texts(TEXTS)
    np.testing.assert_allclose(np.abs(vectors[:, 0]), 1, atol=1e-3)
    _, sentences = encoder.read(TEXTS)
    np.testing.assert_array_equal(np.sign(vectors[:, 0]), np.sign(sentences.sum(axis=1)))


@pytest.mark.slow
def test_an_adapted_starter_reads_without_torch(tmp_path: Path) -> None:
    folder = heads(tmp_path / "none", *(np.zeros((n, 384), np.float32) for n in (1024, 1280)))
    program = (
        "import sys; from tubeseek.encoders.factory import open_encoder;"
        "from tubeseek.core.settings import Settings;"
        "open_encoder(sys.argv[1], Settings(threads=1)).encode_texts(['a cat']);"
        "sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, adapted_name("starter", folder)], check=True)


@pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")  # peft's own
def test_a_lora_of_peft_gives_what_peft_gives(tmp_path: Path) -> None:
    base = save_tiny_clip(tmp_path / "base")
    torch.manual_seed(1)
    config = peft.LoraConfig(r=2, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
    model = peft.get_peft_model(AutoModel.from_pretrained(base), config).eval()
    model.save_pretrained(tmp_path / "lora")
    settings = Settings(threads=1, dtype="float32", backend="torch", device="cpu")
    encoder = open_encoder(with_adapter(None, str(tmp_path / "lora")), settings)
    plain = open_encoder(str(base), settings)
    assert isinstance(encoder, DualEncoder)
    tokens = encoder._tokenize(TEXTS)
    with torch.inference_mode():
        theirs = model.get_text_features(**tokens).pooler_output
    np.testing.assert_allclose(
        encoder.encode_texts(TEXTS), torch.nn.functional.normalize(theirs).numpy(), atol=1e-5
    )
    assert np.abs(encoder.encode_texts(TEXTS) - plain.encode_texts(TEXTS)).max() > 1e-3
    assert np.abs(encoder.encode_clips([PICTURE]) - plain.encode_clips([PICTURE])).max() > 1e-3
    assert encoder.spec.fingerprint != plain.spec.fingerprint


def test_a_folder_that_is_no_adapter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailableError, match="nowhere"):
        open_adapter(str(tmp_path / "nowhere"))
    with pytest.raises(ModelUnavailableError, match="adapter_config"):
        open_adapter(str(tmp_path))
    (tmp_path / WEIGHTS).write_bytes(b"")
    (tmp_path / CONFIG).write_text("{}")
    with pytest.raises(ModelUnavailableError):
        open_adapter(str(tmp_path))


def test_an_adapter_of_another_encoder_is_refused(tmp_path: Path) -> None:
    folder = heads(tmp_path / "heads", *(np.zeros((n, 384), np.float32) for n in (1024, 1280)))
    base = save_tiny_clip(tmp_path / "base")
    settings = Settings(threads=1, device="cpu", backend="torch")
    with pytest.raises(ModelUnavailableError):
        open_encoder(adapted_name(str(base), folder), settings)
