"""Which frames are kept: something is seen, and something else than in the one before."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tubeseek.media.frame_selection import DistinctFrames

HEIGHT, WIDTH = 180, 320


def scene(seed: int, height: int = HEIGHT, width: int = WIDTH) -> NDArray[np.uint8]:
    """A picture of large patches in random colours."""
    patches = np.random.default_rng(seed).integers(40, 215, (5, 8, 3))
    rows = np.arange(height) * 5 // height
    columns = np.arange(width) * 8 // width
    return patches[rows][:, columns].astype(np.uint8)


def noisy(picture: NDArray[np.uint8], seed: int) -> NDArray[np.uint8]:
    """The same with what compression does to it."""
    noise = np.random.default_rng(seed).normal(0, 3, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def kept(frames: list[NDArray[np.uint8]]) -> list[int]:
    distinct = DistinctFrames()
    return [number for number, frame in enumerate(frames) if distinct.keeps(frame)]


def test_the_first_frame_of_each_scene_is_kept() -> None:
    frames = [noisy(scene(which), n) for n, which in enumerate([1, 1, 1, 2, 2, 1, 1, 3])]
    assert kept(frames) == [0, 3, 5, 7]


@pytest.mark.parametrize("colour", [(0, 0, 0), (8, 8, 8), (255, 255, 255), (200, 30, 30)])
def test_blank_frames_are_not(colour: tuple[int, int, int]) -> None:
    blank = noisy(np.full((HEIGHT, WIDTH, 3), colour, np.uint8), 0)
    assert kept([blank, scene(1), blank, scene(1)]) == [1]


def test_a_slow_pan_is_kept_again_once_it_has_changed() -> None:
    wide = scene(1, width=4 * WIDTH)
    frames = [np.ascontiguousarray(wide[:, step : step + WIDTH]) for step in range(0, WIDTH, 2)]
    places = kept(frames)
    assert places[0] == 0
    assert 3 <= len(places) < len(frames)


def test_someone_who_enters_a_still_scene_is_another_moment() -> None:
    entered = scene(1)
    entered[90:150, 200:225] = (20, 20, 230)  # a fortieth of the picture
    assert kept([scene(1), entered]) == [0, 1]


@given(height=st.integers(1, 40), width=st.integers(1, 40))
def test_any_size(height: int, width: int) -> None:
    bright = np.full((height, width, 3), 128, np.uint8)
    bright[: height // 2] = (250, 30, 30)
    assert kept([bright, bright]) in ([], [0])
