"""Vectors of dual encoders are those that transformers computes, and bad models are refused."""

import pickle
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from transformers import (
    AutoImageProcessor,
    AutoModel,
    AutoTokenizer,
    BertConfig,
    BertModel,
    CLIPTextConfig,
    CLIPTextModel,
)

from tests.helpers.tiny_models import (
    TEXT_POSITIONS,
    clip_tokenizer,
    save_tiny_clip,
    save_tiny_siglip,
)
from tubeseek.core.errors import ConfigError, ModelUnavailableError
from tubeseek.core.settings import Settings
from tubeseek.core.types import MULTILINGUAL, UNDETERMINED, Frames, Vectors
from tubeseek.encoders.dual import openvino
from tubeseek.encoders.dual.encoder import DualEncoder
from tubeseek.encoders.factory import open_encoder

SAVERS = {"clip": save_tiny_clip, "siglip": save_tiny_siglip}
TEXTS = ["a cat", "고양이가 피아노를 친다", "", "Red CAR by the sea, twice " * 5]
TOLERANCE = {"float32": 1e-5, "bfloat16": 2e-2}


@pytest.fixture(scope="module", params=["clip", "siglip"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return SAVERS[request.param](tmp_path_factory.mktemp(request.param))


def open_dual(folder: Path, dtype: str = "float32", **options: object) -> DualEncoder:
    settings = {"threads": 1, "backend": "torch", **options}
    return DualEncoder(str(folder), name="tiny", dtype=dtype, **settings)  # type: ignore[arg-type]


def test_texts_equal_those_of_transformers(folder: Path) -> None:
    model, tokenizer = AutoModel.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)
    tokens = tokenizer(
        TEXTS,
        padding="max_length",
        truncation=True,
        max_length=TEXT_POSITIONS,
        return_tensors="pt",
    )
    with torch.no_grad():
        expected = _normalised(model.eval().get_text_features(**tokens).pooler_output)

    np.testing.assert_allclose(open_dual(folder).encode_texts(TEXTS), expected, atol=1e-5)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_pictures_equal_those_of_transformers(folder: Path, dtype: str) -> None:
    clips = _pictures()
    vectors = open_dual(folder, dtype).encode_clips(clips)

    np.testing.assert_allclose(vectors, _expected(folder, clips), atol=TOLERANCE[dtype])


@pytest.fixture(scope="module")
def converted(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with the model converted for OpenVINO, which takes seconds."""
    if not openvino.is_installed():
        pytest.skip("OpenVINO is not installed")
    cache = tmp_path_factory.mktemp("cache")
    open_dual(folder, backend="openvino", cache=cache).encode_clips(_pictures())
    return cache


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_openvino_agrees_with_torch(folder: Path, converted: Path, dtype: str) -> None:
    clips = _pictures()
    encoder = open_dual(folder, dtype, backend="openvino", cache=converted)

    cosines = (encoder.encode_clips(clips) * _expected(folder, clips)).sum(axis=1)

    assert cosines.min() > 0.999
    assert encoder.spec == open_dual(folder).spec  # an index of one may be searched by the other


def test_openvino_converts_once_and_then_reads(folder: Path, converted: Path) -> None:
    (model,) = (converted / "openvino").iterdir()  # nothing unfinished beside it
    before = {path.name: path.stat().st_mtime_ns for path in model.iterdir()}

    open_dual(folder, backend="openvino", cache=converted).encode_clips(_pictures())

    assert set(before) == {"tower.xml", "tower.bin"}
    assert {path.name: path.stat().st_mtime_ns for path in model.iterdir()} == before


def test_a_damaged_conversion_names_the_folder_to_delete(
    folder: Path, converted: Path, tmp_path: Path
) -> None:
    shutil.copytree(converted, tmp_path, dirs_exist_ok=True)
    (model,) = (tmp_path / "openvino").iterdir()
    (model / "tower.xml").write_text("<net>", "utf-8")

    with pytest.raises(ModelUnavailableError, match=str(model)):
        open_dual(folder, backend="openvino", cache=tmp_path).encode_clips(_pictures())


def test_openvino_does_not_report_home(folder: Path, converted: Path) -> None:
    """Its package for that is installed, and must not have been imported."""
    open_dual(folder, backend="openvino", cache=converted).encode_clips(_pictures())

    assert "openvino" in sys.modules
    assert sys.modules.get("openvino_telemetry") is None


def test_siglip_reads_capitals_as_it_was_trained_to(tmp_path: Path) -> None:
    encoder = open_dual(save_tiny_siglip(tmp_path))

    upper, lower = encoder.encode_texts(["CAT and DOG", "cat and dog"])

    np.testing.assert_allclose(upper, lower, atol=1e-6)


def test_a_long_list_is_encoded_in_order_whatever_the_batch(folder: Path) -> None:
    texts = [f"{'cat ' * (index % 5)}{index}" for index in range(23)]

    np.testing.assert_allclose(
        open_dual(folder, batch_size=4).encode_texts(texts),
        open_dual(folder, batch_size=64).encode_texts(texts),
        atol=1e-5,
    )


def test_the_spec_says_what_is_known(tmp_path: Path) -> None:
    spec = open_dual(save_tiny_clip(tmp_path, dim=12)).spec

    assert (spec.name, spec.dim, spec.frames) == ("tiny", 12, 1)
    assert spec.languages == (UNDETERMINED,)


def test_names_of_ours_know_their_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cache is filled as a download fills it, so that the short names are found in it."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    _fill_cache(tmp_path, "openai/clip-vit-base-patch32", save_tiny_clip)
    _fill_cache(tmp_path, "google/siglip2-base-patch16-224", save_tiny_siglip)

    def languages(model: str) -> tuple[str, ...]:
        return open_encoder(model, Settings(threads=1)).spec.languages

    assert languages("clip") == ("en",)
    assert languages("openai/clip-vit-base-patch32") == ("en",)
    assert languages("siglip2") == (MULTILINGUAL,)


def test_weights_that_are_pickled_are_read_without_executing_them(tmp_path: Path) -> None:
    folder = save_tiny_clip(tmp_path)
    vectors = open_dual(folder).encode_texts(TEXTS)
    torch.save(AutoModel.from_pretrained(folder).state_dict(), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()

    np.testing.assert_array_equal(open_dual(folder).encode_texts(TEXTS), vectors)


def test_a_pickle_that_would_run_something_does_not(tmp_path: Path) -> None:
    folder = save_tiny_clip(tmp_path / "model")
    (folder / "model.safetensors").unlink()
    trace = tmp_path / "it ran"
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(_Touch(trace)))

    with pytest.raises(ModelUnavailableError):
        open_dual(folder)
    assert not trace.exists()


def test_code_in_the_folder_is_not_run(tmp_path: Path) -> None:
    folder = save_tiny_clip(tmp_path / "model")
    trace = tmp_path / "it ran"
    (folder / "modeling.py").write_text(f"open({str(trace)!r}, 'w')\nclass Model: ...", "utf-8")
    config = (folder / "config.json").read_text("utf-8")
    remote = '{"auto_map": {"AutoModel": "modeling.Model"},'
    (folder / "config.json").write_text(config.replace("{", remote, 1), "utf-8")

    open_dual(folder)

    assert not trace.exists()


@pytest.mark.parametrize(
    ("spoil", "file"),
    [
        (lambda f: (f / "config.json").unlink(), "config.json"),
        (lambda f: (f / "config.json").write_text("{", "utf-8"), ""),
        (lambda f: (f / "model.safetensors").unlink(), ""),
        (lambda f: (f / "model.safetensors").write_bytes(b""), "model.safetensors"),
        (lambda f: (f / "model.safetensors").write_bytes(b"x" * 999), "model.safetensors"),
        (lambda f: _truncate(f / "model.safetensors"), ""),
        (lambda f: (f / "tokenizer.json").unlink(), "tokenizer"),
    ],
    ids=["no config", "bad config", "no weights", "empty", "noise", "truncated", "no tokenizer"],
)
def test_a_damaged_folder_is_refused_by_name(
    tmp_path: Path, spoil: Callable[[Path], object], file: str
) -> None:
    folder = save_tiny_clip(tmp_path)
    spoil(folder)

    with pytest.raises(ModelUnavailableError) as refusal:
        open_dual(folder)
    assert str(folder) in str(refusal.value)
    assert file in str(refusal.value)


def test_a_folder_without_a_processor_says_so_when_a_picture_comes(tmp_path: Path) -> None:
    folder = save_tiny_clip(tmp_path)
    (folder / "preprocessor_config.json").unlink()

    with pytest.raises(ModelUnavailableError, match=r"preprocessor_config\.json"):
        open_dual(folder).encode_clips(_pictures())


def test_half_a_model_is_not_filled_up_with_random_numbers(tmp_path: Path) -> None:
    folder = save_tiny_clip(tmp_path)
    model = AutoModel.from_pretrained(folder)
    text_only = CLIPTextModel(CLIPTextConfig(**model.config.text_config.to_dict()))
    config = (folder / "config.json").read_text("utf-8")
    text_only.save_pretrained(folder)
    (folder / "config.json").write_text(config, "utf-8")

    with pytest.raises(ModelUnavailableError, match=r"\d+ of"):
        open_dual(folder)


def test_a_model_without_pictures_is_refused(tmp_path: Path) -> None:
    config = BertConfig(
        vocab_size=99,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
    )
    BertModel(config).save_pretrained(tmp_path)
    clip_tokenizer().save_pretrained(tmp_path)

    with pytest.raises(ModelUnavailableError, match="bert"):
        open_dual(tmp_path)


def test_numbers_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    folder = save_tiny_clip(tmp_path)
    model = AutoModel.from_pretrained(folder)
    model.visual_projection.weight.data.fill_(float("nan"))
    model.save_pretrained(folder)

    with pytest.raises(ModelUnavailableError):
        open_dual(folder).encode_clips(_pictures())


@pytest.mark.parametrize(
    ("options", "value"),
    [
        ({"device": "tpu"}, "'tpu'"),
        ({"device": "cuda:99"}, "'cuda:99'"),
        ({"dtype": "int8"}, "'int8'"),
        ({"backend": "onnx"}, "'onnx'"),
        ({"batch_size": 0}, "0"),
        ({"threads": 0}, "0"),
    ],
)
def test_settings_that_do_not_exist_are_refused(
    tmp_path: Path, options: dict[str, object], value: str
) -> None:
    folder = save_tiny_clip(tmp_path)

    with pytest.raises(ConfigError, match=value):
        open_dual(folder, **options)  # type: ignore[arg-type]


class _Touch:
    """Unpickled the careless way, it makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.path,))


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def _fill_cache(cache: Path, model: str, save: Callable[[Path], Path]) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    repository = cache / f"models--{model.replace('/', '--')}"
    save(repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit, "ascii")


def _pictures() -> list[Frames]:
    rng = np.random.default_rng(5)
    sizes = [(40, 71), (33, 32), (64, 20), (5, 5), (97, 101)]
    return [rng.integers(0, 256, (1, *size, 3), dtype=np.uint8) for size in sizes]


def _expected(folder: Path, clips: list[Frames]) -> Vectors:
    model = AutoModel.from_pretrained(folder).eval()
    processor = AutoImageProcessor.from_pretrained(folder, backend="pil")
    inputs = processor([Image.fromarray(clip[0]) for clip in clips], return_tensors="pt")
    with torch.no_grad():
        return _normalised(model.get_image_features(**inputs).pooler_output)


def _normalised(rows: torch.Tensor) -> Vectors:
    vectors: Vectors = torch.nn.functional.normalize(rows, dim=-1).numpy()
    return vectors
