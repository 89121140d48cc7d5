"""Clips hold the frames that were painted at those times."""

from pathlib import Path

import numpy as np
import pytest

from tests.helpers.made_videos import (
    BLUE,
    GREEN,
    MATRICES,
    RED,
    WHITE,
    make_audio,
    make_timed_video,
    make_video,
    turn,
)
from tubeseek.core.errors import MediaError
from tubeseek.core.types import Frames
from tubeseek.media.clips import read_clip

COLOURS = [RED, GREEN, BLUE, WHITE]
NAMES = "RGBW"


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four colours of one second each, a keyframe at each cut at most."""
    path = tmp_path_factory.mktemp("video") / "colours.mp4"
    return make_video(path, COLOURS)


def letters(clip: Frames) -> str:
    """The colour of each frame by its letter."""
    means = clip.reshape(len(clip), -1, 3).mean(axis=1)
    return "".join(
        NAMES[int(np.linalg.norm(np.array(COLOURS) - mean, axis=1).argmin())] for mean in means
    )


@pytest.mark.parametrize(
    ("start", "end", "frames", "colours"),
    [
        (0.0, 4.0, 4, "RGBW"),
        (0.0, 4.0, 8, "RRGGBBWW"),
        (1.0, 3.0, 4, "GGBB"),
        (2.5, 4.0, 3, "BWW"),
        (0.0, 4.0, 1, "B"),  # the frame that begins in the middle
        (1.5, 1.5, 3, "GGG"),
    ],
)
def test_frames_are_those_in_the_middle_of_equal_parts(
    video: Path, start: float, end: float, frames: int, colours: str
) -> None:
    clip = read_clip(video, start, end, frames)

    assert letters(clip) == colours
    assert (clip.shape, clip.dtype) == ((frames, 96, 160, 3), np.uint8)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.gif", "gif"),
        ("a.webm", "libvpx"),
        ("b.webm", "libvpx-vp9"),
        ("a.mkv", "libx264"),
        ("a.mov", "mpeg4"),
        ("a.ts", "libx264"),
    ],
)
def test_every_container_gives_the_same_clip(tmp_path: Path, name: str, codec: str) -> None:
    path = make_video(tmp_path / name, COLOURS, codec=codec)

    assert letters(read_clip(path, 0.0, 4.0, 8)) == "RRGGBBWW"
    assert letters(read_clip(path, 1.0, 3.0, 4)) == "GGBB"


@pytest.mark.parametrize("suffix", [".mkv", ".mp4"])
def test_of_a_variable_frame_rate_times_count_not_frames(tmp_path: Path, suffix: str) -> None:
    shots = [(0.0, RED), (0.1, GREEN), (0.2, BLUE), (3.0, WHITE), (3.9, WHITE)]
    path = make_timed_video(tmp_path / f"a{suffix}", shots)

    assert letters(read_clip(path, 0.0, 4.0, 8)) == "BBBBBBWW"  # at 0.25, 0.75 ... 3.75
    assert letters(read_clip(path, 0.0, 0.4, 4)) == "RGBB"


@pytest.mark.parametrize("clockwise", MATRICES)
def test_a_turned_phone_video_stands_upright(tmp_path: Path, clockwise: int) -> None:
    stored = np.zeros((96, 160, 3), np.uint8)
    stored[:, :80], stored[:, 80:] = RED, BLUE
    path = turn(make_video(tmp_path / "a.mp4", [stored], 2.0), clockwise)

    clip = read_clip(path, 0.0, 2.0, 3)

    shown = np.rot90(clip, clockwise // 90, axes=(1, 2))  # back to how it is stored
    assert shown.shape == (3, 96, 160, 3)
    assert letters(shown[:, :, :72]) == "RRR"
    assert letters(shown[:, :, 88:]) == "BBB"


def test_behind_the_end_the_last_frame_is_repeated(video: Path) -> None:
    assert letters(read_clip(video, 2.0, 10.0, 8)) == "BWWWWWWW"


def test_a_file_that_is_cut_off_repeats_the_last_frame_there_is(tmp_path: Path) -> None:
    path = make_video(tmp_path / "cut.mkv", COLOURS * 4, keyframe_every=10, size=(320, 192))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    clip = read_clip(path, 0.0, 16.0, 16)

    assert len(clip) == 16
    assert letters(clip)[:4] == "RGBW"
    assert len(set(letters(clip)[8:])) == 1


@pytest.mark.parametrize(("longest", "shape"), [(160, (96, 160)), (80, (48, 80)), (60, (48, 80))])
def test_frames_are_shrunk_to_at_least_what_is_needed(
    video: Path, longest: int, shape: tuple[int, int]
) -> None:
    clip = read_clip(video, 0.0, 4.0, 4, longest_side=longest)

    assert clip.shape == (4, *shape, 3)
    assert letters(clip) == "RGBW"


def test_a_sound_has_no_clips(tmp_path: Path) -> None:
    with pytest.raises(MediaError):
        read_clip(make_audio(tmp_path / "tone.m4a"), 0, 1, 8)


def test_a_missing_file_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(MediaError):
        read_clip(tmp_path / "no.mp4", 0, 1, 8)


@pytest.mark.parametrize("wrong", [(-1.0, 1.0, 8), (2.0, 1.0, 8), (0.0, 1.0, 0)])
def test_times_that_do_not_exist_are_refused(video: Path, wrong: tuple[float, float, int]) -> None:
    with pytest.raises(ValueError, match="start"):
        read_clip(video, *wrong)


def test_a_size_that_does_not_exist_is_refused(video: Path) -> None:
    with pytest.raises(ValueError, match="longest_side"):
        read_clip(video, 0, 1, 8, longest_side=0)
