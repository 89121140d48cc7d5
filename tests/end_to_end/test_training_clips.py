"""`train` on a tiny X-CLIP: from video files to an adapter that serves what was trained."""

import csv
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from peft import PeftModel
from transformers import AutoTokenizer, XCLIPModel
from transformers.models.videomae.image_processing_pil_videomae import VideoMAEImageProcessorPil

from tests.helpers.made_videos import make_video
from tests.helpers.tiny_models import save_tiny_xclip
from tests.helpers.training_data import (
    ALONE,
    CHANNELS,
    COLOURS,
    small_config,
    tiny_trainable,
    tiny_training,
)
from tubeseek.core.lora_options import Towers
from tubeseek.core.settings import Settings
from tubeseek.encoders.dual.xclip import XClipEncoder
from tubeseek.encoders.factory import open_encoder, with_adapter
from tubeseek.media.clips import read_clip
from tubeseek.training.data.pairs import read_pairs
from tubeseek.training.loop import Loop
from tubeseek.training.lora import LONGEST_SIDE

FRAMES = 2
SIZE = (64, 48)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_xclip(tmp_path_factory.mktemp("models") / "xclip", FRAMES)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return video_pairs(tmp_path_factory.mktemp("data") / "videos")


def video_pairs(folder: Path) -> Path:
    """A data set of 56 short videos: one colour, then another, as their titles say."""
    folder.mkdir()
    both = [(first, then) for first in COLOURS for then in COLOURS if first != then]
    with (folder / "clips.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "caption", "channel"])
        for place, (first, then) in enumerate(both):
            pictures = [COLOURS[first], COLOURS[then]]
            make_video(folder / f"v{place}.mp4", pictures, 0.5, SIZE)
            rows.writerow([f"v{place}.mp4", f"{first} then {then}", f"c{place % CHANNELS}"])
    return folder


def test_clips_are_learned_and_the_adapter_serves(model: Path, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    training = tiny_training(
        model,
        data,
        out,
        epochs=4,
        validation=0.2,
        within_pictures=0.2,
        within_texts=0.2,
    )
    for _ in training.run():
        pass
    steps = training.record().to_dict()["curves"]["steps"]
    assert all(np.isfinite(step["loss"]) for step in steps)
    assert training.record().best_epoch > 0
    settings = Settings(threads=1, device="cpu", dtype="float32", backend="torch")
    served = open_encoder(with_adapter(None, str(out)), settings)
    base = open_encoder(str(model), settings)
    assert isinstance(served, XClipEncoder)
    pairs = training.split.test
    titles = [pair.texts[0] for pair in pairs]
    clips = [
        read_clip(pair.picture, pair.start or 0, pair.end or 0, FRAMES, LONGEST_SIDE["video"])
        for pair in pairs
    ]
    texts, pictures = training.trainable.encode(pairs)
    for encoded, trained, before in (
        (served.encode_texts(titles), texts, base.encode_texts(titles)),
        (served.encode_clips(clips), pictures, base.encode_clips(clips)),
    ):
        np.testing.assert_allclose(encoded, trained, atol=1e-5)
        assert np.abs(encoded - before).max() > 1e-2
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # between peft and transformers
        by_peft = PeftModel.from_pretrained(XCLIPModel.from_pretrained(model), out).eval()
    tokens = AutoTokenizer.from_pretrained(model)(
        titles, padding=True, truncation=True, return_tensors="pt"
    )
    preprocess = VideoMAEImageProcessorPil.from_pretrained(model)
    pixels = preprocess([list(clip) for clip in clips], return_tensors="pt")
    with torch.inference_mode():
        read = by_peft.get_base_model().get_text_features(**tokens).pooler_output
        pictures = by_peft.get_base_model().get_video_features(**pixels).pooler_output
    sides = ((served.encode_texts(titles), read), (served.encode_clips(clips), pictures))
    for encoded, rows in sides:
        expected = torch.nn.functional.normalize(rows, dim=-1).numpy()
        np.testing.assert_allclose(encoded, expected, atol=1e-5)


@pytest.mark.parametrize("towers", list(Towers))
def test_lora_goes_where_a_gradient_comes(model: Path, data: Path, towers: Towers) -> None:
    """Not into what X-CLIP's forward pass alone goes through."""
    pairs = read_pairs(data).pairs[:8]
    trainable = tiny_trainable(model, dropout=0.0, towers=towers)
    loop = Loop(trainable, pairs, pairs, small_config(batch=8), ALONE, None, {})
    loop.stepper.backward(loop.loaded(loop.epoch_batches(0)[0]))
    parts = {name.removeprefix("base_model.model.").split(".")[0] for name in loop.stepper.weights}
    seeing = {"vision_model", "mit"}
    assert (
        parts
        == {
            Towers.BOTH: {"text_model", *seeing},
            Towers.TEXT: {"text_model"},
            Towers.PICTURE: seeing,
        }[towers]
    )
    for name, weight in loop.stepper.weights.items():
        assert weight.grad is not None, name
        # The first layer makes its messages from the class token, which is the same for all frames:
        # attention among equal messages has no gradient but rounding.
        equal = "layers.0.message_attn.q_proj" in name
        assert "lora_A" in name or equal or weight.grad.abs().max() > 0, name
