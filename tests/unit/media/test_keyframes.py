"""Frames from all over videos whose every shot is known."""

import contextlib
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.helpers.demo_collection import paint_farm
from tests.helpers.made_videos import (
    BLACK,
    BLUE,
    GREEN,
    MATRICES,
    RED,
    WHITE,
    Colour,
    make_audio,
    make_timed_video,
    make_video,
    painted,
    turn,
)
from tubeseek.cli.demo.plan import plan_videos
from tubeseek.cli.demo.render import render_video
from tubeseek.cli.demo.stamps import fetch_stamps
from tubeseek.core.errors import MediaError
from tubeseek.core.segment_plan import MOST_STILLS, STILL_SPACING_SECONDS
from tubeseek.media.keyframes import keyframes

SIZE = (160, 96)
CONTAINERS = [
    ("a.mp4", "libx264"),
    ("a.mkv", "libx264"),
    ("a.webm", "libvpx"),
    ("a.gif", "gif"),
    ("a.avi", "mpeg4"),
    ("a.mov", "mpeg4"),
    ("a.ts", "libx264"),
    ("a.mpg", "mpeg2video"),
    ("a.flv", "flv1"),
    ("a.wmv", "wmv2"),
]

Frames = list[tuple[float, NDArray[np.uint8]]]


def times(frames: Frames) -> list[float]:
    return [seconds for seconds, _ in frames]


def differs(frame: NDArray[np.uint8], picture: NDArray[np.uint8] | Colour) -> float:
    return float(np.abs(frame.astype(int) - np.asarray(picture, int)).mean())


def moving(count: int, size: tuple[int, int] = SIZE) -> list[NDArray[np.uint8]]:
    """Pictures of which each is the one before, shifted: no encoder takes them for cuts."""
    wide = painted((size[0] + 4 * count, size[1]))
    return [wide[:, 4 * n : 4 * n + size[0]] for n in range(count)]


@pytest.mark.parametrize(("name", "codec"), CONTAINERS)
def test_every_container_gives_each_shot_as_it_was_painted(
    tmp_path: Path, name: str, codec: str
) -> None:
    shots = [painted(SIZE, seed) for seed in range(4)]
    path = make_video(tmp_path / name, shots, 3.0, codec=codec, keyframe_every=30)
    frames = list(keyframes(path))
    if codec == "gif":  # has one keyframe only
        assert [int(seconds / 3.0) for seconds in times(frames)] == [0, 1, 2, 3]
    else:
        assert times(frames) == pytest.approx([0, 3, 6, 9], abs=0.2)
    for (_, frame), shot in zip(frames, shots, strict=True):
        assert frame.dtype == np.uint8
        assert frame.shape == (96, 160, 3)
        assert differs(frame, shot) < 20


def test_keyframes_that_are_too_close_are_passed_over(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", moving(100), 0.1, keyframe_every=5)
    assert times(list(keyframes(path))) == pytest.approx([0, 2, 4, 6, 8])
    assert times(list(keyframes(path, min_spacing_seconds=3.2))) == pytest.approx([0, 3.5, 7])


@pytest.mark.parametrize(("name", "codec"), CONTAINERS)
def test_with_one_keyframe_frames_come_at_the_spacing_all_the_same(
    tmp_path: Path, name: str, codec: str
) -> None:
    pictures = moving(120)
    path = make_video(tmp_path / name, pictures, 0.1, codec=codec, keyframe_every=600)
    frames = list(keyframes(path))
    gaps = [later - earlier for earlier, later in pairwise([*times(frames), 12.0])]
    assert all(2.0 - 0.011 <= gap <= 4.0 for gap in gaps), gaps
    for seconds, frame in frames:
        assert differs(frame, pictures[round(seconds * 10)]) < 25


def test_more_packets_than_are_in_memory_at_once(tmp_path: Path) -> None:
    """A minute of 50 frames a second behind one keyframe: 3,000 packets."""
    shades = [(level, 255 - level, 128) for level in range(20, 240, 11)]
    path = make_video(tmp_path / "a.mp4", shades, 3.0, (32, 32), 50, "mpeg4", keyframe_every=9999)
    frames = list(keyframes(path))
    gaps = [later - earlier for earlier, later in pairwise([*times(frames), 60.0])]
    assert all(2.0 <= gap <= 6.0 for gap in gaps), gaps
    for seconds, frame in frames:
        assert differs(frame, shades[int(seconds / 3.0)]) < 10


@pytest.mark.parametrize("most", [1, 2, 7])
def test_never_more_than_requested_and_from_all_over(tmp_path: Path, most: int) -> None:
    path = make_video(tmp_path / "a.mp4", moving(200), 0.1, keyframe_every=10)
    frames = list(keyframes(path, most=most))
    assert 1 <= len(frames) <= most
    spacing = 20 / most
    assert all(b - a >= spacing for a, b in pairwise(times(frames)))
    assert times(frames)[-1] >= 20 - 2 * spacing - 1


def test_what_stands_still_is_shown_once(tmp_path: Path) -> None:
    first, second = painted(SIZE, 1), painted(SIZE, 2)
    path = make_video(tmp_path / "a.mp4", [first, first, second, first], 4.0, keyframe_every=20)
    assert times(list(keyframes(path))) == pytest.approx([0, 8, 12])


def test_colours_of_one_lightness_are_two_pictures(tmp_path: Path) -> None:
    red, green = (200, 0, 0), (0, 102, 0)  # luma 59.8 and 59.9 (BT.601)
    path = make_video(tmp_path / "a.mp4", [red, green], 3.0, keyframe_every=30)
    assert times(list(keyframes(path))) == pytest.approx([0, 3])


def test_a_small_thing_that_enters_gives_a_frame(tmp_path: Path) -> None:
    empty = np.full((96, 160, 3), 120, np.uint8)
    entered = empty.copy()
    entered[40:56, 70:80] = RED  # one hundredth of the picture
    path = make_video(tmp_path / "a.mp4", [empty, entered], 3.0, keyframe_every=30)
    assert times(list(keyframes(path))) == pytest.approx([0, 3])


def test_black_and_white_frames_are_left_out(tmp_path: Path) -> None:
    shots = [BLACK, RED, WHITE, GREEN, BLACK]
    path = make_video(tmp_path / "a.mp4", shots, 3.0, keyframe_every=30)
    frames = list(keyframes(path))
    assert times(frames) == pytest.approx([3, 9])
    assert differs(frames[0][1], RED) < 6


def test_a_shot_that_fades_in_gives_a_later_frame(tmp_path: Path) -> None:
    shot = (painted(SIZE, 2) * 0.8).astype(np.uint8)
    coming = [(shot * (n / 30)).astype(np.uint8) for n in range(30)]
    pictures = [np.zeros_like(shot)] * 40 + coming + [shot] * 10
    path = make_video(tmp_path / "a.mp4", pictures, 0.1, keyframe_every=40)
    [(seconds, frame)] = keyframes(path)
    # The keyframes are at 0 and at 4, both black; the end is at 8, two seconds before it is 6.
    assert seconds == pytest.approx(5, abs=0.2)
    assert differs(frame, coming[round((seconds - 4) * 10)]) < 10


def test_a_video_of_nothing_but_black_has_none(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", [BLACK], 5.0)
    assert list(keyframes(path)) == []


def test_variable_frame_rate(tmp_path: Path) -> None:
    shots = [(0.0, RED), (0.1, GREEN), (7.0, BLUE), (7.05, WHITE), (12.0, RED), (30.0, GREEN)]
    path = make_timed_video(tmp_path / "a.mkv", shots)
    frames = list(keyframes(path))
    assert set(np.round(times(frames), 2)) <= {seconds for seconds, _ in shots}
    colours = dict(shots)
    for seconds, frame in frames:
        assert differs(frame, colours[round(seconds, 2)]) < 8
    assert {0.0, 7.0, 12.0} <= set(np.round(times(frames), 2))


def test_frames_are_shrunk_and_keep_their_shape(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", [painted((640, 360))], size=(640, 360))
    [(_, frame)] = keyframes(path)
    assert frame.shape == (180, 320, 3)
    area_means = painted((640, 360)).reshape(180, 2, 320, 2, 3).mean((1, 3))
    assert differs(frame, area_means) < 12
    [(_, frame)] = keyframes(path, longest_side=100)
    assert frame.shape == (56, 100, 3)


@pytest.mark.parametrize("clockwise", MATRICES)
def test_a_turned_phone_video_stands_upright(tmp_path: Path, clockwise: int) -> None:
    stored = np.zeros((96, 160, 3), np.uint8)
    stored[:, :80], stored[:, 80:] = RED, BLUE
    path = turn(make_video(tmp_path / "a.mp4", [stored]), clockwise)
    [(_, frame)] = keyframes(path, longest_side=80)
    shown = np.rot90(frame, clockwise // 90)  # back, anticlockwise, to how it is stored
    assert shown.shape == (48, 80, 3)
    assert differs(shown[:, :36], RED) < 12
    assert differs(shown[:, 44:], BLUE) < 12


@pytest.mark.slow
def test_each_shot_of_the_demo_gives_a_frame_where_it_begins(tmp_path: Path) -> None:
    root = paint_farm(tmp_path / "stamps")
    [plan] = plan_videos(fetch_stamps(root, root), 1)
    path = tmp_path / "a.mp4"
    render_video(plan, path)
    seconds = np.array(times(list(keyframes(path))))
    for shot in plan.shots:
        assert np.abs(seconds - shot.start).min() < 0.01


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4", "a.ts", "a.avi"])
def test_of_half_a_file_there_is_half(tmp_path: Path, name: str) -> None:
    codec = "mpeg4" if name.endswith("avi") else "libx264"
    options = {"movflags": "faststart"} if name.endswith("mp4") else None
    pictures = [painted(SIZE, seed) for seed in range(20)]
    path = make_video(tmp_path / name, pictures, codec=codec, keyframe_every=10, options=options)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    frames = list(keyframes(path))
    assert times(frames)[:3] == pytest.approx([0, 2, 4], abs=0.2)
    assert 6 <= times(frames)[-1] < 13


def test_a_recording_that_was_never_finished(tmp_path: Path) -> None:
    path = make_video(
        tmp_path / "a.webm",
        moving(100),
        0.1,
        codec="libvpx",
        keyframe_every=10,
        options={"live": "1"},
    )
    with av.open(str(path)) as container:
        assert container.duration is None
    assert times(list(keyframes(path))) == pytest.approx([0, 2, 4, 6, 8])
    assert times(list(keyframes(path, most=2))) == pytest.approx([0, 5])


@pytest.mark.parametrize("content", [b"", b"to be or not to be\n" * 50, bytes(5000)])
def test_what_is_no_video_is_one_message(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], content: bytes
) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    with pytest.raises(MediaError, match=r"a\.mp4"):
        list(keyframes(path))
    assert capfd.readouterr().err == ""


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(MediaError):
        list(keyframes(make_audio(tmp_path / "a.mp4")))


def test_a_video_without_one_whole_frame_says_so(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", [painted(SIZE)], 5.0, options={"movflags": "faststart"})
    data = bytearray(path.read_bytes())
    pictures = data.index(b"mdat") + 4
    data[pictures:] = b"\x00" * (len(data) - pictures)
    path.write_bytes(data)
    with pytest.raises(MediaError):
        list(keyframes(path))


def test_a_generator_that_is_left_closes_its_file(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", moving(50), 0.1)
    frames = keyframes(path)
    next(frames)
    assert str(path) in {opened.path for opened in psutil.Process().open_files()}
    frames.close()  # type: ignore[attr-defined]
    assert str(path) not in {opened.path for opened in psutil.Process().open_files()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    return {
        name: make_video(
            folder / name, moving(60), 0.1, codec=codec, keyframe_every=25
        ).read_bytes()
        for name, codec in CONTAINERS
    }


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.sampled_from([name for name, _ in CONTAINERS]),
    damage=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=30),
    cut=st.floats(0, 1),
)
def test_damage_is_an_error_or_fewer_frames(
    whole: dict[str, bytes], tmp_path: Path, name: str, damage: list[tuple[float, int]], cut: float
) -> None:
    data = bytearray(whole[name])
    for place, value in damage:
        data[int(place * (len(data) - 1))] = value
    path = tmp_path / name
    path.write_bytes(data[: int(len(data) * cut)] if cut > 0.5 else data)
    frames = []
    with contextlib.suppress(MediaError):
        frames = list(keyframes(path))
    assert len(frames) <= MOST_STILLS
    assert all(frame.ndim == 3 and max(frame.shape) <= 320 for _, frame in frames)
    assert all(b - a > STILL_SPACING_SECONDS - 1e-6 for a, b in pairwise(times(frames)))


@pytest.mark.slow
def test_the_real_clips(shared_data: Path) -> None:
    paths = sorted((shared_data / "clips" / "videos").iterdir())
    assert len(paths) == 29
    for path in paths:
        frames = list(keyframes(path))
        assert 1 <= len(frames) <= MOST_STILLS, path
        assert all(b - a > STILL_SPACING_SECONDS - 1e-6 for a, b in pairwise(times(frames))), path
