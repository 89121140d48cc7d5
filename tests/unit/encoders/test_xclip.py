"""Vectors of X-CLIP are those of transformers' two towers; clips of other lengths are refused."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer, XCLIPModel
from transformers.models.videomae.image_processing_pil_videomae import VideoMAEImageProcessorPil

from tests.helpers.made_videos import painted
from tests.helpers.tiny_models import PICTURE_SIDE, TEXT_POSITIONS, save_tiny_clip, save_tiny_xclip
from tubeseek.core.errors import ModelUnavailableError
from tubeseek.core.settings import Settings
from tubeseek.core.types import UNDETERMINED, Frames, Vectors
from tubeseek.encoders.dual import openvino
from tubeseek.encoders.dual.preprocess import FastPreprocessor, load_preprocessor
from tubeseek.encoders.dual.xclip import XClipEncoder, is_xclip
from tubeseek.encoders.factory import open_encoder

FRAMES = 8
SIZES = [(90, 160), (160, 90), (64, 64), (33, 32), (41, 200)]
TEXTS = ["a cat", "고양이가 피아노를 친다", "", "Red CAR by the sea, twice " * 5]
TOLERANCE = {"float32": 1e-4, "bfloat16": 2e-2}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_xclip(tmp_path_factory.mktemp("xclip"), FRAMES)


def open_xclip(folder: Path, **options: object) -> XClipEncoder:
    settings = {"dtype": "float32", "threads": 1, "backend": "torch", **options}
    return XClipEncoder(str(folder), name="xclip", **settings)  # type: ignore[arg-type]


def test_texts_equal_those_of_the_text_tower(folder: Path) -> None:
    tokens = AutoTokenizer.from_pretrained(folder)(
        TEXTS,
        padding="max_length",
        truncation=True,
        max_length=TEXT_POSITIONS,
        return_tensors="pt",
    )
    with torch.no_grad():
        features = XCLIPModel.from_pretrained(folder).eval().get_text_features(**tokens)

    np.testing.assert_allclose(
        open_xclip(folder).encode_texts(TEXTS), _normalised(features.pooler_output), atol=1e-4
    )


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_clips_equal_those_of_the_video_tower(folder: Path, dtype: str) -> None:
    clips = _clips()

    vectors = open_xclip(folder, dtype=dtype).encode_clips(clips)

    np.testing.assert_allclose(vectors, _expected(folder, clips), atol=TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_openvino_agrees_with_torch(folder: Path, tmp_path: Path, dtype: str) -> None:
    if not openvino.is_installed():
        pytest.skip("OpenVINO is not installed")
    encoder = open_xclip(folder, dtype=dtype, backend="openvino", cache=tmp_path)

    vectors = encoder.encode_clips(_clips())
    again = open_xclip(folder, dtype=dtype, backend="openvino", cache=tmp_path)

    assert (vectors * _expected(folder, _clips())).sum(axis=1).min() > 0.999
    np.testing.assert_allclose(again.encode_clips(_clips()), vectors, atol=1e-6)
    assert encoder.spec == open_xclip(folder).spec


@pytest.mark.parametrize("size", [(360, 640), (640, 360), (224, 224), (223, 401), (31, 500)])
def test_frames_are_prepared_as_by_the_processor_of_the_folder(
    size: tuple[int, int], tmp_path: Path
) -> None:
    """The file is in the old style, of the time when the checkpoints were published."""
    (tmp_path / "preprocessor_config.json").write_text(
        """{"do_center_crop": true, "do_normalize": true, "do_resize": true, "size": 224,
        "feature_extractor_type": "VideoMAEFeatureExtractor", "resample": 2,
        "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}""",
        "utf-8",
    )
    noise = np.random.default_rng(sum(size)).integers(0, 256, (2, *size, 3), dtype=np.uint8)
    preprocess = load_preprocessor(tmp_path, threads=2)
    processor = VideoMAEImageProcessorPil(
        image_mean=[0.485, 0.456, 0.406], image_std=[0.229, 0.224, 0.225]
    )
    expected = processor([list(noise)], return_tensors="pt")["pixel_values"][0]

    assert isinstance(preprocess, FastPreprocessor)
    np.testing.assert_allclose(preprocess(list(noise))["pixel_values"], expected, atol=1e-3)


def test_a_processor_that_is_not_known_prepares_frames_itself(folder: Path, tmp_path: Path) -> None:
    """With pictures stretched instead of cut, whose shape then differs from the usual one."""
    save_tiny_xclip(tmp_path, FRAMES)
    stretching = VideoMAEImageProcessorPil(
        size={"height": PICTURE_SIDE, "width": PICTURE_SIDE}, do_center_crop=False, do_pad=True
    )
    stretching.save_pretrained(tmp_path)
    clips = _clips()[:2]

    assert not isinstance(load_preprocessor(tmp_path), FastPreprocessor)
    alike = (open_xclip(tmp_path).encode_clips(clips) * _expected(tmp_path, clips)).sum(axis=1)
    np.testing.assert_allclose(alike, 1, atol=1e-4)


def test_the_frames_of_one_clip_do_not_touch_another(folder: Path) -> None:
    clips = _clips()
    encoder = open_xclip(folder, batch_size=4)

    others = encoder.encode_clips([clips[0], clips[2], clips[3]])

    np.testing.assert_allclose(encoder.encode_clips(clips)[[0, 2, 3]], others, atol=1e-4)


def test_the_order_of_frames_counts(folder: Path) -> None:
    clip = _clips()[0]

    forwards, backwards = open_xclip(folder).encode_clips([clip, clip[::-1]])

    assert np.abs(forwards - backwards).max() > 1e-3  # ten times what rounding may do


@pytest.mark.parametrize("count", [1, 7, 16])
def test_a_clip_of_another_length_is_refused(folder: Path, count: int) -> None:
    """The model would take eight clips of one frame for one clip of eight."""
    stills = [np.zeros((count, 40, 40, 3), np.uint8)] * FRAMES

    with pytest.raises(ValueError, match=rf"\(8, .*\({count}, 40, 40, 3"):
        open_xclip(folder).encode_clips(stills)


def test_the_model_says_how_many_frames(tmp_path: Path) -> None:
    encoder = open_xclip(save_tiny_xclip(tmp_path, frames=4))

    assert encoder.spec.frames == 4
    assert encoder.spec.languages == (UNDETERMINED,)
    assert encoder.encode_clips([np.zeros((4, 40, 40, 3), np.uint8)]).shape == (1, 16)


def test_texts_do_not_run_the_video_tower(folder: Path, tmp_path: Path) -> None:
    """A video tower of nothing but NaN, and no word on how to prepare pixels: texts do not care."""
    save_tiny_xclip(tmp_path, FRAMES)
    weights = load_file(tmp_path / "model.safetensors")
    for name in weights:
        if not name.startswith("text"):
            weights[name] = torch.full_like(weights[name], torch.nan)
    save_file(weights, tmp_path / "model.safetensors", {"format": "pt"})
    encoder = open_xclip(tmp_path)

    np.testing.assert_allclose(
        encoder.encode_texts(TEXTS), open_xclip(folder).encode_texts(TEXTS), atol=1e-6
    )
    with pytest.raises(ModelUnavailableError):
        encoder.encode_clips(_clips())


def test_a_folder_without_preparation_still_reads_texts(tmp_path: Path) -> None:
    (save_tiny_xclip(tmp_path, FRAMES) / "preprocessor_config.json").unlink()
    encoder = open_xclip(tmp_path)

    assert encoder.encode_texts(["a cat"]).shape == (1, 16)
    with pytest.raises(ModelUnavailableError, match="preprocessor_config"):
        encoder.encode_clips(_clips())


def test_a_model_of_images_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailableError, match=r"clip.*X-CLIP"):
        open_xclip(save_tiny_clip(tmp_path))


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    (save_tiny_xclip(tmp_path) / "model.safetensors").unlink()

    with pytest.raises(ModelUnavailableError):
        open_xclip(tmp_path)


def test_the_short_name_asks_the_hub_and_names_the_way_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))

    with pytest.raises(ModelUnavailableError, match=r"microsoft/xclip-base-patch32.*starter"):
        open_encoder("xclip", Settings(threads=1))


def test_what_is_an_xclip(folder: Path, tmp_path: Path) -> None:
    assert is_xclip(folder)
    assert not is_xclip(save_tiny_clip(tmp_path))

    (tmp_path / "config.json").write_text("[", "utf-8")
    with pytest.raises(ModelUnavailableError):
        is_xclip(tmp_path)


def _clips() -> list[Frames]:
    """Another painting in each frame."""
    return [
        np.stack([painted((width, height), 31 * index + frame) for frame in range(FRAMES)])
        for index, (height, width) in enumerate(SIZES)
    ]


def _expected(folder: Path, clips: list[Frames]) -> Vectors:
    """By the folder's own processor and model, one clip at a time."""
    processor = VideoMAEImageProcessorPil.from_pretrained(folder)
    model = XCLIPModel.from_pretrained(folder).eval()
    rows = []
    for clip in clips:
        values = processor([list(clip)], return_tensors="pt")["pixel_values"]
        with torch.no_grad():
            rows.append(model.get_video_features(values).pooler_output)
    return _normalised(torch.cat(rows))


def _normalised(rows: torch.Tensor) -> Vectors:
    return torch.nn.functional.normalize(rows, dim=-1).numpy()
