"""The fast preparation of pictures against transformers' own processors."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.convnext.image_processing_pil_convnext import ConvNextImageProcessorPil
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil

from tubeseek.encoders.dual.preprocess import (
    FastPreprocessor,
    ProcessorPreprocessor,
    load_preprocessor,
)

PROCESSORS = {
    "clip": CLIPImageProcessorPil(),
    "clip, odd": CLIPImageProcessorPil(
        size={"shortest_edge": 37}, crop_size={"height": 33, "width": 36}, resample=2
    ),
    "crop larger than picture": CLIPImageProcessorPil(
        size={"shortest_edge": 20}, crop_size={"height": 33, "width": 30}
    ),
    "siglip": SiglipImageProcessorPil(),
    "siglip 2": SiglipImageProcessorPil(
        size={"height": 64, "width": 48}, resample=2, image_mean=[0.5] * 3, image_std=[0.5] * 3
    ),
}
SIZES = [(360, 640), (640, 360), (224, 224), (225, 224), (223, 401), (1, 1), (31, 500), (720, 1280)]


@pytest.mark.parametrize("name", PROCESSORS)
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_same_values_as_the_processor(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    picture = np.random.default_rng(sum(size)).integers(0, 256, (*size, 3), dtype=np.uint8)
    PROCESSORS[name].save_pretrained(tmp_path)
    fast = load_preprocessor(tmp_path)

    assert isinstance(fast, FastPreprocessor)
    _check_same(fast, PROCESSORS[name], [picture])


@settings(max_examples=30, deadline=None)
@given(height=st.integers(1, 300), width=st.integers(1, 300), edge=st.integers(1, 60))
def test_the_same_values_at_any_size(height: int, width: int, edge: int) -> None:
    crop = {"height": edge, "width": max(1, edge - 7)}
    processor = CLIPImageProcessorPil(size={"shortest_edge": edge}, crop_size=crop)
    fast = FastPreprocessor.of(processor)

    assert fast is not None
    _check_same(fast, processor, [_gradient(height, width)])


@pytest.mark.parametrize("threads", [1, 3])
def test_a_batch_of_different_sizes(tmp_path: Path, threads: int) -> None:
    PROCESSORS["clip"].save_pretrained(tmp_path)
    pictures = [_gradient(*size) for size in SIZES]

    _check_same(load_preprocessor(tmp_path, threads), PROCESSORS["clip"], pictures)


def test_the_old_way_to_write_a_size_is_understood(tmp_path: Path) -> None:
    """As in the configuration of openai/clip-vit-base-patch32."""
    (tmp_path / "preprocessor_config.json").write_text(
        """{"crop_size": 224, "do_center_crop": true, "do_normalize": true, "do_resize": true,
        "feature_extractor_type": "CLIPFeatureExtractor", "resample": 3, "size": 224,
        "image_mean": [0.48145466, 0.4578275, 0.40821073],
        "image_std": [0.26862954, 0.26130258, 0.27577711]}""",
        "utf-8",
    )
    fast = load_preprocessor(tmp_path)

    assert isinstance(fast, FastPreprocessor)
    _check_same(fast, PROCESSORS["clip"], [_gradient(300, 401)])


def test_unknown_steps_are_left_to_the_processor(tmp_path: Path) -> None:
    processor = ConvNextImageProcessorPil(size={"shortest_edge": 64})  # resizes in its own way
    processor.save_pretrained(tmp_path)
    slow = load_preprocessor(tmp_path)

    assert isinstance(slow, ProcessorPreprocessor)
    _check_same(slow, processor, [_gradient(100, 80)])


@pytest.mark.parametrize("step", ["do_resize", "do_rescale", "do_normalize"])
def test_a_step_that_is_left_out_is_left_out(step: str) -> None:
    assert FastPreprocessor.of(SiglipImageProcessorPil(**{step: False})) is None


def _check_same(fast: object, processor: CLIPImageProcessorPil, pictures: list[np.ndarray]) -> None:
    assert callable(fast)
    expected = processor([Image.fromarray(p) for p in pictures], return_tensors="pt")
    values = fast(pictures)

    assert set(values) == set(expected)
    np.testing.assert_allclose(values["pixel_values"], expected["pixel_values"], atol=1e-5)


def _gradient(height: int, width: int) -> np.ndarray:
    rows, columns = np.mgrid[:height, :width]
    channels = [(rows * 7 + columns * 3) % 256, (rows * columns) % 256, (columns * 5) % 256]
    return np.stack(channels, axis=-1).astype(np.uint8)
