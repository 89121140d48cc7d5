"""What every encoder promises, whatever it is made of."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.palette_encoder import PaletteEncoder
from tests.helpers.tiny_models import save_tiny_clip, save_tiny_siglip, save_tiny_xclip
from tubeseek.core.protocols import Encoder
from tubeseek.core.types import Frames
from tubeseek.encoders.dual import openvino
from tubeseek.encoders.mean_of_frames import PooledEncoder

Open = Callable[[], Encoder]

SIZES = [(90, 160), (33, 32), (160, 90), (5, 7), (64, 64), (41, 200), (120, 120)]
TEXTS = ["a cat", "고양이가 피아노를 친다", "", "word " * 300, "A CAT", "red car by sea", "12"]

DUAL = {"clip": save_tiny_clip, "siglip": save_tiny_siglip, "xclip": save_tiny_xclip}
IN_OPENVINO = " in OpenVINO"


@pytest.fixture(
    scope="module",
    params=[*DUAL, "clip in OpenVINO", "xclip in OpenVINO", "starter", "mean of palette"],
)
def open_encoder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Open:
    """Opens the encoder afresh at each call."""
    folder = tmp_path_factory.mktemp("model")
    if request.param == "starter":
        from tubeseek.encoders.starter.encoder import StarterEncoder

        return lambda: StarterEncoder(threads=1)
    if request.param == "mean of palette":
        return lambda: PooledEncoder(PaletteEncoder(), frames=3)
    if request.param.endswith(IN_OPENVINO) and not openvino.is_installed():
        pytest.skip("OpenVINO is not installed")
    kind = request.param.removesuffix(IN_OPENVINO)
    backend = "torch" if kind == request.param else "openvino"
    return lambda: _dual(kind, DUAL[kind](folder), backend, folder / "cache")


def _dual(kind: str, folder: Path, backend: str, cache: Path) -> Encoder:
    from tubeseek.encoders.dual.encoder import DualEncoder
    from tubeseek.encoders.dual.xclip import XClipEncoder

    encoder = XClipEncoder if kind == "xclip" else DualEncoder
    return encoder(
        str(folder), name="tiny", dtype="float32", threads=1, backend=backend, cache=cache
    )


@pytest.fixture(scope="module")
def encoder(open_encoder: Open) -> Encoder:
    return open_encoder()


def test_texts_become_unit_rows(encoder: Encoder) -> None:
    _check_rows(encoder.encode_texts(TEXTS), len(TEXTS), encoder.spec.dim)


def test_clips_become_unit_rows(encoder: Encoder) -> None:
    _check_rows(encoder.encode_clips(_clips(encoder)), len(SIZES), encoder.spec.dim)


def test_nothing_in_nothing_out(encoder: Encoder) -> None:
    for rows in (encoder.encode_texts([]), encoder.encode_clips([])):
        assert rows.shape == (0, encoder.spec.dim)
        assert rows.dtype == np.float32


def test_a_batch_of_texts_equals_one_by_one(encoder: Encoder) -> None:
    together = encoder.encode_texts(TEXTS)
    apart = np.concatenate([encoder.encode_texts([text]) for text in TEXTS])

    np.testing.assert_allclose(together, apart, atol=1e-4)


def test_a_batch_of_clips_equals_one_by_one(encoder: Encoder) -> None:
    clips = _clips(encoder)
    together = encoder.encode_clips(clips)
    apart = np.concatenate([encoder.encode_clips([clip]) for clip in clips])

    np.testing.assert_allclose(together, apart, atol=1e-4)


def test_different_inputs_differ(encoder: Encoder) -> None:
    texts = encoder.encode_texts(["a red cat", "the blue sea"])
    clips = encoder.encode_clips(_clips(encoder)[:2])

    assert texts[0] @ texts[1] < 0.9999
    assert clips[0] @ clips[1] < 0.9999


def test_the_input_is_left_as_it_was(encoder: Encoder) -> None:
    clips = _clips(encoder)
    before = [clip.copy() for clip in clips]

    encoder.encode_clips(clips)

    for clip, copy in zip(clips, before, strict=True):
        np.testing.assert_array_equal(clip, copy)


def test_a_picture_that_may_not_be_written_to_is_read(encoder: Encoder) -> None:
    clip = _clips(encoder)[0]
    clip.flags.writeable = False

    _check_rows(encoder.encode_clips([clip]), 1, encoder.spec.dim)


def test_a_view_with_gaps_equals_its_copy(encoder: Encoder) -> None:
    view = np.repeat(_clips(encoder)[0], 2, axis=2)[:, :, ::2]

    np.testing.assert_allclose(
        encoder.encode_clips([view]), encoder.encode_clips([view.copy()]), atol=1e-6
    )


@pytest.mark.parametrize(
    "spoil",
    [
        lambda clip: np.repeat(clip, 2, axis=0),  # a frame too many
        lambda clip: clip[:0],
        lambda clip: clip[0],  # a picture instead of a clip
        lambda clip: clip.astype(np.float32) / 255,
        lambda clip: clip.transpose(0, 3, 1, 2),
        lambda clip: clip[..., :1],
        lambda clip: np.concatenate([clip, clip[..., :1]], axis=-1),  # RGBA
        lambda clip: clip[:, :0],
    ],
    ids=["frames", "no frames", "3-d", "float", "channels first", "grey", "rgba", "no pixels"],
)
def test_a_clip_of_the_wrong_form_is_refused(
    encoder: Encoder, spoil: Callable[[Frames], Frames]
) -> None:
    good = _clips(encoder)[0]

    with pytest.raises(ValueError, match="clip"):
        encoder.encode_clips([good, spoil(good)])


def test_opened_twice_it_is_the_same_encoder(open_encoder: Open, encoder: Encoder) -> None:
    again = open_encoder()

    assert again.spec == encoder.spec
    np.testing.assert_allclose(
        again.encode_texts(TEXTS[:2]), encoder.encode_texts(TEXTS[:2]), atol=1e-6
    )


def _clips(encoder: Encoder) -> list[Frames]:
    """Blocks of colour of odd sizes: noise would average to the same grey when shrunk."""
    rng = np.random.default_rng(3)
    clips = []
    for height, width in SIZES:
        blocks = rng.integers(0, 256, (encoder.spec.frames, 4, 4, 3), dtype=np.uint8)
        large = blocks.repeat(-(-height // 4), axis=1).repeat(-(-width // 4), axis=2)
        clips.append(np.ascontiguousarray(large[:, :height, :width]))
    return clips


def _check_rows(rows: np.ndarray, count: int, dim: int) -> None:
    assert rows.shape == (count, dim)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
