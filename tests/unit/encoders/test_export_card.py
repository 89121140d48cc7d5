"""Model cards: front matter as huggingface_hub reads it, and the figures of the training run."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import ModelCard
from PIL import Image

from tests.helpers.made_adapters import TRAINING, save_heads, save_lora
from tests.helpers.tiny_models import save_tiny_clip, save_tiny_siglip, save_tiny_xclip
from tubeseek.core.errors import ModelUnavailableError
from tubeseek.core.export_request import ExportRequest
from tubeseek.core.settings import Settings
from tubeseek.encoders.export.export import export
from tubeseek.encoders.factory import open_encoder, with_adapter

SETTINGS = Settings(threads=1, dtype="float32", backend="torch", device="cpu")

pytestmark = pytest.mark.filterwarnings(  # between peft and transformers
    "ignore:.*is_gradient_checkpointing:FutureWarning"
)


def card_of(request: ExportRequest) -> ModelCard:
    return ModelCard.load(export(request).folder / "README.md")


def test_the_card_of_an_adapter(tmp_path: Path) -> None:
    lora = save_lora(tmp_path / "lora", save_tiny_clip(tmp_path / "base"), TRAINING)
    out = tmp_path / "cats"
    card = card_of(
        ExportRequest(str(lora), out, base_model="openai/clip-vit-base-patch32", license="mit")
    )
    assert card.data.base_model == "openai/clip-vit-base-patch32"
    assert card.data["base_model_relation"] == "adapter"
    assert (card.data.library_name, card.data.license) == ("peft", "mit")
    assert {"lora", "tubeseek"} <= set(card.data.tags)
    results = {result.metric_type: result.metric_value for result in card.data.eval_results}
    assert results == {"recall@10": 0.19, "mrr": 0.1}
    for phrase in (
        "| test | 20 | 20 | recall@10 | 0.147 | 0.190 |",
        "+0.043, 95 % interval [+0.011, +0.075]",
        "p = 0.0123",
        "d1ce" * 16,
        "seed 7: 70 pairs to learn from, 10 to choose the epoch, 20 to report",
        "commit c0ffee",
        "on set recall@10 fell",
    ):
        assert phrase in card.text, phrase


def test_the_card_of_a_merged_model(tmp_path: Path) -> None:
    lora = save_lora(tmp_path / "lora", save_tiny_siglip(tmp_path / "base"))
    card = card_of(ExportRequest(str(lora), tmp_path / "out", merge=True, repo="ann/cats"))
    assert (card.data.library_name, card.data.model_name) == ("transformers", "cats")
    assert card.data.base_model is None  # a folder of this machine, which the hub does not have
    assert 'AutoModel.from_pretrained("ann/cats")' in card.text
    assert 'padding="max_length"' in card.text  # as SigLIP was trained
    assert "recall@10" not in card.text  # nothing was measured


def test_the_card_of_heads(tmp_path: Path) -> None:
    heads = save_heads(tmp_path / "heads", TRAINING)
    card = card_of(ExportRequest(str(heads), tmp_path / "out"))
    assert card.data.library_name == "tubeseek"
    assert "ko" in card.data.language
    assert "text_head" in card.text


@pytest.mark.parametrize("missing", ["split", "best_epoch", "metrics"])
def test_facts_of_a_training_run_that_are_incomplete(tmp_path: Path, missing: str) -> None:
    heads = save_heads(tmp_path / "heads")
    record = {name: value for name, value in TRAINING.items() if name != missing}
    (heads / "training.json").write_text(json.dumps(record))
    if missing == "metrics":  # a run that measured nothing
        assert "No measurements" in card_of(ExportRequest(str(heads), tmp_path / "out")).text
        return
    with pytest.raises(ModelUnavailableError, match=missing):
        export(ExportRequest(str(heads), tmp_path / "out"))


@pytest.mark.parametrize("merge", [False, True], ids=["adapter", "merged"])
@pytest.mark.parametrize(
    "save", [save_tiny_clip, save_tiny_siglip, save_tiny_xclip], ids=["clip", "siglip", "xclip"]
)
def test_the_code_in_the_card_runs(tmp_path: Path, save: Callable, merge: bool) -> None:
    """The block of Python as it stands gives the vectors that tubeseek searches with."""
    base = save(tmp_path / "base")
    lora = save_lora(tmp_path / "lora", base)
    out = tmp_path / "out"
    card = card_of(ExportRequest(str(lora), out, merge=merge, base_model=str(base)))
    code = card.text.split("```python\n")[1].split("```")[0]
    assert "PATH_OF_THIS_FOLDER" in code
    encoder = open_encoder(with_adapter(None, str(lora)), SETTINGS)
    clip = np.random.default_rng(0).integers(
        0, 256, (encoder.spec.frames, 48, 64, 3), dtype=np.uint8
    )
    frames = [Image.fromarray(frame) for frame in clip]
    names = {"image": frames[0], "frames": frames}
    exec(code.replace("PATH_OF_THIS_FOLDER", str(out)), names)  # noqa: S102
    texts, pictures = names["texts"].detach().numpy(), names["pictures"].detach().numpy()
    np.testing.assert_allclose(texts, encoder.encode_texts(["a red car"]), atol=1e-4)
    assert float((pictures @ encoder.encode_clips([clip]).T).item()) > 0.99  # their own preparation
