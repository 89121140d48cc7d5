"""The mean over frames, against sums done by hand."""

from collections.abc import Sequence

import numpy as np
import pytest

from tests.helpers.palette_encoder import PaletteEncoder
from tubeseek.core.errors import ConfigError
from tubeseek.core.types import EncoderSpec, Frames, Vectors
from tubeseek.encoders.mean_of_frames import PooledEncoder


class Compass:
    """Implements `protocols.Encoder` for pictures whose red is an angle in degrees."""

    spec = EncoderSpec("compass", "v1", 2, 1, ("en",))

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        return self._directions([float(text) for text in texts])

    def encode_clips(self, clips: Sequence[Frames]) -> Vectors:
        assert all(clip.shape[0] == 1 for clip in clips)
        return self._directions([clip[0, 0, 0, 0] for clip in clips])

    def _directions(self, degrees: Sequence[float]) -> Vectors:
        angles = np.radians(np.array(degrees, np.float32))
        return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def turn(*degrees: int) -> Frames:
    return np.stack([np.full((4, 6, 3), angle, np.uint8) for angle in degrees])


def test_the_mean_of_two_directions_lies_between_them() -> None:
    encoder = PooledEncoder(Compass(), frames=2)

    vectors = encoder.encode_clips([turn(0, 90), turn(30, 30), turn(90, 0)])

    half = np.sqrt(0.5)
    expected = [[half, half], [np.sqrt(0.75), 0.5], [half, half]]
    np.testing.assert_allclose(vectors, expected, atol=1e-6)
    np.testing.assert_allclose(encoder.encode_texts(["45"]), [[half, half]], atol=1e-6)


def test_frames_that_cancel_out_leave_the_first() -> None:
    (vector,) = PooledEncoder(Compass(), frames=2).encode_clips([turn(10, 190)])

    np.testing.assert_allclose(vector, Compass().encode_texts(["10"])[0], atol=1e-6)


def test_the_spec_is_derived_from_that_of_the_image_encoder() -> None:
    spec = PooledEncoder(Compass()).spec

    assert (spec.name, spec.dim, spec.frames, spec.languages) == ("compass-mean8", 2, 8, ("en",))


def test_the_fingerprint_tells_weights_and_frames_apart() -> None:
    encoders = [
        PooledEncoder(PaletteEncoder(fingerprint="v1"), frames=8),
        PooledEncoder(PaletteEncoder(fingerprint="v2"), frames=8),
        PooledEncoder(PaletteEncoder(fingerprint="v1"), frames=4),
    ]

    assert len({encoder.spec.fingerprint for encoder in encoders} | {"v1", "v2"}) == 5


def test_an_encoder_of_clips_is_refused() -> None:
    with pytest.raises(ConfigError, match="8 frames"):
        PooledEncoder(PaletteEncoder(frames=8))


def test_clips_without_frames_are_refused() -> None:
    with pytest.raises(ConfigError):
        PooledEncoder(Compass(), frames=0)
