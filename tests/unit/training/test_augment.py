"""Views of pictures: by chance, but repeatable, alike for all frames, and within what is set."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from tests.helpers.made_videos import painted
from tubeseek.training.data.augment import SIMCLR, Augmentation, augment

STILL = Augmentation(
    side=64, smallest_crop=1.0, widest_ratio=1.0, mirrored=0, recoloured=0, grey=0, blurred=0
)


def random(seed=0):
    return np.random.default_rng(seed)


def picture(size=(160, 96), seed=0):
    return painted(size, seed)[None]


def map_of_places(width, height):
    """Red tells how far right a pixel is, green how far down, both from 0 to 255."""
    across, down = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return np.stack([across, down, np.zeros_like(across)], axis=-1).round().astype(np.uint8)[None]


def test_the_same_chance_gives_the_same_view():
    view, same, other = (augment(picture(), random(seed)) for seed in (1, 1, 2))
    assert view.shape == (1, 224, 224, 3)
    assert view.dtype == np.uint8
    np.testing.assert_array_equal(view, same)
    assert np.abs(view.astype(float) - other).mean() > 5


@pytest.mark.parametrize("seed", range(4))
def test_all_frames_are_treated_alike(seed):
    still = np.repeat(picture(), 3, axis=0)
    view = augment(still, random(seed))
    assert view.shape == (3, 224, 224, 3)
    np.testing.assert_array_equal(view[0], view[1])
    np.testing.assert_array_equal(view[0], view[2])


def test_with_nothing_left_to_chance_it_only_resizes():
    square = painted((96, 96))
    expected = np.asarray(Image.fromarray(square).resize((64, 64), Image.Resampling.BICUBIC))
    np.testing.assert_array_equal(augment(square[None], random(), STILL)[0], expected)
    mirrored = augment(square[None], random(), replace(STILL, mirrored=1))[0]
    np.testing.assert_array_equal(mirrored, expected[:, ::-1])


def test_crops_are_as_large_and_as_wide_as_was_set():
    """What a view shows of the picture is read from its colours."""
    how = replace(STILL, smallest_crop=0.2, widest_ratio=4 / 3)
    width, height, chance = 320, 180, random()
    areas, middles = [], []
    for _ in range(300):
        view = augment(map_of_places(width, height), chance, how)[0].astype(float)
        # the outermost pixels of the view stand half a pixel inside of the crop
        across, down = np.ptp(view[..., 0]) / 255 * 64 / 63, np.ptp(view[..., 1]) / 255 * 64 / 63
        areas.append(across * down)
        ratio = across * width / (down * height)
        assert 3 / 4 * 0.95 < ratio < 4 / 3 * 1.05
        middles.append(view[..., 0].mean() / 255)
    assert 0.18 < min(areas) < 0.25
    assert 0.7 < max(areas) < 1.02  # all of 16:9 is wider than a crop may be
    assert 0.45 < np.mean(middles) < 0.55
    assert min(middles) < 0.35 < 0.65 < max(middles)


def test_a_picture_of_an_extreme_shape_still_has_a_view():
    strip = map_of_places(600, 20)
    view = augment(strip, random(), replace(STILL, smallest_crop=0.9))
    assert view.shape == (1, 64, 64, 3)
    assert 100 < view[..., 0].mean() < 155  # of the middle


def test_colours_change_as_set():
    grey = augment(picture(), random(), replace(STILL, grey=1))
    assert np.ptp(grey.astype(int), axis=-1).max() == 0
    plain = augment(picture(), random(), STILL).astype(int)
    unchanged = augment(picture(), random(), replace(STILL, recoloured=1, strength=0))
    assert np.abs(unchanged - plain).mean() < 2  # going by hues and back rounds
    recoloured = [
        augment(picture(), random(seed), replace(STILL, recoloured=1)).mean(axis=(0, 1, 2))
        for seed in range(20)
    ]
    assert np.std(recoloured, axis=0).min() > 10
    blurred = augment(picture(), random(3), replace(STILL, blurred=1, side=224))
    sharp = augment(picture(), random(3), replace(STILL, side=224))
    assert (
        np.abs(np.diff(blurred.astype(float), axis=2)).mean()
        < np.abs(np.diff(sharp.astype(float), axis=2)).mean()
    )


@pytest.mark.parametrize(
    "wrong",
    [{"side": 0}, {"smallest_crop": 0}, {"widest_ratio": 0.9}, {"mirrored": 2}, {"strength": -1}],
)
def test_settings_that_cannot_be_meant(wrong):
    with pytest.raises(ValueError, match=r"need side|must be in"):
        replace(SIMCLR, **wrong)


@pytest.mark.parametrize("shape", [(8, 8, 3), (1, 8, 8, 4), (0, 8, 8, 3)])
def test_shapes_that_are_no_clip(shape):
    with pytest.raises(ValueError, match="need"):
        augment(np.zeros(shape, np.uint8), random())
